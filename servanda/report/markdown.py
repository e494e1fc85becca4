"""The verdict as Markdown: one comment on a pull request, found again by its first line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servanda.escaping.markdown import code, fenced, prose
from servanda.escaping.shell import shell_line
from servanda.report import finding_wording, use_section, wording
from servanda.report.formats import Format
from servanda.report.grouping import ChangedElement, by_element
from servanda.verdict import Arrow, InterfaceUse, Outcome, Severity, StageResult, Verdict, arrows

MARKERS = ("<!-- servanda check -->", "<!-- servanda -->")
"""First line of the comment, by which a later run finds it to write it anew: of a check, and of anything else."""


def render(verdict: Verdict) -> str:
    """Write the answer first, then each changed element, then stages and contracts, then what did not hold and why."""
    blocks = [MARKERS[0 if wording.compares_only(verdict) else 1], f"## Servanda: {prose(wording.answer(verdict))}"]
    conclusions = [f"- {prose(line)}" for line in finding_wording.conclusions(verdict.stages)]
    if conclusions:
        blocks.append("\n".join(conclusions))
    blocks += _tables(verdict)
    blocks += [block for element in by_element(verdict.findings) for block in _element(element)]
    troubles = "\n".join(_troubles(verdict))
    if troubles:
        blocks.append(troubles)
    if unused := tuple(use_section.summary(verdict)):
        blocks.append(_unused(unused))
    footer = [wording.store(fact) for fact in verdict.infrastructure]
    footer += [f"{name} {verdict.versions[name]}" for name in sorted(verdict.versions)]
    if footer:
        blocks.append(f"Examined on {prose(', '.join(footer))}.")
    return "\n\n".join(blocks) + "\n"


def _tables(verdict: Verdict) -> Iterator[str]:
    if len(verdict.stages) > 1:
        yield _table(("stage", "result", "seconds"), map(_stage, verdict.stages))
    if verdict.results:
        header = ("consumer", "provider", "transport", "interactions", "result", "where to look")
        yield _table(header, map(_arrow, arrows(verdict.results)))


def _unused(found: Iterable[tuple[InterfaceUse, tuple[str, ...]]]) -> str:
    rows = (
        (
            code(interface.interface, cell=True),
            str(len(interface.elements)),
            ", ".join(code(e, cell=True) for e in unused),
        )
        for interface, unused in found
    )
    told = _table(("interface", "elements", "used by no consumer"), rows)
    return f"<details><summary>What no consumer uses</summary>\n\n{told}\n\n</details>"


def _stage(stage: StageResult) -> tuple[str, ...]:
    return prose(stage.name, cell=True), str(stage.outcome), f"{stage.seconds:.1f}"


def _arrow(arrow: Arrow) -> tuple[str, ...]:
    return (
        prose(arrow.consumer, cell=True),
        prose(arrow.provider, cell=True),
        str(arrow.transport),
        f"{arrow.held}/{len(arrow.results)}",
        str(arrow.outcome),
        code(str(arrow.where), cell=True),
    )


def _element(element: ChangedElement) -> Iterator[str]:
    yield f"### {element.severity}: {code(element.name)}"
    if element.span.path:
        yield code(str(element.span.start))
    yield "\n".join(f"- {prose(finding_wording.objection(finding, element))}" for finding in element.findings)
    if element.consumers:
        yield _consumers(element)
        yield from _evidence(element)
    elif element.transition is not None:
        yield f"{prose(finding_wording.NOBODY.capitalize())}."
    for line in finding_wording.transition(element.transition):
        yield f"{prose(line[0].upper() + line[1:])}."
    if finding_wording.steps(element):
        yield "\n".join(_steps(element))


def _consumers(element: ChangedElement) -> str:
    rows = (
        (
            prose(hit.consumer.name, cell=True),
            prose(hit.consumer.owner, cell=True),
            finding_wording.impact(hit),
            prose(finding_wording.because(hit), cell=True),
        )
        for hit in element.consumers
    )
    return _table(("consumer", "owner", "impact", "evidence"), rows)


def _evidence(element: ChangedElement) -> Iterator[str]:
    """Fold what the table counts: all evidence but the first of each consumer."""
    rest = [(hit.consumer.name, proof) for hit in element.consumers for proof in finding_wording.proofs(hit)[2]]
    if rest:
        lines = [f"- {prose(f'{name}: {proof}')}" for name, proof in rest]
        yield "\n".join([f"<details><summary>More evidence ({len(rest)})</summary>", "", *lines, "", "</details>"])


def _steps(element: ChangedElement) -> Iterator[str]:
    steps, language = element.steps, "yaml" if element.findings[0].category == "OPENAPI" else "proto"
    yield "<details><summary>Safe steps</summary>"
    yield ""
    for number, (name, step) in enumerate(steps.named, start=1):
        yield f"{number}. **{name}**: {prose(step)}"
    for title, snippet in (("before", steps.before), ("after the first step", steps.after)):
        if snippet:
            yield ""
            yield f"{title}:"
            yield from fenced(snippet.split("\n"), language)
    stopping = [finding for finding in element.findings if finding.severity is Severity.ERROR]
    if stopping:
        yield ""
        yield "To accept the breaking change:"
        words = (shell_line(["servanda", "waive", finding.fingerprint]) for finding in stopping)
        yield from fenced((f"{each} --reason … --owner … --expires …" for each in words), "console")
    yield "</details>"


def _troubles(verdict: Verdict) -> Iterator[str]:
    for stage in verdict.stages:
        for reason in stage.reasons:
            yield f"- **{stage.outcome}** {prose(stage.name)}"
            yield from _fenced(wording.lines(reason))
        for result in stage.results:
            if result.outcome is not Outcome.HELD:
                yield f"- **{result.outcome}** {prose(wording.heading(result))}, {code(str(result.evidence))}"
                if comments := tuple(wording.comments(result)):
                    yield from _fenced(comments)
                for reason in result.reasons:
                    yield from _fenced(wording.lines(reason))
                if again := wording.repeated(result):
                    yield from (f"  {line}" for line in fenced((again,), "console"))


def _fenced(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in fenced(lines))


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


FORMAT = Format("markdown", "verdict.md", render, mark=r"\A<!-- servanda")
