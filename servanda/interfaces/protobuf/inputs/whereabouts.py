"""Files of a base in other places than those of the present state: taken for new, they would pass unexamined."""

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


def require_found(current: Workspace, base: Workspace, text: str) -> str | None:
    """Refuse a base that holds half of the present files or more elsewhere than they are looked for.

    Args:
        current: The present state.
        base: What it is compared with.
        text: The input that the present state was opened from.

    Returns:
        A sentence about fewer files of that kind; ``None`` if there are none.

    Raises:
        InterfaceError: There are as many; the error says where they are.
    """
    if base.origin is None:
        return None
    present = current.state.files
    missing = [path for path in present if path not in base.state.files and path not in base.state.imports]
    if not missing:
        return None
    search = _Search(current.origin, base.origin)
    left_out = {path: place for path in missing if (place := search.left_out(path)) is not None}
    others = [path for path in missing if path not in left_out]
    moved = {path: place for path in others if (place := search.moved(path)) is not None}
    if len(missing) * 2 >= len(present):
        moved |= {path: place for path in others if path not in moved and (place := search.renamed(path)) is not None}
    found = len(left_out) + len(moved)
    if not found:
        return None
    holds = f"the base holds {found} of the {len(present)} proto files of '{text}'"
    if len(left_out) >= len(moved):
        what = f"{holds} outside of the modules in its buf.yaml: for example '{next(iter(left_out.values()))}'"
        hint = "compare with a base whose buf.yaml has them in 'modules' or 'includes' and not in 'excludes'"
    else:
        path, place = next(iter(moved.items()))
        what = f"{holds} in another folder: for example '{place}' instead of '{current.shown(path)}'"
        hint = f"compare with that folder: --against {shell_line([_with_subdir(base.name, _folder(moved.items()))])}"
    if found * 2 >= len(present):
        raise InterfaceError(what, where=base.name, hint=hint)
    return f"{what}; they are not compared"


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
                "the base contains this file, and the sparse checkout omits it: cannot tell whether it was deleted",
                where=tree.place(place),
                hint="add its folder with 'git sparse-checkout add', or run 'git sparse-checkout disable'",
            )


def not_checked_out(current: Workspace) -> Iterator[str]:
    """Yield a sentence about each submodule among the modules of which the files are not here."""
    if current.origin is None or not isinstance(tree := current.origin.sources.tree, FolderTree):
        return
    listed = (tree.read(".gitmodules") or b"").decode(errors="replace")
    for path in (found[1].strip() for found in _SUBMODULE.finditer(listed)):
        is_meant = any(PurePosixPath(path).is_relative_to(root) for root in current.origin.sources.roots)
        is_meant &= ".." not in PurePosixPath(path).parts
        if is_meant and tree.has_folder(path) and not (tree.root / path / ".git").exists():
            yield f"submodule '{path}' is not checked out; its proto files are not compared"


def apart(current: Workspace, base: Workspace) -> str | None:
    """Return a sentence about two states that have no file in common, although the names of some end alike."""
    before, after = base.state.files, current.state.files
    if before.keys() & after.keys():
        return None
    pairs = [(place, part) for place in before for part in _endings(place) if part in after]
    pairs += [(part, path) for path in after for part in _endings(path) if part in before]
    if not pairs:
        return None
    return (
        f"{base.name} and the input have no file in common: '{pairs[0][0]}' there may be '{pairs[0][1]}' here; "
        "check the folders, 'subdir' and 'strip_components'"
    )


class _Search:
    """The files that a base holds besides those of its modules.

    Args:
        current: The present source files; ``None`` of an image, which says nothing about what became of other files.
        base: The source files of the base.
    """

    def __init__(self, current: Origin | None, base: Origin) -> None:
        self._current, self._base = current, base
        self._others = base.sources.tree.stored(base.around, set(base.sources.places.values()))

    def left_out(self, path: str) -> str | None:
        """Return the place of a present file in the base, if that is the same and only belongs to no module there."""
        if self._current is None:
            return None
        place = PurePosixPath(self._current.sources.places[path])
        if not place.is_relative_to(self._current.folder):
            return None
        expected = (PurePosixPath(self._base.folder) / place.relative_to(self._current.folder)).as_posix()
        return expected if expected in self._others else None

    def moved(self, path: str) -> str | None:
        """Return where the base has a present file that has moved since, by its name or its content."""
        named = self._by_ending.get(path.casefold(), ())
        alike = self._by_digest.get(self._current.sources.digests[path], ()) if self._current is not None else ()
        return next((place for place in (*named, *alike) if self._is_gone(place)), None)

    def renamed(self, path: str) -> str | None:
        """Return where the base has a file of the same package that is gone since."""
        package = _package(self._current.sources.content(path)) if self._current is not None else b""
        return self._gone_packages.get(package) if package else None

    def _is_gone(self, place: str) -> bool:
        return self._current is None or not self._current.sources.tree.holds(place)

    @cached_property
    def _by_ending(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for place in self._others:
            for ending in (place, *_endings(place)):
                found.setdefault(ending.casefold(), []).append(place)
        return found

    @cached_property
    def _by_digest(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for place, digest in self._others.items():
            found.setdefault(digest, []).append(place)
        return found

    @cached_property
    def _gone_packages(self) -> Mapping[bytes, str]:
        gone = islice(filter(self._is_gone, self._others), _MOST_READ)
        return {_package(self._base.sources.tree.read(place)): place for place in gone}


def _endings(path: str) -> Iterator[str]:
    """Yield the shorter paths that a path ends with."""
    parts = path.split("/")
    return ("/".join(parts[begin:]) for begin in range(1, len(parts)))


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
