"""``servanda jobs``."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from servanda.cli.deadline import deadline
from servanda.cli.ending import run
from servanda.cli.group import pass_configuration
from servanda.cli.reporting import report_options
from servanda.configuration import Configuration
from servanda.errors import ConfigurationError, LimitError
from servanda.extras import naming_extra
from servanda.gate.rollout import EVIDENCE, keep, own_folder
from servanda.policy.evidence import written as written_evidence
from servanda.report.delivery import prepare, tell
from servanda.report.files import clear
from servanda.report.terminal import answer, deliver, say

with naming_extra():
    from servanda.jobs import Job, Jobs, Result, merged
    from servanda.jobs.evidence import evidence_of
    from servanda.jobs.folder import ResultFolder, collected
    from servanda.jobs.matrix import MATRICES, batches
    from servanda.jobs.reading import jobs_in, own_place
    from servanda.jobs.running import Work, gather, place_of, runner_for
    from servanda.jobs.running.gathering import Listeners
    from servanda.jobs.times import remember_times

_LOCAL = "local"
# It ends itself and clears up; this is how long it may be kept from that.
_CLEARING_UP = 60.0


@click.command("jobs")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--on", "on", metavar="PLACE", help="Run all jobs there: local, dask://HOST:PORT or kubernetes.")
@click.option("--workers", type=click.IntRange(1, 10_000), help="Jobs at once; default: what the place can take.")
@click.option("--results", type=click.Path(path_type=Path), help="Folder of results; those that are there are reused.")
@click.option("--merge", "merge", type=click.Path(path_type=Path), multiple=True, help="Folder of results; repeatable.")
@click.option("--image", help="Container image of the pods of Kubernetes: the tree and the suite.")
@click.option("--namespace", help="Namespace of Kubernetes; default: that of the context.")
@click.option("--matrix", type=click.Choice(["github", "gitlab"]), help="Print the jobs as a matrix of this system.")
@report_options
@pass_configuration
def command(configuration: Configuration, /, file: Path, form: str, report: Path | None, **given: Any) -> None:
    """Show the jobs of a verification, run them, or merge their results.

    FILE is what 'servanda verify --jobs FILE' or 'servanda versions --jobs FILE' wrote. Without an option its jobs are
    listed. With --on they are run, and with --merge the results of 'servanda run-job' are read: both give the verdict.
    Results are kept by what decides them, and are not obtained again.

    Examples:
      servanda jobs jobs.json
      servanda jobs jobs.json --on local --workers 2
      servanda jobs jobs.json --on dask://scheduler.example:8786
      servanda jobs jobs.json --on kubernetes --image registry.example/shop:1.4.0
      servanda jobs jobs.json --merge results
      servanda jobs jobs.json --matrix github
    """
    _require_one(given)
    jobs = jobs_in(file)
    if given["matrix"] is not None:
        form_of = MATRICES[given["matrix"]]
        deliver(form_of.render(jobs, batches(jobs, form_of.most)))
        return
    if given["on"] is None and not given["merge"]:
        for line in _listed(jobs):
            answer(line)
        return
    if report is not None:
        clear(report, [file])
    found = collected(jobs, given["merge"]) if given["merge"] else _run(jobs, configuration, given)
    verdict = merged(jobs, found)
    _keep_evidence(jobs, found, configuration, f"servanda jobs {file}")
    tell(prepare(verdict, form, report))
    click.get_current_context().exit(verdict.answer.exit_code)


def _require_one(given: Mapping[str, Any]) -> None:
    chosen = [f"--{name}" for name in ("on", "merge", "matrix") if given[name]]
    if len(chosen) > 1:
        what = f"{' and '.join(chosen)} exclude each other"
        raise ConfigurationError(what, hint="--on runs jobs, --merge reads results, --matrix prints who runs what")
    unused = [
        name for name in ("workers", "results", "image", "namespace") if given[name] is not None and given["on"] is None
    ]
    if unused:
        raise ConfigurationError(f"--{unused[0]} is for jobs that are run", hint="name the place: --on local")


def _listed(jobs: Jobs) -> list[str]:
    whole = sum(job.expected_seconds for job in jobs.jobs)
    rows = [
        f"{number:>4}  {job.short}  {job.expected_seconds:>6.0f} s  {job.title}"
        for number, job in enumerate(jobs.jobs, 1)
    ]
    return [*rows, f"{len(jobs.jobs)} jobs of the stage {jobs.stage}, about {whole:.0f} s one after the other"]


def _run(jobs: Jobs, configuration: Configuration, given: Mapping[str, Any]) -> Mapping[str, Result]:
    limits, here = configuration.limits, own_place(configuration)
    runner = runner_for(place_of(given["on"]))
    work = Work(
        jobs,
        jobs.jobs,
        configuration.root,
        configuration.file.name if configuration.file is not None else "servanda.toml",
        os.environ,
        given["workers"] or 0,
        limits.job_seconds,
        limits.output,
        given["image"] or "",
        given["namespace"] or "",
    )
    taken: list[tuple[Job, float]] = []

    def ended(job: Job, result: Result) -> None:
        taken.append((job, result.seconds))
        say(f"{jobs.named(job)} {result.stage.outcome} after {result.seconds:.1f} s")

    listeners = Listeners(
        reused=lambda job: say(f"{jobs.named(job)} reused: an earlier run has its result"),
        ended=ended,
        failed=lambda job, why: say(f"{jobs.named(job)} gave no result: {why.splitlines()[0]}"),
    )
    folder = ResultFolder(given["results"] or here / "results")
    seconds = limits.jobs_seconds
    try:
        with deadline("jobs", seconds, "jobs_seconds", reserve=_CLEARING_UP):
            return run(_within(seconds, gather(work, runner, folder, listeners)))
    finally:
        if taken:
            remember_times(here, taken)
            say(f"{len(taken)} of {len(jobs.jobs)} jobs run, {len(jobs.jobs) - len(taken)} reused or without a result")


async def _within(seconds: float, work: Any) -> Mapping[str, Result]:
    try:
        async with asyncio.timeout(seconds) as limit:
            found: Mapping[str, Result] = await work
            return found
    except TimeoutError:
        if not limit.expired():
            raise
        raise LimitError(f"the jobs did not end within {seconds:g} s", limit="jobs_seconds") from None


def _keep_evidence(jobs: Jobs, found: Mapping[str, Result], configuration: Configuration, repeated: str) -> None:
    evidence = evidence_of(jobs, found, dt.datetime.now(tz=dt.UTC), repeated)
    if evidence is not None:
        keep(written_evidence(evidence), own_folder(configuration) / EVIDENCE)
