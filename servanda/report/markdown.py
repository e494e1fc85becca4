"""The verdict as Markdown, for the comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servanda.report import wording
from servanda.report.check.wording import hits
from servanda.verdict import Outcome, Verdict, arrows


def render(verdict: Verdict) -> str:
    """The answer first, then stages and contracts as tables, then what did not hold and why."""
    blocks = [
        f"## Servanda: {wording.answer(verdict)}",
        _table(("stage", "result", "seconds"), ((s.name, str(s.outcome), f"{s.seconds:.1f}") for s in verdict.stages)),
    ]
    if verdict.results:
        rows = (
            (
                arrow.consumer,
                arrow.provider,
                str(arrow.transport),
                f"{arrow.held}/{len(arrow.results)}",
                str(arrow.outcome),
                _code(str(arrow.where)),
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
        blocks.append(f"Examined on {_escape(', '.join(footer))}.")
    return "\n\n".join(blocks) + "\n"


def _troubles(verdict: Verdict) -> Iterator[str]:
    for finding in verdict.findings:
        yield f"- **{finding.severity}** {_code(str(finding.span.start))} `{finding.rule}` {_escape(finding.message)}"
        yield from (f"  - {_escape(line)}" for line in hits(finding) if finding.consumers)
    for stage in verdict.stages:
        for reason in stage.reasons:
            yield f"- **{stage.name}**"
            yield from _fenced(wording.lines(reason))
        for result in stage.results:
            if result.outcome is not Outcome.HELD:
                yield f"- **{result.outcome}** {_escape(wording.heading(result))}, {_code(str(result.evidence))}"
                for reason in result.reasons:
                    yield from _fenced(wording.lines(reason))


def _fenced(lines: Iterable[str]) -> Iterator[str]:
    # A payload may hold backticks; a longer fence keeps it in.
    yield "  ``````text"
    for line in lines:
        yield from (f"  {part}" for part in line.splitlines())
    yield "  ``````"


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _code(text: str) -> str:
    return f"`{text}`"


def _escape(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\`*_<>[]|#" else character for character in text)
