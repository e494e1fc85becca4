"""What a base holds elsewhere than a comparison looks for it: most of it missed there would pass as new."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import PurePosixPath

from servanda.errors import InterfaceError
from servanda.escaping.shell import shell_line
from servanda.interfaces.inputs.git import left_out_of_checkout
from servanda.interfaces.protobuf.inputs.workspace import Origin, Workspace
from servanda.interfaces.trees import FolderTree

_PACKAGE = re.compile(rb"^[^\S\n]*package\s+([\w.]+)\s*;", re.MULTILINE)
_SUBMODULE = re.compile(r"^[^\S\n]*path[^\S\n]*=([^\n]*)$", re.MULTILINE)
# Files of the base of which the package is looked at.
_MOST_READ = 200


def require_found(current: Workspace, base: Workspace, text: str) -> None:
    """Refuse a base that holds most of the present files elsewhere than they are looked for.

    Args:
        current: The present state.
        base: What it is compared with.
        text: The input that the present state was opened from.

    Raises:
        InterfaceError: It does; the error says where they are.
    """
    if current.origin is None or base.origin is None:
        return
    present = current.state.files
    missing = [path for path in present if path not in base.state.files and path not in base.state.imports]
    if len(missing) * 2 <= len(present):
        return
    search = _Search(current.origin, base.origin)
    left_out = {path: place for path in missing if (place := search.left_out(path)) is not None}
    moved = {path: place for path in missing if path not in left_out and (place := search.moved(path)) is not None}
    if (len(left_out) + len(moved)) * 2 <= len(present):
        return
    count = f"{len(left_out) + len(moved)} of {len(present)} proto files of '{text}'"
    if len(left_out) >= len(moved):
        place = next(iter(left_out.values()))
        raise InterfaceError(
            f"what became of {count} cannot be told: the base holds them, but they belong to none of its modules, "
            f"such as '{place}'",
            where=base.name,
            hint="its buf.yaml leaves them out: compare with a state of which the buf.yaml names them in 'modules', "
            "and neither in 'excludes' nor outside of 'includes'",
        )
    path, place = next(iter(moved.items()))
    folder = _folder(moved.items())
    raise InterfaceError(
        f"what became of {count} cannot be told: the base has them elsewhere, such as '{place}' for '{path}'",
        where=base.name,
        hint=f"compare with that folder: --against {shell_line([_with_subdir(base.name, folder)])}",
    )


def require_checked_out(current: Workspace, base: Workspace) -> None:
    """Refuse a working tree from which a sparse checkout keeps files away that the base has.

    Raises:
        InterfaceError: It does: they would look like deleted ones.
        ProcessError: git does not read the repository.
    """
    lost = [path for path in base.state.files if path not in current.state.files]
    if not lost or base.origin is None or current.origin is None:
        return
    tree = current.origin.sources.tree
    if not isinstance(tree, FolderTree):
        return
    left_out = left_out_of_checkout(tree.root)
    for path in lost:
        place = base.origin.sources.places[path]
        if place in left_out:
            raise InterfaceError(
                "the base has this file, and the sparse checkout leaves it out of the working tree: whether it is "
                "deleted cannot be told",
                where=tree.place(place),
                hint="'git sparse-checkout add' its folder, or 'git sparse-checkout disable'",
            )


def not_checked_out(current: Workspace) -> Iterator[str]:
    """Yield a sentence about each submodule among the modules of which the files are not here."""
    if current.origin is None or not isinstance(tree := current.origin.sources.tree, FolderTree):
        return
    listed = (tree.read(".gitmodules") or b"").decode(errors="replace")
    for path in (found[1].strip() for found in _SUBMODULE.finditer(listed)):
        is_meant = any(PurePosixPath(path).is_relative_to(root) for root in current.origin.sources.roots)
        if is_meant and tree.has_folder(path) and not (tree.root / path / ".git").exists():
            yield f"the submodule '{path}' is not checked out: proto files in it are not compared"


def apart(current: Workspace, base: Workspace) -> str | None:
    """Return a sentence about two states that have no file in common, although the names of some end alike."""
    before, after = base.state.files, current.state.files
    if not before or not after or before.keys() & after.keys():
        return None
    for path in after:
        longer = next((each for each in before if each.endswith(f"/{path}") or path.endswith(f"/{each}")), None)
        if longer is not None:
            return (
                f"{base.name} has no file in common with what is examined: '{longer}' there may be '{path}' here; "
                "imports begin at another folder, or the base is another one ('subdir', 'strip_components')"
            )
    return None


class _Search:
    """The files that a base holds besides those of its modules."""

    def __init__(self, current: Origin, base: Origin) -> None:
        self._current, self._base = current, base
        counted = set(base.sources.places.values())
        stored = base.sources.tree.stored(base.around)
        self._others = {place: digest for place, digest in stored.items() if place not in counted}

    def left_out(self, path: str) -> str | None:
        """Return the place of a present file in the base, if that is the same and only belongs to no module there."""
        place = PurePosixPath(self._current.sources.places[path])
        if not place.is_relative_to(self._current.folder):
            return None
        expected = (PurePosixPath(self._base.folder) / place.relative_to(self._current.folder)).as_posix()
        return expected if expected in self._others else None

    def moved(self, path: str) -> str | None:
        """Return where the base has a present file that has moved since: by its name, its content or its package."""
        ending, digest = f"/{path}".casefold(), self._current.sources.digests[path]
        for place, other in self._gone.items():
            if f"/{place}".casefold().endswith(ending) or other == digest:
                return place
        package = _package(self._current.sources.content(path))
        return self._packages.get(package) if package else None

    @cached_property
    def _gone(self) -> Mapping[str, str]:
        """Digests of what the present state has no more, by place."""
        tree = self._current.sources.tree
        return {place: digest for place, digest in self._others.items() if not tree.holds(place)}

    @cached_property
    def _packages(self) -> Mapping[bytes, str]:
        places = islice(self._gone, _MOST_READ)
        return {_package(self._base.sources.tree.read(place)): place for place in places}


def _package(content: bytes | None) -> bytes:
    found = _PACKAGE.search(content or b"")
    return found[1] if found is not None else b""


def _folder(moved: Iterable[tuple[str, str]]) -> str:
    """Return the folder that most of these files, with their places in the base, begin at there."""
    begun = Counter(_beginning(path, place) for path, place in moved)
    return begun.most_common(1)[0][0]


def _beginning(path: str, place: str) -> str:
    if f"/{place}".casefold().endswith(f"/{path}".casefold()):
        return place[: -len(path)].rstrip("/") or "."
    return PurePosixPath(place).parent.as_posix()


def _with_subdir(text: str, folder: str) -> str:
    location, _, tail = text.partition("#")
    options = [option for option in tail.split(",") if option and not option.startswith("subdir=")]
    return f"{location}#{','.join([*options, f'subdir={folder}'])}"
