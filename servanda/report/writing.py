"""Writing the files of a report, never through a link that the examined tree brought."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from servanda.documents import Boundary, make_generated_folder
from servanda.errors import ConfigurationError

_OF_GIT = ".git"


def write_texts(folder: Path, texts: Mapping[str, str]) -> tuple[Path, ...]:
    """Write texts by name of file into a folder. Links of these names are replaced, not followed.

    A folder that is not there is made, and git ignores it.

    Raises:
        ConfigurationError: The folder leads out of the repository that it seems to lie in, or cannot be written to.
    """
    _require_inside(folder)
    try:
        if not folder.exists():
            make_generated_folder(folder, Boundary.around(folder.parent, ConfigurationError))
        for name, text in texts.items():
            path = folder / name
            if path.is_symlink():
                path.unlink()
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"the report cannot be written: {error.strerror}", where=str(folder)) from error
    return tuple(folder / name for name in texts)


def remove_texts(folder: Path, names: Iterable[str]) -> None:
    """Remove the files of an earlier report: a run that cannot tell must not leave one that says something else.

    The tree itself may bring such files, and whoever shows a report takes what lies there.

    Raises:
        ConfigurationError: The folder leads out of the repository that it seems to lie in, or cannot be written to.
    """
    _require_inside(folder)
    try:
        for name in names:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        what = f"an earlier report cannot be removed: {error.strerror}"
        raise ConfigurationError(what, where=str(folder / name)) from error


def _require_inside(folder: Path) -> None:
    # By the path as it is written: what a link leads to is what is in doubt.
    written = Path(os.path.abspath(folder))  # noqa: PTH100 - Path.resolve() would follow links
    top = next((each for each in (written, *written.parents) if (each / _OF_GIT).exists()), None)
    if top is None:
        return
    reached, real_top = folder.resolve(), top.resolve()
    if not reached.is_relative_to(real_top) or _OF_GIT in reached.relative_to(real_top).parts:
        what = f"the report cannot be written: the folder is a link to '{reached}', outside of the repository"
        raise ConfigurationError(what, where=str(folder), hint="remove the link, or name another folder")
