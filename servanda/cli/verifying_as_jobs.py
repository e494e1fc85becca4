"""``servanda verify`` as jobs: they are written to a file, or run."""

from __future__ import annotations

from pathlib import Path

from servanda.cli.running_jobs import require_place, results_of, verdict_of
from servanda.cli.running_options import Running
from servanda.cli.verifying import Options
from servanda.configuration import Configuration
from servanda.errors import ConfigurationError
from servanda.jobs import Jobs
from servanda.jobs.making import jobs_of_contracts
from servanda.jobs.reading import keep_jobs, own_place
from servanda.jobs.times import times_in
from servanda.report.files import clear
from servanda.report.terminal import say
from servanda.verdict import Verdict
from servanda.verification import Selection, load_contracts


def write_jobs(configuration: Configuration, services: tuple[str, ...], options: Options, file: Path) -> None:
    """Write the jobs that a verification consists of.

    Raises:
        ConfigurationError: An option cannot be part of a job.
        ServandaError: Something that decides the results cannot be read, or the file cannot be written.
    """
    _require_parts(options, "--jobs")
    jobs = _jobs(configuration, services, options)
    keep_jobs(jobs, file)
    say(f"written: {file}, {len(jobs.jobs)} jobs")


def run_as_jobs(
    configuration: Configuration, services: tuple[str, ...], options: Options, running: Running, report: Path | None
) -> Verdict:
    """Run the jobs that a verification consists of, and return the verdict.

    Args:
        configuration: That of the tree.
        services: The providers; all if empty.
        options: What is verified.
        running: Where the jobs run.
        report: Place of the report, where an earlier one is removed.

    Raises:
        ConfigurationError: An option cannot be part of a job, or there is no such place.
        JobError: A job has no result in the end, or the place went away.
        ServandaError: Something that decides the results cannot be read.
    """
    _require_parts(options, "--on")
    require_place(running)
    if report is not None:
        # Before the jobs are made: a report that lies in the tree is a part of it.
        clear(report, [configuration.contracts.pacts])
    jobs = _jobs(configuration, services, options)
    return verdict_of(
        jobs, results_of(jobs, configuration, running), configuration, f"servanda verify --on {running.on}"
    )


def _require_parts(options: Options, chosen: str) -> None:
    if (option := options.of_this_machine) is not None:
        what = f"a job verifies contracts of the tree with services that it starts: {option} cannot be part of one"
        raise ConfigurationError(what, hint=f"leave out {option}, or {chosen}")


def _jobs(configuration: Configuration, services: tuple[str, ...], options: Options) -> Jobs:
    found = Selection(options.consumers).of(load_contracts(configuration, providers=services))
    return jobs_of_contracts(found, configuration, options.mode or "", times_in(own_place(configuration)))
