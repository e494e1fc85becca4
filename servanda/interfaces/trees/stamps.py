"""Digests of files that were read before, known by what the file system says about the files.

A file of which size, times and inode are those of the time when it was read still holds what it held. Times are coarse,
though: a file could change once more within one tick after it was read. So nothing is kept about a file that was
touched that shortly before. (Problem and answer are those of git's index: Documentation/technical/racy-git.)
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

from servanda.documents import DocumentLimits, read_bytes
from servanda.errors import InterfaceError
from servanda.interfaces.storage import Storage
from servanda.interfaces.trees.tree import digest

# In nanoseconds: the coarsest file system in use (FAT) ticks every two seconds.
_TICK = 2_000_000_000
_SIZE = DocumentLimits().size


class Stamps:
    """Digests of files below one folder.

    Args:
        storage: Where they are kept between runs.
        folder: The folder.
        now: Nanoseconds since 1970; the present if it is left out.
        size: How many bytes a file may have.
    """

    def __init__(self, storage: Storage, folder: Path, now: int | None = None, size: int = _SIZE) -> None:
        self._storage = storage
        self._name = f"{hashlib.sha256(os.fsencode(folder)).hexdigest()[:32]}.stamps"
        content = storage.read(self._name)
        self._known: dict[str, list[int | str]] = json.loads(bytes(content)) if content is not None else {}
        self._size = size
        self._seen: dict[str, list[int | str]] = {}
        self._before = (time.time_ns() if now is None else now) - _TICK

    def digest(self, path: str, status: os.stat_result, place: str) -> str:
        """Return the digest of a file.

        Args:
            path: The file, relative to the folder.
            status: What the file system says about it, asked before it is read.
            place: Where to read it.

        Raises:
            InterfaceError: It cannot be read.
        """
        stamp: list[int | str] = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
        known = self._known.get(path)
        entry = known if known is not None and known[1:] == stamp else [self._read(place), *stamp]
        if max(status.st_mtime_ns, status.st_ctime_ns) < self._before:
            self._seen[path] = entry
        return str(entry[0])

    def keep(self) -> None:
        """Keep for the next run what was seen in this one."""
        if self._seen != self._known:
            self._storage.write(self._name, json.dumps(self._seen, separators=(",", ":")).encode())

    def _read(self, place: str) -> str:
        return digest(read_bytes(Path(place), place, self._size, InterfaceError))
