"""``servanda gate``."""

from __future__ import annotations

import functools
import os
import sys
from pathlib import Path

import click
from rich.console import Console

from servanda import infra
from servanda.cli.deadline import deadline
from servanda.cli.ending import run
from servanda.cli.group import pass_configuration
from servanda.cli.reporting import report_options
from servanda.configuration import Configuration
from servanda.gate.gate import STAGES, Listeners, Options, gate
from servanda.gate.stage import StageFinished, StageStarted
from servanda.report.console import console_for
from servanda.report.delivery import prepare, tell
from servanda.report.files import clear
from servanda.report.progress import progress
from servanda.report.stages import stage_finished, stage_started

# The gate ends itself and clears up; this is how long it may be kept from that by code that does not let go.
_CLEARING_UP = 60.0


@click.command("gate")
@click.option("--only", type=click.Choice(STAGES), multiple=True, help="Run only this stage; repeatable.")
@click.option("--keep-going", is_flag=True, help="Run every stage, even after one has failed.")
@click.option(
    "--infra", "mode", type=click.Choice(["auto", *map(str, infra.Provisioning)]), help="Provisioning of the stores."
)
@report_options
@pass_configuration
def command(
    configuration: Configuration,
    /,
    form: str,
    report: Path | None,
    mode: str | None,
    *,
    only: tuple[str, ...],
    keep_going: bool,
) -> None:
    """Decide whether this change may be merged.

    Examines interfaces, consumers, providers and end-to-end journeys, in this order, and stops at the first stage that
    does not hold. The platform runs as separate processes on real stores; nothing of it is left behind. The stage lint
    follows that of the interfaces where servanda.toml asks for it (lint = true in [interfaces]), and then the stage
    migrations where a service has some.

    Examples:
      servanda gate
      servanda gate --only interfaces --format github --report report
    """
    if report is not None:
        clear(report, [configuration.contracts.pacts])
    talk = console_for(sys.stderr)
    seconds = configuration.limits.gate_seconds
    with deadline("the gate", seconds, "gate_seconds", reserve=_CLEARING_UP), progress(talk) as stores:
        listeners = Listeners(stages=functools.partial(_stage, talk), stores=stores)
        verdict = run(gate(configuration, os.environ, Options(only, keep_going, mode), listeners))
    tell(prepare(verdict, form, report))
    click.get_current_context().exit(verdict.answer.exit_code)


def _stage(talk: Console, event: StageStarted | StageFinished) -> None:
    match event:
        case StageStarted(name):
            stage_started(name, talk)
        case StageFinished(result):
            stage_finished(result, talk)
