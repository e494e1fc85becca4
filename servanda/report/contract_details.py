"""Contracts in detail for a page of HTML: every interaction with its outcome, and why it does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servanda.escaping.documents import html_text
from servanda.report import difference, wording
from servanda.report.markup import badge, place, table
from servanda.verdict import Arrow, InteractionResult, Outcome, Reason, StageResult

_ARROW = ("consumer", "provider", "transport", "interactions", "result", "where to look")
_INTERACTION = ("interaction", "result", "seconds", "where it stands")


def overview(arrows: Iterable[Arrow]) -> str:
    """Show one row for each consumer, provider and transport."""
    return table("Consumers and providers", _ARROW, map(_arrow, arrows))


def _arrow(arrow: Arrow) -> tuple[str, ...]:
    parties = html_text(arrow.consumer), html_text(arrow.provider), html_text(arrow.transport)
    where = f"<code>{html_text(str(arrow.where))}</code>"
    return *parties, f"{arrow.held}/{len(arrow.results)}", badge(arrow.outcome), where


def contracts(arrows: Iterable[Arrow]) -> Iterator[str]:
    """Fold the interactions of each arrow under a line that can be opened."""
    for arrow in arrows:
        name = f"{arrow.consumer} -> {arrow.provider} ({arrow.transport})"
        rows = table(f"Interactions of {name}", _INTERACTION, map(_row, arrow.results))
        counted = f"{arrow.held} of {len(arrow.results)} held"
        yield (
            f"<details><summary>{badge(arrow.outcome)} {html_text(name)} "
            f'<span class="quiet">{counted}</span></summary>\n{rows}\n</details>'
        )


def _row(result: InteractionResult) -> tuple[str, ...]:
    where = f"<code>{html_text(str(result.evidence))}</code>"
    return html_text(result.interaction), badge(result.outcome), f"{result.seconds:.2f}", where


def troubles(stages: Iterable[StageResult], outcome: Outcome) -> Iterator[str]:
    """Show the stages and interactions of one outcome that have something to say for themselves."""
    for stage in stages:
        if stage.reasons and stage.outcome is outcome:
            yield _trouble(outcome, stage.name, stage.reasons)
        if outcome is not Outcome.HELD:
            yield from (_interaction(result) for result in stage.results if result.outcome is outcome)


def _interaction(result: InteractionResult) -> str:
    comments = "".join(f"<p>{html_text(line)}</p>" for line in wording.comments(result))
    command = wording.repeated(result)
    again = f'<p class="quiet">Verify it again:</p><pre>{html_text(command)}</pre>' if command else ""
    before = place(str(result.evidence)) + comments
    return _trouble(result.outcome, wording.heading(result), result.reasons, before, again)


def _trouble(outcome: Outcome, heading: str, reasons: Iterable[Reason], before: str = "", after: str = "") -> str:
    told = "\n".join(map(difference.reason, reasons))
    title = f"<h3>{badge(outcome)} {html_text(heading)}</h3>"
    return f'<article class="{outcome}">\n{title}\n{before}{told}{after}\n</article>'
