"""Source files that were read already, from an archive for example."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from servanda.interfaces.storage import Storage
from servanda.interfaces.trees.links import LinkedPaths, is_proto, lies_in
from servanda.interfaces.trees.tree import digest

_NO_LINKS: Mapping[str, str] = MappingProxyType({})


class ContentTree:
    """A tree of contents that were read already.

    Args:
        name: What to call it in messages.
        contents: Contents by path.
        links: Targets of symbolic links by path.
    """

    def __init__(self, name: str, contents: Mapping[str, bytes], links: Mapping[str, str] = _NO_LINKS) -> None:
        self.name = name
        self._contents = dict(sorted(contents.items()))
        self._paths = LinkedPaths(name, self._contents, dict(sorted(links.items())))

    def protos(
        self,
        folder: str,
        storage: Storage,  # noqa: ARG002  # nothing is read
        excludes: Collection[str] = (),
        skipped: Collection[str] = (),
    ) -> Mapping[str, str]:
        """Digests of all proto files below a folder."""
        return {path: digest(self._contents[real]) for path, real in self._paths.protos(folder, excludes, skipped)}

    def stored(self, folder: str, known: Container[str] = ()) -> Mapping[str, str]:
        """Digests of the files themselves."""
        found = (path for path in self._contents if is_proto(path) and lies_in(path, folder) and path not in known)
        return {path: digest(self._contents[path]) for path in found}

    def holds(self, path: str) -> bool:
        """Tell whether there is a file at this path."""
        return path in self._contents

    def has_folder(self, folder: str) -> bool:
        """Tell whether a file lies in it."""
        return self._paths.has_folder(folder)

    def read(self, path: str) -> bytes | None:
        """Return the content of a file."""
        return self._contents.get(self._paths.follow(path))

    def place(self, path: str) -> str:
        """Return the path from the root of the tree."""
        return path

    def written(self, paths: Iterable[str], scratch: Path) -> Path:
        """Return the files, written to ``scratch``."""
        for path in paths:
            write(scratch, path, self._contents[self._paths.follow(path)])
        return scratch


def write(root: Path, path: str, content: bytes) -> None:
    """Write a file below ``root``, with the folders that it lies in."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
