"""Standard streams whose reader has gone, as that of ``servanda verify | head``."""

from __future__ import annotations

import io
import os
from contextlib import suppress
from typing import IO, Any


def forget_reader(stream: IO[Any]) -> None:
    """Send what else is written to a stream nowhere: a reader that has gone does not change what the answer is.

    Otherwise Python would try again at its end, and exit with a code of its own
    (https://docs.python.org/3/library/signal.html#note-on-sigpipe).
    """
    with suppress(io.UnsupportedOperation, ValueError):  # it is no file, or closed
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
