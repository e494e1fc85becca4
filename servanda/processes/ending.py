"""Waiting for the end of a process without asking again and again."""

from __future__ import annotations

import os
import select
import subprocess
from collections.abc import Callable

# poll(2) takes an int.
_LONGEST_POLL_MS = (1 << 31) - 1


def open_ending(process_id: int) -> int | None:
    """Return a descriptor that becomes readable when a child ends (pidfd_open(2)); None where there is none."""
    try:
        return os.pidfd_open(process_id)
    except (AttributeError, OSError):  # another system, an old kernel, a sandbox, or no descriptor left
        return None


def wait_for_end(
    process: subprocess.Popen[bytes], seconds: float, opened: Callable[[int], int | None] = open_ending
) -> int:
    """Return the exit code of a process once it has ended.

    The standard library asks again after pauses that grow to 50 ms, longer than most tools run. That is left for where
    the system does not say when a process ends.

    Args:
        process: Child of this process.
        seconds: Time limit.
        opened: What gives the descriptor that becomes readable at the end, or None.

    Raises:
        subprocess.TimeoutExpired: It has not ended in time.
    """
    ending = opened(process.pid)
    if ending is None:
        return process.wait(seconds)
    try:
        waiting = select.poll()
        waiting.register(ending, select.POLLIN)
        if not waiting.poll(min(max(0.0, seconds * 1000), _LONGEST_POLL_MS)):
            raise subprocess.TimeoutExpired(process.args, seconds)
    finally:
        os.close(ending)
    return process.wait()
