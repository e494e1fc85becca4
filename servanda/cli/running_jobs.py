"""From jobs to a verdict: whichever command made them, they run, and are judged, alike."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections.abc import Coroutine, Mapping
from typing import Any

from servanda.cli.deadline import deadline
from servanda.cli.ending import run
from servanda.cli.running_options import Running
from servanda.configuration import Configuration
from servanda.errors import ConfigurationError, LimitError
from servanda.gate.rollout import EVIDENCE, keep, own_folder
from servanda.jobs import Job, Jobs, Result, merged
from servanda.jobs.evidence import evidence_of
from servanda.jobs.folder import ResultFolder
from servanda.jobs.reading import own_place
from servanda.jobs.running import Work, gather, place_of, runner_for
from servanda.jobs.running.gathering import Listeners
from servanda.jobs.times import remember_times
from servanda.policy.evidence import written as written_evidence
from servanda.report.terminal import say
from servanda.verdict import Verdict

# It ends itself and clears up; this is how long it may be kept from that.
_CLEARING_UP = 60.0


def require_place(running: Running) -> None:
    """Refuse a place where nothing can run, or where no results can be kept, before any work is done for it.

    Raises:
        ConfigurationError: There is no such place, or what should be the folder of results is none.
    """
    runner_for(place_of(running.on or ""))
    if running.results is not None and running.results.exists() and not running.results.is_dir():
        what, hint = "expected a folder of results, found a file", "name another place: --results results"
        raise ConfigurationError(what, where=str(running.results), hint=hint)


def results_of(jobs: Jobs, configuration: Configuration, running: Running) -> Mapping[str, Result]:
    """Run jobs at the place that is named, and return the result of every one by its hash.

    Raises:
        ConfigurationError: There is no such place, for jobs or for results.
        JobError: A job has no result in the end, or the place went away.
        LimitError: They did not end in time.
    """
    require_place(running)
    limits, here = configuration.limits, own_place(configuration)
    runner = runner_for(place_of(running.on or ""))
    work = _work(jobs, configuration, running)
    taken: list[tuple[Job, float]] = []
    folder = ResultFolder(running.results or here / "results")
    seconds = limits.jobs_seconds
    try:
        with deadline("jobs", seconds, "jobs_seconds", reserve=_CLEARING_UP):
            return run(_within(seconds, gather(work, runner, folder, _listeners(jobs, taken))))
    finally:
        if taken:
            remember_times(here, taken)
            say(f"{len(taken)} of {len(jobs.jobs)} jobs run, {len(jobs.jobs) - len(taken)} reused or without a result")


def verdict_of(jobs: Jobs, found: Mapping[str, Result], configuration: Configuration, repeated: str) -> Verdict:
    """Return the verdict of all jobs, and keep the evidence of the versions that met in them.

    Args:
        jobs: The jobs.
        found: Results by the hash of the job.
        configuration: That of the tree.
        repeated: The command that repeats it, for the evidence.

    Raises:
        ConfigurationError: The evidence cannot be written.
        JobError: A result is missing, or the jobs used different stores.
    """
    verdict = merged(jobs, found)
    evidence = evidence_of(jobs, found, dt.datetime.now(tz=dt.UTC), repeated)
    if evidence is not None:
        keep(written_evidence(evidence), own_folder(configuration) / EVIDENCE)
    return verdict


def _work(jobs: Jobs, configuration: Configuration, running: Running) -> Work:
    limits = configuration.limits
    return Work(
        jobs,
        jobs.jobs,
        configuration.root,
        configuration.file.name if configuration.file is not None else "servanda.toml",
        os.environ,
        running.workers or 0,
        limits.job_seconds,
        limits.output,
        running.image or "",
        running.namespace or "",
    )


def _listeners(jobs: Jobs, taken: list[tuple[Job, float]]) -> Listeners:
    def ended(job: Job, result: Result) -> None:
        taken.append((job, result.seconds))
        say(f"{jobs.named(job)} {result.stage.outcome} after {result.seconds:.1f} s")

    return Listeners(
        reused=lambda job: say(f"{jobs.named(job)} reused: an earlier run has its result"),
        ended=ended,
        failed=lambda job, why: say(f"{jobs.named(job)} gave no result: {why.splitlines()[0]}"),
    )


async def _within(seconds: float, work: Coroutine[Any, Any, Mapping[str, Result]]) -> Mapping[str, Result]:
    try:
        async with asyncio.timeout(seconds) as limit:
            return await work
    except TimeoutError:
        if not limit.expired():
            raise
        raise LimitError(f"the jobs did not end within {seconds:g} s", limit="jobs_seconds") from None
