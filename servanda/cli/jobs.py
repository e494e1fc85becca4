"""``servanda jobs``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from servanda.cli.group import pass_configuration
from servanda.cli.reporting import report_options
from servanda.cli.running_options import Running, running_options
from servanda.configuration import Configuration
from servanda.errors import ConfigurationError
from servanda.extras import naming_extra
from servanda.report.delivery import prepare, tell
from servanda.report.files import clear
from servanda.report.terminal import answer, deliver

with naming_extra():
    from servanda.cli.running_jobs import results_of, verdict_of
    from servanda.jobs import Jobs
    from servanda.jobs.folder import collected
    from servanda.jobs.matrix import MATRICES, batches
    from servanda.jobs.reading import jobs_in


@click.command("jobs")
@click.argument("file", type=click.Path(path_type=Path))
@running_options
@click.option("--merge", "merge", type=click.Path(path_type=Path), multiple=True, help="Folder of results; repeatable.")
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
    running = Running.taken_from(given)
    jobs = jobs_in(file)
    if given["matrix"] is not None:
        form_of = MATRICES[given["matrix"]]
        deliver(form_of.render(jobs, batches(jobs, form_of.most)))
        return
    if running.on is None and not given["merge"]:
        for line in _listed(jobs):
            answer(line)
        return
    if report is not None:
        clear(report, [file])
    found = collected(jobs, given["merge"]) if given["merge"] else results_of(jobs, configuration, running)
    verdict = verdict_of(jobs, found, configuration, f"servanda jobs {file}")
    tell(prepare(verdict, form, report))
    click.get_current_context().exit(verdict.answer.exit_code)


def _require_one(given: Mapping[str, Any]) -> None:
    chosen = [f"--{name}" for name in ("on", "merge", "matrix") if given[name]]
    if len(chosen) > 1:
        what = f"{' and '.join(chosen)} exclude each other"
        raise ConfigurationError(what, hint="--on runs jobs, --merge reads results, --matrix prints who runs what")


def _listed(jobs: Jobs) -> list[str]:
    whole = sum(job.expected_seconds for job in jobs.jobs)
    rows = [
        f"{number:>4}  {job.short}  {job.expected_seconds:>6.0f} s  {job.title}"
        for number, job in enumerate(jobs.jobs, 1)
    ]
    return [*rows, f"{len(jobs.jobs)} jobs of the stage {jobs.stage}, about {whole:.0f} s one after the other"]
