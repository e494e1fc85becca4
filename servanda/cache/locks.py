"""Locks of entries: who uses one holds it with others, who makes or removes one holds it alone."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = ".lock"


def lock_file(entry: Path) -> Path:
    """Return the file whose lock stands for an entry."""
    return entry.with_name(f"{entry.name}{LOCK}")


@contextmanager
def held(entry: Path, *, alone: bool) -> Iterator[None]:
    """Hold an entry within this block; waits for who holds it otherwise. The system lets go of what a process held.

    Where nothing can be written, nobody removes an entry either: there it is used without a lock.

    Raises:
        OSError: The lock cannot be made.
    """
    try:
        file = _opened(entry, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
    except OSError as error:
        if alone or error.errno not in (errno.EROFS, errno.EACCES):
            raise
        yield
        return
    try:
        yield
    finally:
        os.close(file)


@contextmanager
def held_if_free(entry: Path) -> Iterator[bool]:
    """Hold an entry alone within this block if nobody uses it; tells whether that is so.

    Raises:
        OSError: The lock cannot be made.
    """
    try:
        file = _opened(entry, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
        return
    try:
        yield True
    finally:
        os.close(file)


def _opened(entry: Path, operation: int) -> int:
    path = lock_file(entry)
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(file, operation)
            if _is_current(file, path):
                return file
        except BaseException:
            os.close(file)
            raise
        # Whoever removed the entry meanwhile removed its lock as well: the lock of the next one is another file.
        os.close(file)


def _is_current(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.lstat())
    except FileNotFoundError:
        return False
