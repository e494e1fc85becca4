"""Source files in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from treaty.compatibility.trees.tree import digest
from treaty.errors import InterfaceError


class FolderTree:
    """The tree below a folder."""

    def __init__(self, root: Path, shown_from: Path) -> None:
        self.root = root
        self.name = str(root)
        self._shown_from = shown_from

    def protos(self, folder: str) -> Mapping[str, str]:
        """Digests of all proto files below a folder; what git keeps for itself apart."""
        found: dict[str, str] = {}
        for place, folders, names in os.walk(self.root / folder):
            folders[:] = sorted(name for name in folders if name != ".git")
            protos = sorted(name for name in names if name.endswith(".proto"))
            inside = Path(place).relative_to(self.root)
            for name in protos:
                found[f"{inside.as_posix()}/{name}" if inside.parts else name] = digest(_read(Path(place, name)))
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


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InterfaceError(f"cannot be read: {error.strerror}", where=str(path)) from error
