"""Running all jobs of a document, but for those whose results are there already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from servanda.errors import JobError
from servanda.jobs.folder import ResultFolder, require_all
from servanda.jobs.job import Job
from servanda.jobs.result import Result
from servanda.jobs.running.runner import Ended, Runner, Work


@dataclass(frozen=True, slots=True)
class Listeners:
    """Listeners to the progress of jobs.

    Attributes:
        reused: Told of each job whose result an earlier run left.
        ended: Told of each job that has its result now.
        failed: Told of each job that has none, with the reason.
    """

    reused: Callable[[Job], None] = lambda _: None
    ended: Callable[[Job, Result], None] = lambda _, __: None
    failed: Callable[[Job, str], None] = lambda _, __: None


@dataclass(slots=True)
class _Gathered:
    """Results, and reasons why there is none, by the hash of the job."""

    results: dict[str, Result]
    reasons: dict[str, str] = field(default_factory=dict)


async def gather(
    work: Work, runner: Runner, folder: ResultFolder, listeners: Listeners = Listeners()
) -> Mapping[str, Result]:
    """Return the result of every job, by its hash: those that are there, and those of the jobs that are run now.

    Each result is kept as soon as it is there, so that a run that is repeated goes on where this one ended.

    Args:
        work: The jobs.
        runner: Runs those that have no result yet.
        folder: Where results are kept.
        listeners: Told about the progress.

    Raises:
        JobError: A job has no result in the end, or the place where they run went away.
        MissingExtraError: A library is missing.
    """
    gathered = _Gathered(dict(folder.certain(work.jobs)))
    for job in work.jobs:
        if job.hash in gathered.results:
            listeners.reused(job)
    wanted = tuple(job for job in work.jobs if job.hash not in gathered.results)
    if wanted:
        await runner.run(replace(work, jobs=wanted), lambda ended: _hear(ended, work, gathered, folder, listeners))
    require_all(work.document, gathered.results, gathered.reasons)
    return gathered.results


def _hear(ended: Ended, work: Work, gathered: _Gathered, folder: ResultFolder, listeners: Listeners) -> None:
    job = ended.job
    if job.hash in gathered.results:
        return  # a job may be begun again although it had ended: its first result counts
    try:
        if not ended.text:
            raise JobError(ended.why or "it ended without a result")
        result = folder.keep(job, ended.text, work.document.named(job))
    except JobError as error:
        gathered.reasons[job.hash] = str(error)
        listeners.failed(job, str(error))
        return
    gathered.results[job.hash] = result
    listeners.ended(job, result)
