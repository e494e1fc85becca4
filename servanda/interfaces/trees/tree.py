"""Protocol of a tree of source files, wherever it lies."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Container, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from servanda.interfaces.storage import Storage


class Tree(Protocol):
    """Files by path, relative to the root of the tree."""

    @property
    def name(self) -> str:
        """Return the name of the tree in messages."""

    def protos(
        self, folder: str, storage: Storage, excludes: Collection[str] = (), skipped: Collection[str] = ()
    ) -> Mapping[str, str]:
        """Digests of the contents of all proto files below a folder, by path from the root, in order.

        Symbolic links are followed within the tree.

        Args:
            folder: The folder, relative to the root.
            storage: Where a tree may note what it read, to read less the next time.
            excludes: Folders, relative to the root, in which links are not followed.
            skipped: Names of folders that are not entered, wherever below the folder they lie.

        Raises:
            InterfaceError: A link leads out of the tree, in a circle or nowhere.
        """

    def stored(self, folder: str, known: Container[str] = ()) -> Mapping[str, str]:
        """Digests of the proto files that lie below a folder themselves, no link followed, by path from the root.

        Args:
            folder: The folder, relative to the root.
            known: Paths that are left out.
        """

    def holds(self, path: str) -> bool:
        """Tell whether a file itself lies at a path, and no link leads there."""

    def has_folder(self, folder: str) -> bool:
        """Tell whether there is such a folder with something in it."""

    def read(self, path: str) -> bytes | None:
        """Return the content of a file; ``None`` if there is none."""

    def place(self, path: str) -> str:
        """Tell how to show where a file lies."""

    def written(self, paths: Iterable[str], scratch: Path) -> Path:
        """Return a folder that holds at least these files, ``scratch`` if it has to be made."""


def digest(content: bytes) -> str:
    """Identity of a content: the name that git gives to it, so that folders and commits share what is compiled."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
