"""Protocol of what runs jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from servanda.jobs.document import Jobs
from servanda.jobs.job import Job
from servanda.jobs.result import FORMAT
from servanda.processes import OutputBounds

ATTEMPTS: Final = 4
"""How often a job is begun whose process or machine ends before it has a result."""
COULD_NOT_TELL: Final = 2
"""Exit code of a job that would not end otherwise the next time: it is not begun again."""


@dataclass(frozen=True, slots=True)
class Ended:
    """End of a job.

    Attributes:
        job: The job.
        text: Its result as it was written; empty if it has none.
        why: The last lines that it wrote, if it has no result.
    """

    job: Job
    text: str = ""
    why: str = ""


Heard: TypeAlias = Callable[[Ended], None]


@dataclass(frozen=True, slots=True)
class Work:
    """Jobs to run, and with what.

    Attributes:
        document: All jobs that belong together.
        jobs: Those of them that are to be run.
        root: Folder of the configuration on this machine.
        configuration: Name of the configuration file in it, here and elsewhere.
        environ: Environment that the processes of this machine start from.
        workers: How many jobs run at once; 0 for as many as the place has.
        seconds: How long one job may take.
        output: How much is kept of what a job writes.
        image: Container image that has the tree and the suite, for a place that starts containers.
        namespace: Part of such a place that is used; empty for the usual one.
    """

    document: Jobs
    jobs: tuple[Job, ...]
    root: Path
    configuration: str
    environ: Mapping[str, str] = field(repr=False)
    workers: int
    seconds: float
    output: OutputBounds
    image: str = ""
    namespace: str = ""

    @property
    def longest_first(self) -> tuple[Job, ...]:
        """Return the jobs in the order in which they are begun: a long one that begins last keeps all waiting."""
        return tuple(sorted(self.jobs, key=lambda job: -job.expected_seconds))


class Runner(Protocol):
    """A way to run jobs."""

    async def run(self, work: Work, heard: Heard) -> None:
        """Run every job, and tell of each when it ended, in any order.

        A job whose process or machine dies is begun again, up to :data:`ATTEMPTS` times in all. A job that ends without
        a result does not keep the others from running. However this ends, nothing of it goes on running.

        Args:
            work: The jobs.
            heard: Told of the end of each job, once for each.

        Raises:
            JobError: The place cannot be reached, or went away.
            MissingExtraError: A library is missing.
        """


def result_in(output: str) -> str:
    """Return the last line of an output that looks like a result; empty if there is none."""
    mark = f'{{"format": "{FORMAT}"'
    return next((f"{line}\n" for line in reversed(output.splitlines()) if line.startswith(mark)), "")
