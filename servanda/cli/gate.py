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
from servanda.configuration import Configuration
from servanda.gate.gate import STAGES, Listeners, Options, gate
from servanda.gate.stage import StageFinished, StageStarted
from servanda.report import files, text
from servanda.report.console import console_for
from servanda.report.progress import progress
from servanda.report.terminal import say

# The gate ends itself and clears up; this is how long it may be kept from that by code that does not let go.
_CLEARING_UP = 60.0


@click.command("gate")
@click.option("--only", type=click.Choice(STAGES), multiple=True, help="Examine this stage only; may be repeated.")
@click.option("--keep-going", is_flag=True, help="Examine every stage, also after one that failed.")
@click.option(
    "--report",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write verdict.json, junit.xml and verdict.md to.",
)
@click.option("--infra", "mode", type=click.Choice(["auto", *map(str, infra.Kind)]), help="Where the stores come from.")
@pass_configuration
def command(
    configuration: Configuration, only: tuple[str, ...], keep_going: bool, report: Path | None, mode: str | None
) -> None:
    """Tell whether this change may be merged.

    Examines interfaces, consumers, providers and end-to-end journeys, in this order, and stops at the first stage that
    does not hold. The platform runs as separate processes on real stores; nothing of it is left behind.
    """
    if report is not None:
        files.clear(report)
    talk = console_for(sys.stderr)
    seconds = configuration.limits.gate_seconds
    with deadline("the gate", seconds, "gate_seconds", reserve=_CLEARING_UP), progress(talk) as stores:
        listeners = Listeners(stages=functools.partial(_stage, talk), stores=stores)
        verdict = run(gate(configuration, os.environ, Options(only, keep_going, mode), listeners))
    text.verdict_table(verdict, console_for(sys.stdout))
    if report is not None:
        for path in files.write(verdict, report):
            say(f"written: {path}")
    click.get_current_context().exit(verdict.answer.exit_code)


def _stage(talk: Console, event: StageStarted | StageFinished) -> None:
    match event:
        case StageStarted(name):
            text.stage_started(name, talk)
        case StageFinished(result):
            text.stage_finished(result, talk)
