"""The stages of a run for a page of HTML: result, content, and a bar for when each ran and how long it took."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servanda.escaping.documents import html_text
from servanda.report.grouping import by_element
from servanda.report.markup import badge, table
from servanda.verdict import Outcome, StageResult

_HEADER = ("stage", "result", "seconds", "time", "content")
_LENGTH = 160


def times(stages: Iterable[StageResult]) -> str:
    """Show a table of the stages; each bar begins where the one before it ended."""
    told = tuple(stages)
    return table("Stages", _HEADER, _rows(told, sum(stage.seconds for stage in told)))


def _rows(stages: Iterable[StageResult], total: float) -> Iterator[tuple[str, ...]]:
    begin = 0.0
    for stage in stages:
        seconds = "" if stage.outcome is Outcome.SKIPPED else f"{stage.seconds:.1f}"
        bar = _bar(stage, begin, total)
        yield html_text(stage.name), badge(stage.outcome), seconds, bar, html_text(_content(stage))
        begin += stage.seconds


def _bar(stage: StageResult, begin: float, total: float) -> str:
    if not total:
        return ""
    start = round(_LENGTH * begin / total)
    length = max(round(_LENGTH * stage.seconds / total), 2 if stage.seconds else 0)
    return (
        f'<svg class="bar" width="{_LENGTH}" height="12" aria-hidden="true">'
        f'<rect class="track" width="{_LENGTH}" height="12" rx="2"/>'
        f'<rect class="{stage.outcome}" x="{min(start, _LENGTH - 2)}" width="{length}" height="12" rx="2"/></svg>'
    )


def _content(stage: StageResult) -> str:
    told = []
    if stage.findings:
        told.append(_counted(len(by_element(stage.findings)), "changed element"))
    if stage.results:
        held = sum(result.outcome is Outcome.HELD for result in stage.results)
        told.append(f"{held} of {_counted(len(stage.results), 'interaction')} held")
    if not told and stage.outcome is Outcome.SKIPPED:
        told.append("not examined")
    if not told and stage.reasons and stage.outcome is not Outcome.HELD:
        told.append(stage.reasons[0].message.partition("\n")[0])
    return ", ".join(told)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
