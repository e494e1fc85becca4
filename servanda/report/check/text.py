"""The check as text: the position first, as editors know it, then who is hit, then what to do."""

from __future__ import annotations

from collections.abc import Iterator

from servanda.escaping import line as escaped
from servanda.report.check import wording
from servanda.verdict import Check, Finding, Severity


def render(check: Check) -> str:
    """Every finding, then the result in one line."""
    lines = [line for finding in check.findings for line in _finding(finding)]
    lines += [wording.summary(check), *wording.conclusion(check)]
    return "".join(f"{escaped(line)}\n" for line in lines)


def _finding(finding: Finding) -> Iterator[str]:
    yield f"{wording.place(finding)}: {finding.rule} {finding.message}"
    yield f"  {finding.severity}: {wording.SEVERITIES[finding.severity]}; {finding.element} [{finding.fingerprint}]"
    yield from (f"  {line}" for line in wording.hits(finding))
    yield from (f"  {line}" for line in wording.transition(finding))
    if finding.severity in (Severity.ERROR, Severity.WARNING):
        yield from (f"  {name}: {step}" for name, step in finding.steps.named)
