"""Jobs on a Dask cluster (https://distributed.dask.org), whose workers have the suite and the tree."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from servanda.errors import ConfigurationError, JobError
from servanda.extras import naming_extra
from servanda.jobs.document import written
from servanda.jobs.job import Job
from servanda.jobs.running.errand import Done, Errand, carry_out, stop
from servanda.jobs.running.runner import ATTEMPTS, Ended, Heard, Runner, Work

_CONNECT_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 1.0
_NO_WORKERS_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True)
class Dask:
    """Runs jobs on the workers of a cluster; results are kept here, so that a worker that dies takes none with it.

    Attributes:
        address: Address of the scheduler, ``host:port``.
        folder: Folder of the configuration on the workers; empty for their working directory.
        suite: Command of the suite on the workers; that of a worker's own Python if empty.
        task: Carries one job out on a worker.
        patience: Seconds after which a cluster without workers counts as gone.
        connect: Seconds in which the scheduler has to answer.
    """

    address: str
    folder: str = ""
    suite: tuple[str, ...] = ()
    task: Callable[[Errand], Done] = carry_out
    patience: float = _NO_WORKERS_SECONDS
    connect: float = _CONNECT_SECONDS

    async def run(self, work: Work, heard: Heard) -> None:
        """Run every job; see :meth:`servanda.jobs.running.Runner.run`."""
        with naming_extra("--on dask"):
            import distributed  # noqa: PLC0415 - it takes long, and nobody else needs it

        try:
            make: Any = distributed.Client  # it has no types
            client = await make(f"tcp://{self.address}", asynchronous=True, timeout=self.connect, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            hint = "start a scheduler and workers, or name the right address: dask://HOST:PORT"
            raise JobError("the cluster cannot be reached", where=self.address, hint=hint) from error
        run = secrets.token_hex(8)
        try:
            await client.run_on_scheduler(_allow_failures)
            await self._within(distributed, client, run, work, heard)
        finally:
            await _close(client, run)

    async def _within(self, distributed: Any, client: Any, run: str, work: Work, heard: Heard) -> None:
        going = asyncio.create_task(self._go(distributed, client, run, work, heard), name="jobs on Dask")
        looking = asyncio.create_task(self._look(client), name="look after the cluster")
        try:
            await asyncio.wait((going, looking), return_when=asyncio.FIRST_COMPLETED)
            # Of two that ended, the one with the jobs tells more.
            await (going if going.done() else looking)
        finally:
            for task in (going, looking):
                task.cancel()
            await asyncio.gather(going, looking, return_exceptions=True)

    async def _go(self, distributed: Any, client: Any, run: str, work: Work, heard: Heard) -> None:
        text, waiting = written(work.document), iter(work.longest_first)
        jobs: dict[str, Job] = {}

        def submitted(count: int) -> Iterator[Any]:
            for _, job in zip(range(count), waiting, strict=False):
                errand = Errand(
                    run, text, job.hash, self.folder, work.configuration, work.seconds, work.output, self.suite
                )
                key = f"servanda-{run}-{job.hash}"
                jobs[key] = job
                priority = job.expected_seconds
                yield client.submit(self.task, errand, key=key, retries=ATTEMPTS - 1, priority=priority, pure=False)

        ended = distributed.as_completed(list(submitted(work.workers or len(work.jobs))), loop=client.loop)
        async for future in ended:
            heard(await self._ended(future, jobs[future.key]))
            future.release()
            for another in submitted(1):
                ended.add(another)

    async def _ended(self, future: Any, job: Job) -> Ended:
        if future.cancelled():
            raise self._gone()
        error = await future.exception()
        if isinstance(error, JobError):
            return Ended(job, why=str(error))
        if error is not None:
            return Ended(job, why=f"{type(error).__name__}: {error}")
        done: Done = await future.result()
        return Ended(job, done.text, done.why)

    async def _look(self, client: Any) -> None:
        """Wait until the cluster is gone.

        Raises:
            JobError: It is.
        """
        seen = time.monotonic()
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if client.status != "running":
                raise self._gone()
            info = await client.scheduler.identity()
            if info["workers"]:
                seen = time.monotonic()
            elif time.monotonic() - seen > self.patience:
                what = f"the cluster had no workers for {self.patience:g} s"
                raise JobError(what, where=self.address, hint="start workers, and repeat the command")

    def _gone(self) -> JobError:
        hint = "start it again, and repeat the command: the results that are there are reused"
        return JobError("the cluster went away while jobs ran", where=self.address, hint=hint)


def _allow_failures(dask_scheduler: Any) -> None:
    # https://distributed.dask.org/en/stable/killed.html: so many workers may die under a job.
    dask_scheduler.allowed_failures = max(ATTEMPTS - 1, dask_scheduler.allowed_failures)


async def _close(client: Any, run: str) -> None:
    """End what still runs, as far as the cluster is there."""
    with suppress(Exception):  # whatever is wrong with a cluster that is left is no news
        async with asyncio.timeout(_STOP_SECONDS):
            if client.status == "running":
                await client.run(stop, run, on_error="ignore")
    with suppress(Exception):
        async with asyncio.timeout(_STOP_SECONDS):
            await client.close()


def dask(address: str) -> Runner:
    """Return the runner of a cluster at ``host:port``, or ``host:port/folder`` with a folder of its workers.

    Raises:
        ConfigurationError: The address is none.
    """
    hint = "write it as --on dask://HOST:PORT, or --on dask://HOST:PORT/FOLDER/ON/WORKERS"
    try:
        parts = urlsplit(f"tcp://{address}")
        is_address = bool(parts.hostname and parts.port) and not (parts.query or parts.fragment or parts.username)
    except ValueError:
        is_address = False
    if not is_address:
        raise ConfigurationError(f"'{address}' is no address of a scheduler", where="--on dask", hint=hint)
    return Dask(parts.netloc, parts.path.rstrip("/"))
