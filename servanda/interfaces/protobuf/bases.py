"""Which states the interfaces are compared with."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from servanda.configuration import CONFIGURATION_FILES, Configuration, parse_configuration
from servanda.errors import ConfigurationError, InterfaceError, ProcessError
from servanda.interfaces.inputs.git import branching_point, merge_base
from servanda.interfaces.protobuf.releases import images
from servanda.interfaces.trees import CommitTree

RELEASED = "released"


def default_base(
    configuration: Configuration | None, folder: Path, notice: Callable[[str], None] = lambda _: None
) -> str | None:
    """Return the input to compare with if nobody names one: the newest release, else where the branch began.

    Args:
        configuration: Says where released images are, if anybody does.
        folder: What the answer is relative to.
        notice: Told which images are not believed.

    Returns:
        ``None`` if nothing was released and the folder does not lie in a git repository.

    Raises:
        InterfaceError: There is a git repository, but it does not know where the branch began.
    """
    believed = _believed(configuration, notice) if configuration is not None else ()
    return _from(folder, believed[-1]) if believed else merge_base(folder)


def released_bases(
    configuration: Configuration, folder: Path, notice: Callable[[str], None] = lambda _: None
) -> tuple[str, ...]:
    """Return all releases as inputs relative to a folder, the oldest first.

    Raises:
        InterfaceError: Nothing was released yet, or nobody knows where the branch began.
    """
    found = tuple(_from(folder, path) for path in _believed(configuration, notice))
    if not found:
        raise InterfaceError(
            "nothing was released yet",
            where=str(configuration.interfaces.releases),
            hint="'servanda release VERSION' keeps the present interfaces; a commit of the main branch has to hold it",
        )
    return found


def _believed(configuration: Configuration, notice: Callable[[str], None]) -> tuple[Path, ...]:
    """Return the released images that the branch began with: one that a change brings would be its own measure."""
    found = images(configuration.interfaces.releases)
    began = branching_point(configuration.root) if found else None
    if began is None:
        return found
    repository, commit = began
    tree, top = CommitTree(repository, commit), repository.top.resolve()
    believed = []
    for path in found:
        inside = path.resolve().relative_to(top).as_posix() if path.resolve().is_relative_to(top) else ""
        if inside and tree.read(inside) == path.read_bytes():
            believed.append(path)
        else:
            notice(f"not compared with {path.name}: it is not in the commit at which this branch began")
    return tuple(believed)


def base_configuration(configuration: Configuration) -> Configuration | None:
    """Return what the configuration says in the state that the present branch began from.

    A change cannot give itself a permission: it is asked for here, not in the files of the change.

    Returns:
        ``None`` if there is none, if it cannot be read, or if nobody knows where the branch began.
    """
    try:
        found = branching_point(configuration.root)
        if found is None:
            return None
        repository, commit = found
        tree, folder = CommitTree(repository, commit), configuration.root.relative_to(repository.top)
        for name in CONFIGURATION_FILES:
            content = tree.read((folder / name).as_posix())
            if content is not None:
                return parse_configuration(content, configuration.root / name)
    except (ConfigurationError, InterfaceError, ProcessError):
        return None
    return None


def _from(folder: Path, path: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()
