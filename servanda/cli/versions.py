"""``servanda versions``."""

from __future__ import annotations

import functools
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from servanda import infra
from servanda.cache import cache_folder
from servanda.cli.deadline import deadline
from servanda.cli.ending import run
from servanda.cli.group import pass_configuration
from servanda.cli.reporting import report_options
from servanda.cli.running_options import Running, require_no_file, running_options
from servanda.configuration import INSTANCES, Configuration, Store
from servanda.errors import ConfigurationError
from servanda.extensions import STORES
from servanda.extras import naming_extra
from servanda.gate.stage import VERSIONS
from servanda.gate.versions import versions
from servanda.report.console import console_for
from servanda.report.delivery import prepare, tell
from servanda.report.files import clear
from servanda.report.line import plain
from servanda.report.progress import progress
from servanda.report.terminal import deliver, say
from servanda.supervision import no_probe, own_folder
from servanda.verdict import DeployOrder, StoreFact, Verdict, decide

if TYPE_CHECKING:
    from servanda.checking.statements import StatementRecorder

with naming_extra():
    from servanda.cli.running_jobs import require_place, results_of, verdict_of
    from servanda.gate.rollout import PLAN, carried_out, keep, keep_plan, plan_of, with_the_smallest
    from servanda.jobs import Jobs
    from servanda.jobs.making import jobs_of_plan
    from servanda.jobs.reading import keep_jobs, own_place
    from servanda.jobs.times import times_in
    from servanda.report.versions import borrowing, building, plan_lines, step_happened, trying
    from servanda.versions.examination import Listeners
    from servanda.versions.plan import Plan, read_plan, written

_CHECKED = "checked"
# It ends itself and clears up; this is how long it may be kept from that by code that does not let go.
_CLEARING_UP = 60.0
_ORDERS = (*map(str, DeployOrder), _CHECKED)


@click.command("versions")
@click.option(
    "--live",
    multiple=True,
    metavar="VERSION",
    help="A live version: release, git reference, ./FOLDER, ./WHEEL or image:NAME.",
)
@click.option("--order", type=click.Choice(_ORDERS), default=_CHECKED, show_default=True, help="Order of the rollout.")
@click.option(
    "--instances",
    type=click.IntRange(INSTANCES.start, INSTANCES.stop - 1),
    help="Instances of a service while it is exchanged.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same plan.")
@click.option("--plan", "plan_file", type=click.Path(path_type=Path), help="Carry out this plan.")
@click.option("--only", type=int, metavar="STEP", help="Go from the first step of its run straight to STEP.")
@click.option("--shrink", is_flag=True, help="After a break, find the smallest run that shows it.")
@click.option("--dry-run", is_flag=True, help="Print the plan; start nothing.")
@click.option("--save", type=click.Path(path_type=Path), metavar="FILE", help="Save the plan there as well.")
@click.option("--jobs", "jobs_file", type=click.Path(path_type=Path), metavar="FILE", help="Write the jobs; run none.")
@click.option(
    "--infra", "mode", type=click.Choice(["auto", *map(str, infra.Provisioning)]), help="Provisioning of the stores."
)
@running_options
@report_options
@pass_configuration
def command(configuration: Configuration, /, form: str, report: Path | None, **given: Any) -> None:
    """Prove that old and new versions live together, and that rollback is safe.

    Starts the system in every state that a rollout of the working tree passes, with both versions on the same stores:
    all old, each service old and new at once, all new, rolled back, forward again. In each state it replays the
    contracts of the live versions, makes the end-to-end journeys of old callers, and asks again what was asked before.

    Examples:
      servanda versions --dry-run
      servanda versions --live 1.4.0 --live main
      servanda versions --live ./dist/shop-1.4.0-py3-none-any.whl
      servanda versions --live image:shop:1.4.0
      servanda versions --plan .servanda/versions/plan.json --only 3
      servanda versions --shrink
      servanda versions --jobs jobs.json
      servanda versions --on dask://scheduler.example:8786
    """
    running = Running.taken_from(given)
    _require_whole(running, given)
    if given["jobs_file"] is not None:
        _write_jobs(configuration, given)
        return
    if report is not None:
        clear(report, [configuration.contracts.pacts])
    verdict = _run(configuration, given) if running.on is None else _run_as_jobs(configuration, given, running)
    if verdict is not None:
        tell(prepare(verdict, form, report))
        click.get_current_context().exit(verdict.answer.exit_code)


def _require_whole(running: Running, given: dict[str, Any]) -> None:
    """Refuse what cannot be had of jobs."""
    if given["jobs_file"] is None and running.on is None:
        return
    require_no_file(running, given["jobs_file"])
    chosen, why = ("--on", "cuts it into jobs") if running.on is not None else ("--jobs", "starts none")
    for name in ("only", "shrink", "dry_run"):
        if given[name] is not None and given[name] is not False:
            option = f"--{name.replace('_', '-')}"
            hint = f"leave out {option}, or {chosen}"
            raise ConfigurationError(f"{option} is for a run, and {chosen} {why}", hint=hint)


def _write_jobs(configuration: Configuration, given: dict[str, Any]) -> None:
    plan = _plan(configuration, given)
    jobs = _jobs(plan, configuration, given)
    keep_jobs(jobs, given["jobs_file"])
    say(f"written: {given['jobs_file']}, {len(jobs.jobs)} jobs")


def _jobs(plan: Plan, configuration: Configuration, given: dict[str, Any]) -> Jobs:
    return jobs_of_plan(plan, configuration, given["mode"] or "", times_in(own_place(configuration)))


def _run_as_jobs(configuration: Configuration, given: dict[str, Any], running: Running) -> Verdict:
    require_place(running)
    plan = _plan(configuration, given)
    jobs = _jobs(plan, configuration, given)
    _begin(plan, configuration)
    found = results_of(jobs, configuration, running)
    repeated = f"servanda versions --plan .servanda/{VERSIONS}/{PLAN} --on {running.on}"
    return verdict_of(jobs, found, configuration, repeated)


def _run(configuration: Configuration, given: dict[str, Any]) -> Verdict | None:
    talk = console_for(sys.stderr)
    with deadline(VERSIONS, configuration.limits.versions_seconds, "versions_seconds", reserve=_CLEARING_UP):
        plan = _plan(configuration, given)
        if given["dry_run"]:
            deliver(plain(plan_lines(plan)))
            return None
        _begin(plan, configuration)
        with progress(talk) as stores:
            return _carried_out(plan, configuration, given, talk, stores)


def _begin(plan: Plan, configuration: Configuration) -> None:
    keep_plan(plan, configuration)
    for line in plain(plan_lines(plan)).splitlines():
        say(line)


def _carried_out(
    plan: Plan, configuration: Configuration, given: dict[str, Any], talk: Console, stores: infra.Listener
) -> Verdict:
    facts: dict[Store, StoreFact] = {}

    def heard(event: infra.Event) -> None:
        if isinstance(event, infra.StoreReady):
            facts[event.store] = event.fact
        stores(event)

    recorder = _recorder(configuration)
    listeners = Listeners(
        steps=functools.partial(step_happened, console=talk),
        stores=heard,
        built=functools.partial(building, console=talk),
        borrowing=functools.partial(borrowing, console=talk),
        tried=functools.partial(trying, console=talk),
        probe=recorder.probe if recorder is not None else no_probe,
    )
    began = time.time_ns() // 1_000_000
    mode = given["mode"]
    found = run(carried_out(plan, configuration, os.environ, only=given["only"], mode=mode, listeners=listeners))
    if recorder is not None:
        from servanda.checking.statements import write_all  # noqa: PLC0415 - most repositories record no statements

        run(write_all(recorder, configuration.root, say))
    stage = found.stage
    if given["shrink"]:
        stage = run(with_the_smallest(found, plan, configuration, os.environ, mode=mode, listeners=listeners))
    used = [facts[store] for store in STORES.ordered(facts)]
    return decide([stage], used, versions(configuration), found.instances, started=began)


def _recorder(configuration: Configuration) -> StatementRecorder | None:
    """Return what records the statements of services; ``None`` if none notes them."""
    if not configuration.records_statements:
        return None
    from servanda.checking.statements import StatementRecorder  # noqa: PLC0415 - most repositories record none

    return StatementRecorder(configuration, own_folder(configuration.root, VERSIONS), os.environ)


def _plan(configuration: Configuration, given: dict[str, Any]) -> Plan:
    plan = _read(given["plan_file"], given) if given["plan_file"] is not None else _made(configuration, given)
    if given["save"] is not None:
        keep(written(plan), given["save"])
    return plan


def _read(file: Path, given: dict[str, Any]) -> Plan:
    for option in ("live", "instances"):
        if given[option]:
            what = "a plan names its live versions and their instances"
            raise ConfigurationError(what, hint=f"leave out --plan, or --{option}")
    try:
        return read_plan(file.read_bytes(), os.fspath(file))
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", where=os.fspath(file)) from error


def _made(configuration: Configuration, given: dict[str, Any]) -> Plan:
    if given["instances"] is not None:
        settings = replace(configuration.versions, instances=given["instances"])
        configuration = replace(configuration, versions=settings)
    order = None if given["order"] == _CHECKED else DeployOrder(given["order"])
    cache = cache_folder(os.environ)
    return plan_of(configuration, cache, live=given["live"], order=order, seed=given["seed"], notice=say)
