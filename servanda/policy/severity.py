"""The severity of a finding, by its rule, by the stability of its package and by what is known of consumers."""

from __future__ import annotations

from servanda.verdict import Finding, Impact, Severity


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
    if impacts == {Impact.UNAFFECTED}:
        return Severity.WARNING
    return finding.severity
