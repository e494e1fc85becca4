"""The report that a person reads in a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from servanda.report import wording
from servanda.report.check.wording import hits
from servanda.report.console import Part, put, put_table, styled
from servanda.verdict import Answer, Arrow, Outcome, Reason, StageResult, Verdict, arrows

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
        put_table(console, _stages(verdict.stages))
    if verdict.results:
        put_table(console, _arrows(arrows(verdict.results)))
    _findings(verdict, console)
    _troubles(verdict, console)
    put(console, "verdict ", (wording.answer(verdict), _ANSWER_STYLES[verdict.answer]))


def stage_started(name: str, console: Console) -> None:
    """Say that a stage began."""
    put(console, f"{name} ...")


def stage_finished(result: StageResult, console: Console) -> None:
    """Say how a stage ended."""
    if result.outcome is not Outcome.SKIPPED:
        put(console, f"{result.name} ", _outcome(result.outcome), f" after {result.seconds:.1f} s")


def _header(verdict: Verdict, console: Console) -> None:
    parts = [wording.store(fact) for fact in verdict.infrastructure]
    if parts:
        put(console, "infrastructure: " + ", ".join(parts))
    if verdict.versions:
        versions = ", ".join(f"{name} {verdict.versions[name]}" for name in sorted(verdict.versions))
        put(console, f"versions: {versions}")


def _outcome(outcome: Outcome) -> Part:
    return str(outcome), _STYLES[outcome]


def _stages(stages: Iterable[StageResult]) -> Table:
    table = Table()
    table.add_column("stage")
    table.add_column("result")
    table.add_column("seconds", justify="right")
    for stage in stages:
        seconds = "" if stage.outcome is Outcome.SKIPPED else f"{stage.seconds:.1f}"
        table.add_row(styled(stage.name), styled(_outcome(stage.outcome)), seconds)
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
        cells: tuple[Part, ...] = (*parties, _outcome(arrow.outcome), str(arrow.where))
        table.add_row(*(styled(cell) for cell in cells))
    return table


def _findings(verdict: Verdict, console: Console) -> None:
    for found in verdict.findings:
        put(console, f"{found.severity}: {wording.finding(found)}")
        for line in hits(found) if found.consumers else ():
            put(console, f"  {line}")


def _troubles(verdict: Verdict, console: Console) -> None:
    for stage in verdict.stages:
        for reason in stage.reasons:
            put(console, _outcome(stage.outcome), f" {stage.name}")
            _reason(reason, console)
        for result in stage.results:
            if result.outcome is Outcome.HELD:
                continue
            put(console, _outcome(result.outcome), f" {wording.heading(result)}")
            put(console, f"  contract: {result.evidence}")
            for reason in result.reasons:
                _reason(reason, console)


def _reason(reason: Reason, console: Console) -> None:
    for line in wording.lines(reason):
        put(console, f"  {line}")
