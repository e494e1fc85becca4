"""Jobs as processes of this machine."""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from servanda.errors import ConfigurationError, ServandaError
from servanda.jobs.document import written
from servanda.jobs.inputs import require_tree
from servanda.jobs.job import Job
from servanda.jobs.running.one_job import Tried, command_of, this_suite, try_job
from servanda.jobs.running.runner import ATTEMPTS, Ended, Heard, Runner, Work


@dataclass(frozen=True, slots=True)
class Local:
    """Runs several jobs at once, each in a process with stores of its own.

    Attributes:
        suite: Command of the suite; that of this process if empty.
    """

    suite: tuple[str, ...] = ()

    async def run(self, work: Work, heard: Heard) -> None:
        """Run every job; see :meth:`servanda.jobs.running.Runner.run`.

        Raises:
            JobError: This is not the tree that the jobs were made of.
        """
        first = work.jobs[0]  # all jobs of a document are of one tree
        require_tree(first, work.document.named(first), work.root)
        waiting = list(reversed(work.longest_first))
        with tempfile.TemporaryDirectory(prefix="servanda-jobs-") as name:
            folder = Path(name)
            document = folder / "jobs.json"
            document.write_text(written(work.document), encoding="utf-8")

            async def worker() -> None:
                while waiting:
                    heard(await self._ended(waiting.pop(), work, document, folder / "results"))

            async with asyncio.TaskGroup() as group:
                for number in range(min(work.workers or os.cpu_count() or 1, len(waiting))):
                    group.create_task(worker(), name=f"worker {number + 1}")

    async def _ended(self, job: Job, work: Work, document: Path, results: Path) -> Ended:
        configuration = work.root / work.configuration
        command = command_of(self.suite or this_suite(), configuration, document, job.hash, results)
        tried = Tried(0, ())
        for _ in range(ATTEMPTS):
            try:
                tried = await try_job(command, work.environ, work.root, work.seconds, work.output)
            except ServandaError as error:
                return Ended(job, why=str(error))
            if not tried.was_killed:
                break
        result = results / f"{job.hash}.json"
        if tried.code or not result.is_file():
            return Ended(job, why=tried.why)
        return Ended(job, result.read_text(encoding="utf-8"))


def local(address: str) -> Runner:
    """Return the runner of this machine, which has no address.

    Raises:
        ConfigurationError: There is one.
    """
    if address:
        hint = "leave it out: --on local --workers 2"
        raise ConfigurationError(f"this machine has no address, found '{address}'", where="--on local", hint=hint)
    return Local()
