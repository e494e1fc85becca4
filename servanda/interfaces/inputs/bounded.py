"""Reading compressed inputs piece by piece, so that a small file cannot fill the memory."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import IO

from servanda.configuration import Limits
from servanda.documents import DocumentLimits, open_file
from servanda.errors import InterfaceError, LimitError

_GZIP = b"\x1f\x8b"
# Long names and attributes take some kilobytes; what a library reads ahead is in it, too.
_HEADER_BYTES = 1 << 20


class Members:
    """Members of an archive seen so far.

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

    def wanted(self, name: str, size: int) -> None:
        """Refuse a wanted file that is larger than any source is.

        Raises:
            LimitError: It is.
        """
        self.expect(size)
        if size > (most := DocumentLimits().size):
            raise self.too_long(f"'{name}', which is larger than {most:,} bytes")

    def too_long(self, what: str) -> LimitError:
        """Make the error for a part that is too long, whatever the whole archive may be."""
        return LimitError(f"the archive holds {what}", where=self._where)

    def take(self, size: int) -> None:
        """Count bytes.

        Raises:
            LimitError: They are too many.
        """
        self.expect(size)
        self._bytes += size


class BoundedReader(io.RawIOBase):
    """The content of a tar file, decompressed; every byte of it counts."""

    def __init__(self, content: IO[bytes], members: Members) -> None:
        super().__init__()
        self._content = content
        self._members = members
        self._left = _HEADER_BYTES

    def begin(self, size: int) -> None:
        """Note that a file of so many bytes comes next, and after it the headers of the one that follows.

        The library reads all headers of a file into the memory, however long they are.
        """
        self._left = size + _HEADER_BYTES

    def read(self, size: int = -1, /) -> bytes:
        """Read at most ``size`` bytes.

        Raises:
            LimitError: More was read than is allowed, or the headers of one file are longer.
        """
        found = self._content.read(size)
        self._members.take(len(found))
        self._left -= len(found)
        if self._left < 0:
            raise self._members.too_long(f"headers of more than {_HEADER_BYTES:,} bytes for one file")
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
