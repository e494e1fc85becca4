"""The seal of a content: a hash that only the holder of the key can make."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from servanda.errors import ConfigurationError

SEAL_BYTES = 32


class Seal:
    """Seals contents under their names, so that none can stand in for another.

    Args:
        key: The key, see :func:`servanda.cache.cache_key`.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def content(self, name: str, parts: Iterable[bytes | memoryview]) -> bytes:
        """Return the seal of a content that is given in parts (BLAKE2b with a key, RFC 7693)."""
        state = hashlib.blake2b(key=self._key, digest_size=SEAL_BYTES)
        state.update(b"%d\0%s\0" % (len(name.encode()), name.encode()))
        for part in parts:
            state.update(part)
        return state.digest()

    def folder(self, name: str, folder: Path) -> bytes:
        """Return the seal of a folder with everything in it: names, rights and contents.

        Raises:
            OSError: Something in it cannot be read.
            ConfigurationError: It holds a symbolic link or another thing that is neither a file nor a folder.
        """
        return self.content(name, _listing(folder))


def same(seal: bytes, other: bytes) -> bool:
    """Compare two seals in a time that does not tell where they differ."""
    return hmac.compare_digest(seal, other)


def _listing(folder: Path, path: str = "") -> Iterator[bytes]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            place = f"{path}/{entry.name}"
            status = entry.stat(follow_symlinks=False)
            about = f"{place!r} {status.st_mode:o}"
            if entry.is_dir(follow_symlinks=False):
                yield f"{about}\n".encode()
                yield from _listing(Path(entry.path), place)
            elif entry.is_file(follow_symlinks=False):
                yield f"{about} {_digest(entry.path)}\n".encode()
            else:
                raise ConfigurationError("is neither a file nor a folder", where=entry.path, hint="delete it")


def _digest(path: str) -> str:
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(file, "rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
