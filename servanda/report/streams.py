"""Standard streams that tell in one way when they cannot be written: a full disk, or a stream that was closed."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import Any, Final, TextIO

from servanda.errors import ServandaError

_LETTERS: Final = "utf-8"


class OutputError(ServandaError):
    """An output that cannot be written."""


class _Output(io.FileIO):
    """A descriptor whose first failure is told; what is written after it goes nowhere.

    Otherwise Python would try again at its end, and exit with a code of its own.
    """

    def __init__(self, descriptor: int, *, tells: bool) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self._tells = tells
        self._failed = False

    def write(self, data: Any, /) -> int:
        """Write some of the data, and return how much.

        Raises:
            OutputError: It cannot be written.
            BrokenPipeError: Nobody reads any more, which changes no answer.
        """
        if self._failed:
            return memoryview(data).nbytes
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            self._failed = True
            if not self._tells:
                return memoryview(data).nbytes
            is_closed = error.errno == errno.EBADF
            why = "standard output is closed" if is_closed else os.strerror(error.errno or errno.EIO)
            raise OutputError(f"the output cannot be written: {why}") from None


def watch_streams() -> None:
    """Let the standard streams of this process tell of an output that is lost.

    Standard output raises an :class:`OutputError`; on standard error nobody could read of it.
    """
    sys.stdout = _watched(sys.stdout, tells=True)
    sys.stderr = _watched(sys.stderr, tells=False)


def _watched(stream: TextIO | None, *, tells: bool) -> TextIO:
    if stream is None:
        # Python has none where the descriptor is closed. One that cannot be written takes its number, which a file of
        # a tree would get otherwise, and the output of a child with it.
        return _opened(os.open(os.devnull, os.O_RDONLY), _LETTERS, "strict", tells=tells)
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    stream.flush()
    return _opened(stream.fileno(), stream.encoding, stream.errors or "strict", tells=tells)


def _opened(descriptor: int, encoding: str, errors: str, *, tells: bool) -> TextIO:
    output = _Output(descriptor, tells=tells)
    buffered = io.BufferedWriter(output)
    return io.TextIOWrapper(buffered, encoding=encoding, errors=errors, line_buffering=True)
