"""Running a command of the repository to its end: a recorder, tests, journeys."""

from __future__ import annotations

import asyncio
import shlex
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from servanda.errors import LimitError
from servanda.processes.child import StopPolicy
from servanda.processes.output import Lines, OutputBounds
from servanda.processes.piped import PipedChild

# Tests that are interrupted tear down what they set up; what does not react to that is told to end, and then killed.
_INTERRUPT = StopPolicy(signal.SIGINT, grace=5.0, then=(signal.SIGTERM,), whole_group=True)


@dataclass(frozen=True, slots=True)
class CommandBounds:
    """Time limit of a command.

    Attributes:
        seconds: From its start to its end.
        output: How much is kept of what it writes.
        limit: Key of the limit that ``seconds`` is, for the message.
        policy: How it is ended when the time is over, or when nobody waits for it any more.
    """

    seconds: float
    output: OutputBounds
    limit: str = "command_seconds"
    policy: StopPolicy = _INTERRUPT


@dataclass(frozen=True, slots=True)
class Ended:
    """Result of a command: its exit code (128 + n: by signal n) and the last lines that it wrote."""

    code: int
    lines: tuple[str, ...]


async def run_command(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, bounds: CommandBounds
) -> Ended:
    """Run a command that executes code of the tree, by design, and wait for its end.

    However this ends, by a cancellation too, the command and what it started in its process group are gone then.

    Raises:
        ProcessError: It cannot be started.
        LimitError: It did not end in time.
    """
    lines = Lines(bounds.output, lambda _: None)
    child = await PipedChild.start(command, environment, folder, lines.feed, bounds.policy)
    try:
        done, _ = await asyncio.wait([child.exited], timeout=bounds.seconds)
    finally:
        if not child.exited.done():
            await child.stop()
        lines.close()
    if not done:
        said = "\n".join(lines.last) or "(no output)"
        raise LimitError(
            f"the command did not end within {bounds.seconds:g} s and was stopped; last lines of its output:\n{said}",
            limit=bounds.limit,
            where=shlex.join(command),
        )
    return Ended(child.exited.result(), lines.last)
