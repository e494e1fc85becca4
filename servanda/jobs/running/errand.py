"""A job as another machine gets it: everything that its process needs, as values that can be sent."""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from servanda.errors import JobError, ServandaError
from servanda.jobs.running.one_job import command_of, this_suite, try_job
from servanda.processes import OutputBounds


@dataclass(frozen=True, slots=True)
class Errand:
    """A job and how it is carried out.

    Attributes:
        run: Name of the run that it is part of, by which it can be ended.
        document: The document of jobs.
        job: Hash of the job.
        folder: Folder of the configuration on that machine; empty for the working directory of its process.
        configuration: Name of the configuration file in it.
        seconds: How long one attempt may take.
        output: How much is kept of what it writes.
        suite: Command of the suite; that of the other process if empty.
    """

    run: str
    document: str
    job: str
    folder: str
    configuration: str
    seconds: float
    output: OutputBounds
    suite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """End of an errand: the result as it was written, or the reason why there is none."""

    text: str = ""
    why: str = ""


_lock: Final = threading.Lock()
_running: Final[dict[tuple[str, str], tuple[asyncio.AbstractEventLoop, asyncio.Task[Done]]]] = {}


def carry_out(errand: Errand) -> Done:
    """Carry an errand out in a process of its own.

    Raises:
        JobError: The process was killed, which says nothing about the job.
    """
    return asyncio.run(_carried_out(errand))


def stop(run: str) -> int:
    """End the processes of a run that this process has, and return how many there were."""
    with _lock:
        found = [entry for key, entry in _running.items() if key[0] == run]
    for loop, task in found:
        loop.call_soon_threadsafe(task.cancel)
    return len(found)


async def _carried_out(errand: Errand) -> Done:
    task = asyncio.create_task(_tried(errand), name=f"job {errand.job[:12]}")
    key = errand.run, errand.job
    with _lock:
        _running[key] = asyncio.get_running_loop(), task
    try:
        return await task
    except asyncio.CancelledError:
        return Done(why="it was ended with its run")
    finally:
        with _lock:
            _running.pop(key, None)


async def _tried(errand: Errand) -> Done:
    root = Path(errand.folder or Path.cwd())
    with tempfile.TemporaryDirectory(prefix="servanda-job-") as name:
        document, results = Path(name) / "jobs.json", Path(name) / "results"
        document.write_text(errand.document, encoding="utf-8")
        suite = errand.suite or this_suite()
        command = command_of(suite, root / errand.configuration, document, errand.job, results)
        try:
            tried = await try_job(command, os.environ, root, errand.seconds, errand.output)
        except ServandaError as error:
            return Done(why=str(error))
        if tried.was_killed:
            raise JobError(tried.why)
        result = results / f"{errand.job}.json"
        if tried.code or not result.is_file():
            return Done(why=tried.why)
        return Done(result.read_text(encoding="utf-8"))
