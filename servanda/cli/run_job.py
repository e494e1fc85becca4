"""``servanda run-job``."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from servanda.cli.deadline import deadline
from servanda.cli.ending import run
from servanda.cli.group import pass_configuration
from servanda.configuration import Configuration
from servanda.errors import ConfigurationError, LimitError, ServandaError
from servanda.extras import naming_extra
from servanda.report.console import console_for
from servanda.report.progress import progress
from servanda.report.terminal import complain, deliver, say

with naming_extra():
    from servanda.jobs import Job, Jobs, Result, sealed
    from servanda.jobs.carrying import carry_out
    from servanda.jobs.folder import ResultFolder
    from servanda.jobs.reading import jobs_in, own_place

_CLEARING_UP = 60.0
# Kubernetes sets it in the pods of an Indexed Job: https://kubernetes.io/docs/concepts/workloads/controllers/job/
_INDEX = "JOB_COMPLETION_INDEX"


@click.command("run-job")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("job", nargs=-1)
@click.option("--results", type=click.Path(path_type=Path), help="Folder to write the results to.")
@click.option("--print", "printed", is_flag=True, help="Print each result as well, as one line.")
@pass_configuration
def command(
    configuration: Configuration, /, file: Path, job: tuple[str, ...], results: Path | None, *, printed: bool
) -> None:
    """Carry out jobs of a document, and write the result of each.

    JOB is a number or the beginning of a hash, as 'servanda jobs FILE' lists them; default: the one of the variable
    JOB_COMPLETION_INDEX, which Kubernetes sets. Exit code 0 means that there is a result, whatever it says; 'servanda
    jobs FILE --merge FOLDER' gives the verdict.

    Examples:
      servanda run-job jobs.json 3
      servanda run-job jobs.json 3 7 12 --results results
    """
    jobs = jobs_in(file)
    wanted = jobs.find(job or _by_index())
    folder = ResultFolder(results or own_place(configuration) / "results")
    missing = [each for each in wanted if not _carried_out(each, jobs, configuration, folder, printed=printed)]
    if missing:
        click.get_current_context().exit(2)


def _by_index() -> Sequence[str]:
    index = os.environ.get(_INDEX, "")
    if not (index.isascii() and index.isdigit()):
        hint = f"name it by its number: servanda run-job FILE 1; or set {_INDEX} to the number before it"
        raise ConfigurationError("no job is named", hint=hint)
    return (str(int(index) + 1),)


def _carried_out(job: Job, jobs: Jobs, configuration: Configuration, folder: ResultFolder, *, printed: bool) -> bool:
    seconds = configuration.limits.job_seconds
    try:
        with deadline(jobs.named(job), seconds, "job_seconds", reserve=_CLEARING_UP):
            result = run(_within(seconds, job, jobs, configuration))
        text = sealed(result)
        folder.keep(job, text, jobs.named(job))
    except ServandaError as error:
        complain(error)
        say(f"{jobs.named(job)} has no result")
        return False
    say(f"{jobs.named(job)} {result.stage.outcome} after {result.seconds:.1f} s: {folder.path(job)}")
    if printed:
        deliver(text)
    return True


async def _within(seconds: float, job: Job, jobs: Jobs, configuration: Configuration) -> Result:
    try:
        async with asyncio.timeout(seconds) as limit:
            with progress(console_for(sys.stderr)) as stores:
                return await carry_out(job, jobs, configuration, os.environ, stores)
    except TimeoutError:
        if not limit.expired():
            raise
        raise LimitError(f"{jobs.named(job)} did not end within {seconds:g} s", limit="job_seconds") from None
