"""The verdict as Markdown, for the comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servanda.escaping.markdown import code, fenced, prose
from servanda.report import wording
from servanda.report.check.wording import hits
from servanda.verdict import Outcome, StageResult, Verdict, arrows


def render(verdict: Verdict) -> str:
    """The answer first, then stages and contracts as tables, then what did not hold and why."""
    blocks = [
        f"## Servanda: {prose(wording.answer(verdict))}",
        _table(("stage", "result", "seconds"), (_stage(stage) for stage in verdict.stages)),
    ]
    if verdict.results:
        rows = (
            (
                prose(arrow.consumer, cell=True),
                prose(arrow.provider, cell=True),
                str(arrow.transport),
                f"{arrow.held}/{len(arrow.results)}",
                str(arrow.outcome),
                code(str(arrow.where), cell=True),
            )
            for arrow in arrows(verdict.results)
        )
        header = ("consumer", "provider", "transport", "interactions", "result", "where to look")
        blocks.append(_table(header, rows))
    troubles = "\n".join(_troubles(verdict))
    if troubles:
        blocks.append(troubles)
    footer = [wording.store(fact) for fact in verdict.infrastructure]
    footer += [f"{name} {verdict.versions[name]}" for name in sorted(verdict.versions)]
    if footer:
        blocks.append(f"Examined on {prose(', '.join(footer))}.")
    return "\n\n".join(blocks) + "\n"


def _stage(stage: StageResult) -> tuple[str, ...]:
    return prose(stage.name, cell=True), str(stage.outcome), f"{stage.seconds:.1f}"


def _troubles(verdict: Verdict) -> Iterator[str]:
    for finding in verdict.findings:
        yield f"- **{finding.severity}** {code(str(finding.span.start))} {code(finding.rule)} {prose(finding.message)}"
        yield from (f"  - {prose(line)}" for line in (hits(finding) if finding.consumers else ()))
    for stage in verdict.stages:
        for reason in stage.reasons:
            yield f"- **{stage.outcome}** {prose(stage.name)}"
            yield from _fenced(wording.lines(reason))
        for result in stage.results:
            if result.outcome is not Outcome.HELD:
                yield f"- **{result.outcome}** {prose(wording.heading(result))}, {code(str(result.evidence))}"
                for reason in result.reasons:
                    yield from _fenced(wording.lines(reason))


def _fenced(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in fenced(lines))


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
