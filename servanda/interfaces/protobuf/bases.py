"""Base states of a comparison."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from servanda.configuration import CONFIGURATION_FILES, Configuration, earlier_configuration, parse_configuration
from servanda.errors import ConfigurationError, InterfaceError, ProcessError
from servanda.interfaces.inputs.git import branching_point, merge_base
from servanda.interfaces.protobuf.releases import images, in_order
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
    found = tuple(_from(folder, path) for path in _believed(configuration, notice, all_of_them=True))
    if not found:
        raise InterfaceError(
            "nothing released yet",
            where=str(configuration.interfaces.releases),
            hint="'servanda release VERSION' keeps the present interfaces; a commit of the main branch has to hold it",
        )
    return found


def is_released(configuration: Configuration) -> bool:
    """Tell whether there is a release to compare with."""
    return bool(_believed(configuration, lambda _: None))


def _believed(
    configuration: Configuration, notice: Callable[[str], None], *, all_of_them: bool = False
) -> tuple[Path, ...]:
    """Return the released images that the branch began with: one that a change brings would be its own measure.

    Raises:
        InterfaceError: The newest one, or any if all are wanted, is gone or is another one now.
    """
    found = images(configuration.interfaces.releases)
    began = branching_point(configuration.root)
    if began is None:
        return found
    released = _released(CommitTree(*began), began[0].top, configuration)
    believed = tuple(path for path in found if released.get(path.name) == path.read_bytes())
    wanted = in_order(released) if all_of_them else in_order(released)[-1:]
    for name in wanted:
        if not any(path.name == name for path in believed):
            what = f"the release {name} is gone or was changed since the commit at which this branch began"
            hint = "put it back: a release never changes; and let servanda.toml name the folder that holds it"
            raise InterfaceError(what, where=str(configuration.interfaces.releases), hint=hint)
    for path in found:
        if path not in believed:
            notice(f"not compared with {path.name}: it is not in the commit at which this branch began")
    return believed


def _released(tree: CommitTree, top: Path, configuration: Configuration) -> Mapping[str, bytes]:
    """Return the images that a commit holds, by name of file; of the folder that it was configured with then."""
    root = configuration.root

    def content(path: Path) -> bytes | None:
        return tree.read(path.relative_to(top).as_posix())

    folders = [folder for folder in (root, *root.parents) if folder.is_relative_to(top)]
    try:
        before = earlier_configuration(content, folders, configuration.file.name if configuration.file else None)
    except ConfigurationError:
        before = None
    found: dict[str, bytes] = {}
    for each in (configuration, before):
        if each is None or not each.interfaces.releases.is_relative_to(top):
            continue
        folder = each.interfaces.releases.relative_to(top)
        contents = ((name, tree.read((folder / name).as_posix())) for name in tree.files_in(folder.as_posix()))
        found.update({name: content for name, content in contents if content is not None})
    return found


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
