"""Source files that were read already, from an archive for example."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from servanda.interfaces.storage import Storage
from servanda.interfaces.trees.tree import digest


class ContentTree:
    """A tree of contents that were read already."""

    def __init__(self, name: str, contents: Mapping[str, bytes]) -> None:
        self.name = name
        self._contents = dict(sorted(contents.items()))

    def protos(self, folder: str, storage: Storage) -> Mapping[str, str]:  # noqa: ARG002  # nothing is read
        """Digests of all proto files below a folder."""
        return {
            path: digest(content)
            for path, content in self._contents.items()
            if path.endswith(".proto") and PurePosixPath(path).is_relative_to(folder)
        }

    def has_folder(self, folder: str) -> bool:
        """Whether a file lies in it."""
        return any(PurePosixPath(path).is_relative_to(folder) for path in self._contents)

    def read(self, path: str) -> bytes | None:
        """The content of a file."""
        return self._contents.get(path)

    def place(self, path: str) -> str:
        """The path from the root of the tree."""
        return path

    def written(self, paths: Iterable[str], scratch: Path) -> Path:
        """The files, written to ``scratch``."""
        for path in paths:
            write(scratch, path, self._contents[path])
        return scratch


def write(root: Path, path: str, content: bytes) -> None:
    """Write a file below ``root``, with the folders that it lies in."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
