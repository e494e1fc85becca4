"""Which states the interfaces are compared with."""

from __future__ import annotations

import os
from pathlib import Path

from servanda.configuration import Configuration
from servanda.errors import InterfaceError
from servanda.interfaces.inputs.git import merge_base
from servanda.interfaces.protobuf.releases import images, newest

RELEASED = "released"


def default_base(configuration: Configuration | None, folder: Path) -> str | None:
    """The input to compare with if nobody names one: the newest release, else where the branch left the main one.

    Args:
        configuration: Says where released images are, if anybody does.
        folder: What the answer is relative to.

    Returns:
        ``None`` if nothing was released and the folder does not lie in a git repository.

    Raises:
        InterfaceError: There is a git repository, but it does not know where the branch began.
    """
    latest = newest(configuration.interfaces.releases) if configuration is not None else None
    return _from(folder, latest) if latest is not None else merge_base(folder)


def released_bases(configuration: Configuration, folder: Path) -> tuple[str, ...]:
    """All releases as inputs relative to a folder, the oldest first.

    Raises:
        InterfaceError: Nothing was released yet.
    """
    found = tuple(_from(folder, path) for path in images(configuration.interfaces.releases))
    if not found:
        raise InterfaceError(
            "nothing was released yet",
            where=str(configuration.interfaces.releases),
            hint="'servanda release VERSION' keeps the present interfaces",
        )
    return found


def _from(folder: Path, path: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()
