"""Progress of the stages of the gate on standard error."""

from __future__ import annotations

from rich.console import Console

from servanda.report.console import put
from servanda.report.text import OUTCOME_STYLES
from servanda.verdict import Outcome, StageResult


def stage_started(name: str, console: Console) -> None:
    """Say that a stage began."""
    put(console, f"{name} ...")


def stage_finished(result: StageResult, console: Console) -> None:
    """Say how a stage ended."""
    if result.outcome is not Outcome.SKIPPED:
        outcome = (str(result.outcome), OUTCOME_STYLES[result.outcome])
        put(console, f"{result.name} ", outcome, f" after {result.seconds:.1f} s")
