"""The check as Markdown: one comment on a pull request, found again by its first line."""

from __future__ import annotations

from collections.abc import Iterator

from servanda.policy.rules import CATEGORY
from servanda.report.check import wording
from servanda.verdict import Check, Finding, Severity

MARKER = "<!-- servanda check -->"
"""First line of the comment, by which a later run finds it to write it anew."""


def render(check: Check) -> str:
    """The result, then each finding with a table of who is hit and the safe steps folded away."""
    heading = "holds" if check.holds else "breaks consumers"
    blocks = [MARKER, f"## Interfaces: {heading}", _escape(wording.summary(check))]
    conclusion = [f"- {_escape(line)}" for line in wording.conclusion(check)]
    if conclusion:
        blocks.append("\n".join(conclusion))
    blocks += [block for finding in check.findings for block in _finding(finding)]
    return "\n\n".join(blocks) + "\n"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"### {finding.severity}: `{finding.rule}` {_escape(finding.element)}"
    yield f"{_code(wording.place(finding))} {_escape(finding.message)}"
    if finding.category == CATEGORY:
        return
    if finding.consumers:
        rows = [
            f"| {_cell(hit.consumer.name)} | {_cell(hit.consumer.owner)} | {wording.impact(hit)} "
            f"| {_cell(wording.because(hit))} |"
            for hit in finding.consumers
        ]
        yield "\n".join(["| consumer | owner | impact | evidence |", "| --- | --- | --- | --- |", *rows])
    else:
        yield _escape(wording.NOBODY.capitalize()) + "."
    for line in wording.transition(finding):
        yield f"{_escape(line[0].upper() + line[1:])}."
    if finding.severity in (Severity.ERROR, Severity.WARNING):
        yield "\n".join(_steps(finding))


def _steps(finding: Finding) -> Iterator[str]:
    steps, language = finding.steps, "yaml" if finding.category == "OPENAPI" else "proto"
    yield "<details><summary>The safe steps</summary>"
    yield ""
    for number, (name, step) in enumerate(steps.named, start=1):
        yield f"{number}. **{name}**: {_escape(step)}"
    for title, snippet in (("before", steps.before), ("after the first step", steps.after)):
        if snippet:
            yield ""
            yield f"{title}:"
            yield f"```{language}"
            yield snippet
            yield "```"
    if finding.severity is Severity.ERROR:
        yield ""
        yield f"Accept it all the same: `servanda waive {finding.fingerprint} --reason … --owner … --expires …`"
    yield "</details>"


def _cell(text: str) -> str:
    return _escape(" ".join(text.split()))


def _code(text: str) -> str:
    return f"`{text.replace('`', '')}`"


def _escape(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\`*_<>[]|#" else character for character in text)
