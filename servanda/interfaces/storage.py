"""A folder for what can be made again at any time."""

from __future__ import annotations

import contextlib
import os
import tempfile
import zlib
from collections.abc import Iterable
from pathlib import Path

_KEPT = 32
# Another one whenever something is written otherwise: what another version wrote is not read.
_FORMAT = b"servanda 2\n"
_HEADER = len(_FORMAT) + 8
_BUFFER = 1 << 20


class Storage:
    """Contents by name; a folder that cannot be written to, or holds something else, only costs time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> memoryview | None:
        """A content as it was written; ``None`` if there is none, or if it is damaged or of another version."""
        file = self._folder / name
        try:
            data = memoryview(file.read_bytes())
            if bytes(data[:_HEADER]) != _header((data[_HEADER:],)):
                return None
            os.utime(file)
        except OSError:
            return None
        return data[_HEADER:]

    def write(self, name: str, *parts: bytes) -> None:
        """Keep a content; of the contents with the same suffix, those go that nobody asked for in the longest time."""
        with contextlib.suppress(OSError):
            # Another process may read it meanwhile: it sees the whole file or none.
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, delete=False, buffering=_BUFFER) as scratch:
                scratch.write(_header(parts))
                scratch.writelines(parts)
            Path(scratch.name).replace(self._folder / name)
            self._forget(Path(name).suffix)

    def _forget(self, suffix: str) -> None:
        files = sorted(self._folder.glob(f"*{suffix}"), key=lambda file: file.stat().st_mtime)
        for old in files[:-_KEPT]:
            old.unlink(missing_ok=True)


def _header(parts: Iterable[bytes | memoryview]) -> bytes:
    checksum = 0
    for part in parts:
        checksum = zlib.crc32(part, checksum)
    return _FORMAT + b"%08x" % checksum
