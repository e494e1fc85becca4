"""Source files in a folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from servanda.documents import Boundary, DocumentLimits, read_bytes
from servanda.errors import InterfaceError
from servanda.interfaces.storage import Storage
from servanda.interfaces.trees.foreign import ForeignFolders
from servanda.interfaces.trees.links import MOST_FOLDERS, is_proto
from servanda.interfaces.trees.stamps import Stamps
from servanda.interfaces.trees.tree import digest


class FolderTree:
    """The tree below a folder.

    Args:
        root: Its root.
        shown_from: Folder from which paths are shown.
        limits: How large a file may be.
    """

    def __init__(self, root: Path, shown_from: Path, limits: DocumentLimits | None = None) -> None:
        self.root = root
        self.name = str(root)
        self._shown_from = shown_from
        self._boundary = Boundary.around(root, InterfaceError)
        self._size = (limits or DocumentLimits()).size
        self._listed: dict[str, str] = {}
        self._is_plain = True

    def protos(
        self, folder: str, storage: Storage, excludes: Collection[str] = (), skipped: Collection[str] = ()
    ) -> Mapping[str, str]:
        """Digests of all proto files below a folder; what git keeps for itself apart."""
        start = self._boundary.inside(self.root / folder, self.place(folder))
        stamps = Stamps(storage, self.root / folder, size=self._size)
        prefix = "" if folder in ("", ".") else f"{PurePosixPath(folder).as_posix()}/"
        # A buf.yaml says itself what belongs to it; without one, nothing is skipped either.
        foreign = ForeignFolders(self.root / folder) if skipped else None
        walk = _Walk(self._boundary, {self.root / each for each in excludes}, self._shown_from, skipped, foreign)
        found: dict[str, str] = {}
        for path, place in walk.protos(os.fspath(self.root / folder), start):
            found[f"{prefix}{path}"] = stamps.digest(path, _status(place), place)
            self._listed[f"{prefix}{path}"] = place
        stamps.keep()
        self._is_plain &= walk.is_plain
        return found

    def stored(self, folder: str, known: Container[str] = ()) -> Mapping[str, str]:
        """Digests of the files themselves; of the file system."""
        found: dict[str, str] = {}
        for around, folders, names in os.walk(self._boundary.inside(self.root / folder, self.place(folder))):
            folders[:] = sorted(name for name in folders if name != ".git")
            for path in (Path(around, name) for name in sorted(names) if is_proto(name)):
                inside = path.relative_to(self.root).as_posix()
                if inside not in known and path.is_file() and not path.is_symlink():
                    found[inside] = digest(read_bytes(path, self.place(inside), self._size, InterfaceError))
        return found

    def holds(self, path: str) -> bool:
        """Tell whether a file lies at this path, without a link on the way from the root."""
        file = self.root / path
        return file.is_file() and Path(os.path.realpath(file)) == Path(os.path.realpath(self.root), path)

    def has_folder(self, folder: str) -> bool:
        """Tell whether there is such a folder."""
        return self._boundary.inside(self.root / folder, self.place(folder)).is_dir()

    def read(self, path: str) -> bytes | None:
        """Return the content of a file."""
        file, shown = self.root / path, self.place(path)
        found = self._boundary.inside(file, shown)
        if found.is_dir() or not (file.is_symlink() or found.exists()):
            return None
        return read_bytes(found, shown, self._size, InterfaceError)

    def place(self, path: str) -> str:
        """Return the path from where somebody asks."""
        return _shown(self.root / path, self._shown_from)

    def written(self, paths: Iterable[str], scratch: Path) -> Path:  # noqa: ARG002  # what was listed holds them
        """Return the folder itself if no import can reach outside; else a folder of links to what was listed."""
        # Thousands of links take longer than protoc does.
        return self.root if self._is_plain else _linked(self._listed, scratch)


class _Walk:
    """One walk through folders, and through links as long as they stay in the tree.

    Attributes:
        is_plain: Whether there was nothing so far but files and folders: no link, pipe or device of any name.
    """

    def __init__(
        self,
        boundary: Boundary,
        excludes: Collection[Path],
        shown_from: Path,
        skipped: Collection[str],
        foreign: ForeignFolders | None,
    ) -> None:
        self._boundary = boundary
        self._excludes = frozenset(excludes)
        self._shown_from = shown_from
        self._skipped = frozenset((".git", *skipped))
        self._foreign = foreign
        self._entered = 0
        self.is_plain = True

    def protos(
        self, folder: str, real: Path, prefix: str = "", around: tuple[Path, ...] = ()
    ) -> Iterator[tuple[str, str]]:
        """Path from the first folder and place of each proto file: of a folder its own, then those further inside.

        Args:
            folder: The folder.
            real: The folder with links followed.
            prefix: Its path from the first folder.
            around: The folders, links followed, of which a link led here.
        """
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            raise InterfaceError(f"cannot be read: {error.strerror}", where=folder) from error
        for entry in entries:
            if entry.name.endswith(".proto") and not _is_folder(entry):
                if not entry.is_symlink():
                    yield f"{prefix}{entry.name}", entry.path
                elif not self._is_excluded(entry):
                    yield f"{prefix}{entry.name}", self._file(entry)
        for entry in entries:
            if entry.name in self._skipped or self._is_foreign(entry):
                continue
            self.is_plain &= entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False)
            if entry.is_dir(follow_symlinks=False):
                yield from self.protos(entry.path, real / entry.name, f"{prefix}{entry.name}/", around)
            elif entry.is_symlink() and not self._is_excluded(entry) and self._leads_to_folder(entry):
                target = self._entered_folder(entry, (*around, real))
                yield from self.protos(entry.path, target, f"{prefix}{entry.name}/", (*around, real))

    def _file(self, entry: os.DirEntry[str]) -> str:
        place = os.fspath(self._boundary.inside(Path(entry.path), self._place(entry)))
        if not os.path.exists(place):  # noqa: PTH110
            target = Path(entry.path).readlink()
            raise InterfaceError(
                f"the symbolic link points to '{target}', which does not exist", where=self._place(entry)
            )
        return place

    def _is_foreign(self, entry: os.DirEntry[str]) -> bool:
        is_folder = self._foreign is not None and entry.is_dir(follow_symlinks=False)
        return is_folder and self._foreign is not None and self._foreign.holds(entry.path, entry.name)

    def _is_excluded(self, link: os.DirEntry[str]) -> bool:
        return any(Path(link.path).is_relative_to(folder) for folder in self._excludes)

    def _leads_to_folder(self, entry: os.DirEntry[str]) -> bool:
        if not _is_folder(entry) and not os.path.splitext(entry.name)[1] and not os.path.exists(entry.path):  # noqa: PTH110, PTH122
            # It may be a folder where somebody else checks the tree out: one that leads out is no less wrong here.
            self._boundary.inside(Path(entry.path), self._place(entry))
        return _is_folder(entry)

    def _entered_folder(self, entry: os.DirEntry[str], folders: Iterable[Path]) -> Path:
        target = self._boundary.inside(Path(entry.path), self._place(entry))
        self._entered += 1
        if self._entered > MOST_FOLDERS or any(each.is_relative_to(target) for each in folders):
            raise InterfaceError("its symbolic links form a loop", where=self._place(entry))
        return target

    def _place(self, entry: os.DirEntry[str]) -> str:
        return _shown(Path(entry.path), self._shown_from)


def _linked(files: Mapping[str, str], scratch: Path) -> Path:
    for path, place in files.items():
        link = scratch / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(place)
    return scratch


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # links in a circle
        return False


def _shown(path: Path, start: Path) -> str:
    return Path(os.path.relpath(path, start)).as_posix()


def _status(place: str) -> os.stat_result:
    try:
        status = os.stat(place)  # noqa: PTH116
    except OSError as error:
        raise InterfaceError(f"cannot be read: {error.strerror}", where=place) from error
    if not stat.S_ISREG(status.st_mode):
        raise InterfaceError("expected a file, found something else", where=place)
    return status
