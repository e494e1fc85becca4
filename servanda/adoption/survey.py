"""Survey of a tree: the names of its own files, and bounded reads of them. Nothing of it is run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final

from servanda.configuration import REFERENCE
from servanda.documents import Boundary, DocumentLimits, Notation, Reader, read_bytes
from servanda.errors import ConfigurationError, ServandaError

_MOST_ENTRIES: Final = 200_000
_DEPTH: Final = 12
_MOST_BYTES: Final = 4 << 20
_MOST_BYTES_OF_ALL: Final = 256 << 20
_READER: Final = Reader(ConfigurationError, DocumentLimits(size=_MOST_BYTES))
# What tools install, build and keep: written by somebody else, or a copy of what lies elsewhere in the tree.
_FOREIGN: Final = frozenset(
    {
        "__pycache__",
        "bin",
        "bower_components",
        "build",
        "coverage",
        "dist",
        "dist-packages",
        "env",
        "node_modules",
        "obj",
        "out",
        "site-packages",
        "target",
        "third_party",
        "vendor",
        "venv",
    }
)
_NOTICED_THOUGH_HIDDEN: Final = frozenset({".github"})


class Survey:
    """The files of a tree that somebody wrote for it.

    Left out is what tools installed or built, hidden folders and other repositories. No symbolic link is followed.

    Attributes:
        root: The top of the tree.
        files: Paths from the root, with slashes; those nearer to it first.
        is_complete: Whether the tree is small enough to be seen as a whole.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.is_complete = True
        self._boundary = Boundary.around(root, ConfigurationError)
        self._entries = 0
        self._bytes = 0
        self.files = tuple(sorted(self._walk("", 0), key=lambda path: (path.count("/"), path)))

    def named(self, *names: str) -> tuple[str, ...]:
        """Return the files of these names."""
        return tuple(path for path in self.files if path.rpartition("/")[2] in names)

    def ending(self, *endings: str) -> tuple[str, ...]:
        """Return the files whose names end so."""
        return tuple(path for path in self.files if path.endswith(endings))

    def within(self, folder: str) -> tuple[str, ...]:
        """Return the files below a folder; empty names the root."""
        return tuple(path for path in self.files if not folder or path.startswith(f"{folder}/"))

    def text(self, path: str) -> str:
        """Return the text of a file; empty if it cannot be read, is too large, or too much was read already."""
        if self._bytes > _MOST_BYTES_OF_ALL:
            self.is_complete = False
            return ""
        try:
            found = self._boundary.inside(self.root / path, path)
            content = read_bytes(found, path, _MOST_BYTES, ConfigurationError)
        except ServandaError:
            return ""
        self._bytes += len(content)
        return content.decode("utf-8-sig", errors="replace")

    def document(self, path: str) -> Any:
        """Return what a file in JSON, YAML or TOML says; ``None`` if it cannot be read."""
        text = self.text(path)
        try:
            return _READER.parse(text.encode(errors="replace"), path, Notation.of(path)).value if text else None
        except ServandaError:
            return None

    def _walk(self, folder: str, depth: int) -> Iterator[str]:
        try:
            with os.scandir(self.root / folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            return
        self._entries += len(entries)
        if self._entries > _MOST_ENTRIES or depth > _DEPTH:
            self.is_complete = False
            return
        if folder and any(entry.name in (".git", "pyvenv.cfg", "CACHEDIR.TAG") for entry in entries):
            return  # another repository, a virtual environment, a cache
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            # A configuration could not name it: it would show nothing, or mean a secret.
            if not path.isprintable() or REFERENCE.search(path):
                continue
            if entry.is_dir(follow_symlinks=False):
                is_hidden = entry.name.startswith(".") and entry.name not in _NOTICED_THOUGH_HIDDEN
                if not is_hidden and entry.name not in _FOREIGN:
                    yield from self._walk(path, depth + 1)
            elif entry.is_file(follow_symlinks=False):
                yield path


def folder_of(path: str) -> str:
    """Return the folder of a file; empty for the root."""
    return path.rpartition("/")[0]


def stem_of(path: str) -> str:
    """Return the name of a file without what stands after its first dot."""
    return PurePosixPath(path).name.partition(".")[0]
