"""Symbolic links of a tree that lies in no file system: a commit's, or an archive's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from servanda.errors import InterfaceError

# As the kernel does it: path_resolution(7).
_MOST_LINKS = 40
MOST_FOLDERS = 10_000
"""Folders that links may add to a tree: two links to each other's neighbours double them with every level."""


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """Parts of a tree that a walk below a folder leaves out: links in some folders, and folders of some names."""

    folder: str
    folders: frozenset[str]
    names: frozenset[str]

    def excludes(self, link: str) -> bool:
        return any(lies_in(link, folder) for folder in self.folders)

    def skips(self, path: str) -> bool:
        inner = path if self.folder == "." else path.removeprefix(self.folder)
        return bool(self.names) and not self.names.isdisjoint(inner.split("/"))


@dataclass(slots=True)
class LinkedPaths:
    """The paths of a tree with its links.

    Attributes:
        name: What to call the tree in messages.
        files: Paths of the files.
        links: Target of each link by its path, as it is written.
    """

    name: str
    files: Collection[str]
    links: Mapping[str, str]
    _entered: int = field(default=0, init=False)

    def follow(self, path: str) -> str:
        """Return a path with all links in it followed.

        Raises:
            InterfaceError: A link leads out of the tree, or links lead in a circle.
        """
        waiting, done, link, count = path.split("/")[::-1], list[str](), "", 0
        while waiting:
            part = waiting.pop()
            if part in ("", "."):
                continue
            if part == "..":
                if not done:
                    raise self._leads_out(link, path)
                done.pop()
                continue
            done.append(part)
            target = self.links.get("/".join(done))
            if target is None:
                continue
            link, count = "/".join(done), count + 1
            if target.startswith("/"):
                raise self._leads_out(link, path)
            if count > _MOST_LINKS:
                raise InterfaceError("its symbolic links form a loop", where=path)
            done.pop()
            waiting += target.split("/")[::-1]
        return "/".join(done) or "."

    def has_folder(self, folder: str) -> bool:
        """Return whether a file or a link lies in a folder."""
        return self._is_folder(self.follow(folder))

    def protos(
        self, folder: str, excludes: Collection[str], skipped: Collection[str] = ()
    ) -> Iterator[tuple[str, str]]:
        """Return the paths of all proto files below a folder, each with where its links lead.

        Args:
            folder: The folder.
            excludes: Folders in which links are not followed.
            skipped: Names of folders that are not entered, wherever below the folder they lie.

        Raises:
            InterfaceError: A link leads out of the tree, in a circle or, if it is named as a proto file, nowhere.
        """
        self._entered = 0
        real = self.follow(folder)
        shown = PurePosixPath(folder).as_posix()
        left_out = _LeftOut(shown, frozenset(excludes), frozenset(skipped))
        return self._below(real, shown, left_out, ())

    def _below(self, real: str, shown: str, left_out: _LeftOut, around: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        for path in self.files:
            if is_proto(path) and lies_in(path, real):
                name = _moved(path, real, shown)
                if not left_out.skips(name.rpartition("/")[0]):
                    yield name, path
        for link in self.links:
            if lies_in(link, real):
                name = _moved(link, real, shown)
                if not left_out.excludes(name) and not left_out.skips(name):
                    yield from self._behind(link, name, left_out, around)

    def _behind(self, link: str, name: str, left_out: _LeftOut, around: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        try:
            target = self.follow(link)
        except InterfaceError:
            if PurePosixPath(link).suffix in ("", ".proto"):
                raise
            # Named like a file that is no proto file; whoever has the tree in folders knows whether it is one.
            return
        if self._is_folder(target):
            folders = (*around, PurePosixPath(link).parent.as_posix())
            self._entered += 1
            if any(lies_in(folder, target) for folder in folders) or self._entered > MOST_FOLDERS:
                raise InterfaceError("its symbolic links form a loop", where=name)
            yield from self._below(target, name, left_out, folders)
        elif is_proto(link):
            if target not in self.files:
                raise InterfaceError(
                    f"the symbolic link points to '{self.links[link]}', which does not exist", where=name
                )
            yield name, target

    def _is_folder(self, path: str) -> bool:
        return any(lies_in(each, path) and each != path for each in (*self.files, *self.links))

    def _leads_out(self, link: str, path: str) -> InterfaceError:
        via = f"the symbolic link '{link}' points to '{self.links[link]}'" if link else "it points"
        hint = "replace the link by the file"
        return InterfaceError(f"{via}, outside of the tree '{self.name}'", where=path, hint=hint)


def is_proto(path: str) -> bool:
    """Tell whether a path is named as a proto file."""
    return path.endswith(".proto")


def lies_in(path: str, folder: str) -> bool:
    """Tell whether a path is a folder, or lies below it; everything lies in ``.``."""
    return folder in (".", path) or path.startswith(f"{folder}/")


def _moved(path: str, real: str, shown: str) -> str:
    inner = path if real == "." else path.removeprefix(f"{real}/")
    return inner if shown == "." else f"{shown}/{inner}"
