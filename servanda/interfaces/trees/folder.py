"""Source files in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from servanda.errors import InterfaceError
from servanda.interfaces.storage import Storage
from servanda.interfaces.trees.stamps import Stamps


class FolderTree:
    """The tree below a folder."""

    def __init__(self, root: Path, shown_from: Path) -> None:
        self.root = root
        self.name = str(root)
        self._shown_from = shown_from

    def protos(self, folder: str, storage: Storage) -> Mapping[str, str]:
        """Digests of all proto files below a folder; what git keeps for itself apart."""
        stamps = Stamps(storage, self.root / folder)
        prefix = "" if folder in ("", ".") else f"{PurePosixPath(folder).as_posix()}/"
        found = {
            f"{prefix}{path}": stamps.digest(path, entry.stat(), entry.path)
            for path, entry in _protos(os.fspath(self.root / folder))
        }
        stamps.keep()
        return found

    def has_folder(self, folder: str) -> bool:
        """Whether there is such a folder."""
        return (self.root / folder).is_dir()

    def read(self, path: str) -> bytes | None:
        """The content of a file."""
        file = self.root / path
        return _read(file) if file.is_file() else None

    def place(self, path: str) -> str:
        """The path from where somebody asks."""
        return Path(os.path.relpath(self.root / path, self._shown_from)).as_posix()

    def written(self, paths: Iterable[str], scratch: Path) -> Path:  # noqa: ARG002  # everything is there already
        """The folder itself."""
        return self.root


def _protos(folder: str, prefix: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Path from the folder and entry of each proto file below it: first its own, then those of the folders in it."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        raise InterfaceError(f"cannot be read: {error.strerror}", where=folder) from error
    for entry in entries:
        if entry.name.endswith(".proto") and not entry.is_dir():
            yield f"{prefix}{entry.name}", entry
    for entry in entries:
        if entry.name != ".git" and entry.is_dir(follow_symlinks=False):
            yield from _protos(entry.path, f"{prefix}{entry.name}/")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InterfaceError(f"cannot be read: {error.strerror}", where=str(path)) from error
