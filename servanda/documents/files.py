"""Files as bytes: regular ones only, up to a limit, and written so that no link is followed out of a tree."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO, cast

from servanda.documents.boundary import Boundary
from servanda.errors import ServandaError

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def read_bytes(path: Path, shown: str, limit: int, error: type[ServandaError]) -> bytes:
    """Read a file.

    Args:
        path: The file.
        shown: How it is called in messages.
        limit: How many bytes it may have.
        error: The kind of error.

    Raises:
        ServandaError: There is none, it cannot be read, it is no regular file or it has more bytes.
    """
    with open_file(path, shown, error) as file:
        try:
            # What grows while it is read, or does not know its size, ends here as well.
            content = file.read(limit + 1)
        except OSError as wrong:
            raise error(f"cannot be read: {wrong.strerror}", where=shown) from None
    if len(content) <= limit:
        return content
    hint = "make it smaller, or raise the limit"
    raise error(f"larger than the limit of {limit:,} bytes", where=shown, hint=hint)


def open_file(path: Path, shown: str, error: type[ServandaError]) -> BinaryIO:
    """Open a file for reading.

    Args:
        path: The file.
        shown: How it is called in messages.
        error: The kind of error.

    Raises:
        ServandaError: There is none, it cannot be opened, or it is no regular file.
    """
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
        if kind != stat.S_IFREG:
            raise error(f"expected a file, found {_KINDS.get(kind, 'something else')}", where=shown)
        # A pipe that took its place, and that nobody writes to, would keep an ordinary opening waiting for ever.
        return cast("BinaryIO", os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb"))
    except (OSError, ValueError) as wrong:
        what = getattr(wrong, "strerror", None) or str(wrong)
        raise error(f"cannot be read: {what}", where=shown) from None


def replace_text(path: Path, text: str, boundary: Boundary) -> None:
    """Write a file as a whole or not at all; its folders are made.

    Raises:
        ServandaError: It would end outside of the tree, or cannot be written; of the boundary's kind.
    """
    target = boundary.inside(path)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(target)
    except OSError as wrong:
        beside.unlink(missing_ok=True)
        raise boundary.error(f"cannot be written: {wrong.strerror}", where=str(path)) from wrong


def write_text(path: Path, text: str, boundary: Boundary) -> None:
    """Write a file; its folders are made.

    Raises:
        ServandaError: It would end outside of the tree, or cannot be written; of the boundary's kind.
    """
    target = boundary.inside(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    except OSError as wrong:
        raise boundary.error(f"cannot be written: {wrong.strerror}", where=str(path)) from wrong
