"""The bounds of a command that examines and executes nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from servanda.cli.deadline import deadline
from servanda.configuration import Limits
from servanda.patterns import within
from servanda.processes import bounded_memory
from servanda.report.waiting import waiting


@contextlib.contextmanager
def bounded(command: str, limits: Limits, *, tells: bool = False) -> Iterator[None]:
    """Hold this block to the time, the memory and the regular expressions that a command may take.

    Args:
        command: What to call it in messages.
        limits: Those of the configuration.
        tells: Whether the block itself tells on a terminal what takes its time.

    Raises:
        LimitError: It takes more.
    """
    with (
        contextlib.nullcontext() if tells else waiting(f"servanda {command}"),
        deadline(command, limits.check_seconds, "check_seconds"),
        bounded_memory(command, limits.memory_bytes),
        within(limits.patterns),
    ):
        yield
