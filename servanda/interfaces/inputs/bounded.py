"""Reading compressed inputs piece by piece, so that a small file cannot fill the memory."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import IO

from servanda.configuration import Limits
from servanda.documents import open_file
from servanda.errors import InterfaceError, LimitError

_GZIP = b"\x1f\x8b"


class Members:
    """What was seen of an archive so far.

    Args:
        where: What to call it in messages.
        limits: How many files it may have, and how many bytes.
    """

    def __init__(self, where: str, limits: Limits) -> None:
        self._where = where
        self._limits = limits
        self._files = self._bytes = 0

    def count(self) -> None:
        """Count one file.

        Raises:
            LimitError: That is one too many.
        """
        self._files += 1
        if self._files > self._limits.archive_members:
            what = f"the archive holds more than the {self._limits.archive_members} files that are allowed"
            raise LimitError(what, limit="archive_members", where=self._where)

    def expect(self, size: int) -> None:
        """Refuse a file before it is read, which says that it is larger than what is left.

        Raises:
            LimitError: It is.
        """
        if size > self._limits.archive_bytes - self._bytes:
            what = f"the archive unpacks to more than the {self._limits.archive_bytes} bytes that are allowed"
            raise LimitError(what, limit="archive_bytes", where=self._where)

    def take(self, size: int) -> None:
        """Count bytes.

        Raises:
            LimitError: They are too many.
        """
        self.expect(size)
        self._bytes += size


class BoundedReader(io.RawIOBase):
    """The content of a file, decompressed; every byte of it counts."""

    def __init__(self, content: IO[bytes], members: Members) -> None:
        super().__init__()
        self._content = content
        self._members = members

    def read(self, size: int = -1, /) -> bytes:
        """Read at most ``size`` bytes.

        Raises:
            LimitError: More was read than is allowed.
        """
        found = self._content.read(size)
        self._members.take(len(found))
        return found


def read_bounded(path: Path, limits: Limits, where: str) -> bytes:
    """Read an image, decompressed if it is a gzip file.

    Raises:
        InterfaceError: There is none, or it is no regular file.
        OSError: It cannot be read.
        EOFError: It ends too early.
        zlib.error: It is damaged.
        LimitError: It is larger than ``image_bytes``.
    """
    with open_file(path, where, InterfaceError) as file:
        is_packed = file.read(2) == _GZIP
        file.seek(0)
        source = gzip.GzipFile(fileobj=file) if is_packed else file
        content = source.read(limits.image_bytes + 1)
    if len(content) > limits.image_bytes:
        what = f"the image has more than the {limits.image_bytes} bytes that are allowed"
        raise LimitError(what, limit="image_bytes", where=where)
    return content
