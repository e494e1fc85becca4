"""The report that a person reads in a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from servanda.report import wording
from servanda.report.check.wording import hits
from servanda.verdict import Answer, Arrow, Outcome, Reason, StageResult, Verdict, arrows

_WIDTH = 120
_STYLES = {
    Outcome.HELD: "green",
    Outcome.BROKEN: "bold red",
    Outcome.UNKNOWN: "yellow",
    Outcome.SKIPPED: "dim",
}
_ANSWER_STYLES = {Answer.YES: "bold green", Answer.NO: "bold red", Answer.UNKNOWN: "bold yellow"}


def verdict_table(verdict: Verdict, console: Console) -> None:
    """Print a whole verdict: what it ran on, its stages, its interactions, what did not hold and why, the answer."""
    _header(verdict, console)
    if verdict.stages:
        console.print(_stages(verdict.stages))
    if verdict.results:
        console.print(_arrows(arrows(verdict.results)))
    _findings(verdict, console)
    _troubles(verdict, console)
    console.print(Text.assemble("verdict ", (wording.answer(verdict), _ANSWER_STYLES[verdict.answer])), soft_wrap=True)


def console_for(stream: TextIO) -> Console:
    """A console on that stream; as wide as a report needs where nobody says how wide it is."""
    return Console(file=stream, width=None if stream.isatty() else _WIDTH, highlight=False)


def stage_started(name: str, console: Console) -> None:
    """Say that a stage began."""
    console.print(Text(f"{name} ..."))


def stage_finished(result: StageResult, console: Console) -> None:
    """Say how a stage ended."""
    if result.outcome is not Outcome.SKIPPED:
        console.print(Text.assemble(f"{result.name} ", _outcome(result.outcome), f" after {result.seconds:.1f} s"))


def _header(verdict: Verdict, console: Console) -> None:
    parts = [wording.store(fact) for fact in verdict.infrastructure]
    if parts:
        console.print(Text("infrastructure: " + ", ".join(parts)), soft_wrap=True)
    if verdict.versions:
        versions = ", ".join(f"{name} {verdict.versions[name]}" for name in sorted(verdict.versions))
        console.print(Text(f"versions: {versions}"), soft_wrap=True)


def _outcome(outcome: Outcome) -> Text:
    return Text(str(outcome), style=_STYLES[outcome])


def _stages(stages: Iterable[StageResult]) -> Table:
    table = Table()
    table.add_column("stage")
    table.add_column("result")
    table.add_column("seconds", justify="right")
    for stage in stages:
        seconds = "" if stage.outcome is Outcome.SKIPPED else f"{stage.seconds:.1f}"
        table.add_row(Text(stage.name), _outcome(stage.outcome), seconds)
    return table


def _arrows(shown: Iterable[Arrow]) -> Table:
    table = Table()
    for name in ("consumer", "provider", "transport"):
        table.add_column(name, no_wrap=True)
    table.add_column("interactions", justify="right")
    table.add_column("result")
    table.add_column("where to look", overflow="fold")
    for arrow in shown:
        parties = (arrow.consumer, arrow.provider, str(arrow.transport), f"{arrow.held}/{len(arrow.results)}")
        table.add_row(*(Text(cell) for cell in parties), _outcome(arrow.outcome), Text(str(arrow.where)))
    return table


def _findings(verdict: Verdict, console: Console) -> None:
    for found in verdict.findings:
        console.print(Text(f"{found.severity}: {wording.finding(found)}"), soft_wrap=True)
        for line in hits(found) if found.consumers else ():
            console.print(Text(f"  {line}"), soft_wrap=True)


def _troubles(verdict: Verdict, console: Console) -> None:
    for stage in verdict.stages:
        for reason in stage.reasons:
            console.print(Text.assemble(_outcome(stage.outcome), f" {stage.name}"))
            _reason(reason, console)
        for result in stage.results:
            if result.outcome is Outcome.HELD:
                continue
            heading = f" {wording.heading(result)}"
            console.print(Text.assemble(_outcome(result.outcome), heading), soft_wrap=True)
            console.print(Text(f"  contract: {result.evidence}"), soft_wrap=True)
            for reason in result.reasons:
                _reason(reason, console)


def _reason(reason: Reason, console: Console) -> None:
    for line in wording.lines(reason):
        console.print(Text(f"  {line}"), soft_wrap=True)
