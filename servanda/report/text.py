"""The verdict as text: the position first, as editors know it, then who is hit, then what to do.

Advice is counted alone: what stops the change must not be lost in guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servanda.report import finding_wording, wording
from servanda.report.formats import Format
from servanda.report.grouping import ChangedElement, by_element, tally
from servanda.report.line import Line, plain
from servanda.verdict import Answer, Arrow, Impact, Outcome, Reason, Severity, StageResult, Verdict, arrows

OUTCOME_STYLES = {
    Outcome.HELD: "green",
    Outcome.BROKEN: "bold red",
    Outcome.UNKNOWN: "yellow",
    Outcome.PENDING: "cyan",
    Outcome.SKIPPED: "dim",
}
_ANSWER_STYLES = {Answer.YES: "bold green", Answer.NO: "bold red", Answer.UNKNOWN: "bold yellow"}
_SEVERITY_STYLES = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "yellow",
    Severity.ADVICE: "dim",
    Severity.WAIVED: "cyan",
    Severity.BASELINE: "dim",
}
_IMPACT_STYLES = {
    Impact.BROKEN: "red",
    Impact.POTENTIALLY_AFFECTED: "yellow",
    Impact.UNKNOWN: "yellow",
    Impact.UNAFFECTED: "green",
}
MANY = 20
"""More changed elements than that are counted by rule and by file."""


def render(verdict: Verdict) -> str:
    """Write the verdict without colours, each record in one line."""
    return plain(lines(verdict))


def lines(verdict: Verdict) -> Iterator[Line]:
    """Tell what the run used, its stages, who is hit by which change, what did not hold and why, then the answer."""
    yield from _header(verdict)
    if len(verdict.stages) > 1:
        yield from _stages(verdict.stages)
    yield from _arrows(arrows(verdict.results))
    every = by_element(verdict.findings)
    elements = [each for each in every if not finding_wording.is_advice(each)]
    for element in elements:
        yield from _element(element)
    if len(elements) > MANY:
        yield from _tally(elements)
    yield from _troubles(verdict)
    yield from ((told,) for told in finding_wording.conclusions(verdict.stages))
    yield from ((told,) for told in finding_wording.unlisted(every))
    if not wording.compares_only(verdict):  # of a check the line above is the answer
        yield "verdict ", (wording.answer(verdict), _ANSWER_STYLES[verdict.answer])


def _header(verdict: Verdict) -> Iterator[Line]:
    stores = [wording.store(fact) for fact in verdict.infrastructure]
    if stores:
        yield (f"infrastructure: {', '.join(stores)}",)
    if verdict.versions:
        yield (f"versions: {', '.join(f'{name} {verdict.versions[name]}' for name in sorted(verdict.versions))}",)


def _stages(stages: tuple[StageResult, ...]) -> Iterator[Line]:
    width = max(len(stage.name) for stage in stages)
    for stage in stages:
        outcome = (f"{stage.outcome}", OUTCOME_STYLES[stage.outcome])
        if stage.outcome is Outcome.SKIPPED:
            yield f"{stage.name:{width}}  ", outcome
        else:
            yield f"{stage.name:{width}}  ", outcome, f"{'':{8 - len(stage.outcome)}}{stage.seconds:6.1f} s"


def _arrows(shown: tuple[Arrow, ...]) -> Iterator[Line]:
    consumers, providers, transports = (
        max((len(getattr(arrow, name)) for arrow in shown), default=0) for name in ("consumer", "provider", "transport")
    )
    counts = max((len(_count(arrow)) for arrow in shown), default=0)
    for arrow in shown:
        transport = f"({arrow.transport})"
        parties = f"{arrow.consumer:{consumers}} -> {arrow.provider:{providers}} {transport:{transports + 2}}"
        outcome = (f"{arrow.outcome}", OUTCOME_STYLES[arrow.outcome])
        yield f"{parties}  {_count(arrow):>{counts}} ", outcome, f"  {arrow.where}"


def _count(arrow: Arrow) -> str:
    return f"{arrow.held}/{len(arrow.results)}"


def _element(element: ChangedElement) -> Iterator[Line]:
    place = f"{element.span.start}: " if element.span.path else ""
    yield (
        place,
        (str(element.severity), _SEVERITY_STYLES[element.severity]),
        f": {element.name}" if element.name else "",
    )
    yield from ((f"  {finding_wording.objection(finding, element)}",) for finding in element.findings)
    for told, hit in zip(finding_wording.hits(element), (*element.consumers, None), strict=False):
        yield "  ", (told, _IMPACT_STYLES[hit.impact]) if hit else told
    yield from ((f"  {told}",) for told in finding_wording.transition(element.transition))
    yield from ((f"  {name}: {step}",) for name, step in finding_wording.steps(element))


def _tally(elements: Iterable[ChangedElement]) -> Iterator[Line]:
    rules, files = tally(elements)
    for kind, counts in (("rule", rules), ("file", files)):
        width = len(str(max(counts.values())))
        for name, count in counts.items():
            yield (f"{count:{width}} {'element' if count == 1 else 'elements'} by {kind} {name or 'unknown'}",)


def _troubles(verdict: Verdict) -> Iterator[Line]:
    for stage in verdict.stages:
        outcome = (str(stage.outcome), OUTCOME_STYLES[stage.outcome])
        for reason in stage.reasons:
            yield outcome, f" {stage.name}"
            yield from _reason(reason)
        for result in stage.results:
            if result.outcome is not Outcome.HELD:
                yield (str(result.outcome), OUTCOME_STYLES[result.outcome]), f" {wording.heading(result)}"
                yield (f"  contract: {result.evidence}",)
                yield from ((f"  comment: {line}",) for line in wording.comments(result))
                for reason in result.reasons:
                    yield from _reason(reason)
                if again := wording.repeated(result):
                    yield (f"  again: {again}",)


def _reason(reason: Reason) -> Iterator[Line]:
    return ((f"  {line}",) for line in wording.lines(reason))


FORMAT = Format(
    "text", "verdict.txt", render, mark=r"(?m)^verdict (yes|no|unknown)\b|^\S.* (against .+: |without a base: )"
)
