"""One job as a process of this machine."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from servanda.processes import CommandBounds, OutputBounds, run_command

_LAST_LINES: Final = 20
_SIGNAL: Final = 128
_ERROR: Final = "error: "


@dataclass(frozen=True, slots=True)
class Tried:
    """End of one process of a job.

    Attributes:
        code: Its exit code; 128 + n if signal n ended it.
        lines: The last lines that it wrote.
    """

    code: int
    lines: tuple[str, ...]

    @property
    def was_killed(self) -> bool:
        """Tell whether the process was ended from outside, which says nothing about the job."""
        return self.code >= _SIGNAL or self.code < 0

    @property
    def why(self) -> str:
        """Return what it said last."""
        begins = next((number for number, line in enumerate(self.lines) if line.startswith(_ERROR)), None)
        if begins is not None:
            return "\n".join(self.lines[begins:]).removeprefix(_ERROR)
        said = "\n".join(self.lines[-_LAST_LINES:]) or "(no output)"
        return f"it ended with code {self.code}; the last lines of its output:\n{said}"


def this_suite() -> tuple[str, ...]:
    """Return the command of the suite that this process is part of."""
    # Without -P, a folder 'servanda' in the working directory would be the suite.
    return (sys.executable, "-P", "-m", "servanda")


def command_of(suite: tuple[str, ...], configuration: Path, document: Path, job: str, results: Path) -> tuple[str, ...]:
    """Return the command that carries one job out.

    Args:
        suite: Command of the suite.
        configuration: The configuration file of the tree.
        document: The document of jobs.
        job: Hash of the job.
        results: Folder that the result is written to.
    """
    return (*suite, "--config", str(configuration), "run-job", str(document), job, "--results", str(results))


async def try_job(
    command: tuple[str, ...], environ: Mapping[str, str], folder: Path, seconds: float, output: OutputBounds
) -> Tried:
    """Run a job to its end; it ends with this process, and when nobody waits for it any more.

    Raises:
        ProcessError: It cannot be started.
        LimitError: It did not end in time.
    """
    bounds = CommandBounds(seconds, output, limit="job_seconds")
    ended = await run_command(command, environ, folder, bounds)
    return Tried(ended.code, ended.lines)
