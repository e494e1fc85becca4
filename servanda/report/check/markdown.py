"""The check as Markdown: one comment on a pull request, found again by its first line."""

from __future__ import annotations

from collections.abc import Iterator

from servanda.escaping.markdown import code, fenced, prose
from servanda.escaping.shell import shell_line
from servanda.policy.rules import CATEGORY
from servanda.report.check import wording
from servanda.verdict import Check, Finding, Severity

MARKER = "<!-- servanda check -->"
"""First line of the comment, by which a later run finds it to write it anew."""


def render(check: Check) -> str:
    """The result, then each finding with a table of who is hit and the safe steps folded away."""
    heading = "holds" if check.holds else "breaks consumers"
    blocks = [MARKER, f"## Interfaces: {heading}", prose(wording.summary(check))]
    conclusion = [f"- {prose(line)}" for line in wording.conclusion(check)]
    if conclusion:
        blocks.append("\n".join(conclusion))
    blocks += [block for finding in check.findings for block in _finding(finding)]
    return "\n\n".join(blocks) + "\n"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"### {finding.severity}: {code(finding.rule)} {prose(finding.element)}"
    yield f"{code(wording.place(finding))} {prose(finding.message)}"
    if finding.category == CATEGORY:
        return
    if finding.consumers:
        rows = [
            f"| {prose(hit.consumer.name, cell=True)} | {prose(hit.consumer.owner, cell=True)} | {wording.impact(hit)} "
            f"| {prose(wording.because(hit), cell=True)} |"
            for hit in finding.consumers
        ]
        yield "\n".join(["| consumer | owner | impact | evidence |", "| --- | --- | --- | --- |", *rows])
    else:
        yield prose(wording.NOBODY.capitalize()) + "."
    for line in wording.transition(finding):
        yield f"{prose(line[0].upper() + line[1:])}."
    if finding.severity in (Severity.ERROR, Severity.WARNING):
        yield "\n".join(_steps(finding))


def _steps(finding: Finding) -> Iterator[str]:
    steps, language = finding.steps, "yaml" if finding.category == "OPENAPI" else "proto"
    yield "<details><summary>The safe steps</summary>"
    yield ""
    for number, (name, step) in enumerate(steps.named, start=1):
        yield f"{number}. **{name}**: {prose(step)}"
    for title, snippet in (("before", steps.before), ("after the first step", steps.after)):
        if snippet:
            yield ""
            yield f"{title}:"
            yield from fenced(snippet.split("\n"), language)
    if finding.severity is Severity.ERROR:
        yield ""
        words = shell_line(["servanda", "waive", finding.fingerprint])
        yield f"Accept it all the same: {code(f'{words} --reason … --owner … --expires …')}"
    yield "</details>"
