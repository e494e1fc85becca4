"""What a finding does to the answer, by category, by stability of the package and by what is known of consumers."""

from __future__ import annotations

from typing import Final

from servanda.verdict import Finding, Impact, Severity

# The definition alone does not tell whether these break anybody: they stop a change if a consumer is known to break.
_REPORTED: Final = frozenset({"DIRECTION", "DEPRECATION"})


def severity_of(finding: Finding) -> Severity:
    """Return the severity before anybody waives anything.

    Alpha and beta packages are reported and never stop a change. What all known consumers were observed not to use is
    reported too; it counts as used as long as one of them is unknown.
    """
    impacts = {hit.impact for hit in finding.consumers}
    if finding.unstable:
        return Severity.WARNING
    if Impact.BROKEN in impacts:
        return Severity.ERROR
    if impacts == {Impact.UNAFFECTED} or finding.category in _REPORTED:
        return Severity.WARNING
    return finding.severity
