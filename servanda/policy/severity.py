"""The severity of a finding: by its rule, by the stability of its package and by what is known of consumers."""

from __future__ import annotations

from servanda.configuration import Level
from servanda.verdict import Finding, Impact, Severity


def severity_of(finding: Finding, level: Level | None = None) -> Severity:
    """Return the severity before anybody waives anything.

    Advice stays advice, whoever uses the element, unless an example in a contract proves that it breaks somebody.
    Alpha and beta packages are reported and never stop a change. What all known consumers were observed not to use is
    reported too; it counts as used as long as one of them is unknown.

    Args:
        finding: What was found, with the severity of its rule.
        level: What the repository chose for it, if it did and did not switch it off: then no consumer raises it.
    """
    own = Severity(level) if level is not None else finding.severity
    if own is Severity.ADVICE and (level is not None or not _is_proven(finding)):
        return own
    impacts = {hit.impact for hit in finding.consumers}
    if finding.unstable or impacts == {Impact.UNAFFECTED}:
        return Severity.WARNING
    return Severity.ERROR if level is None and Impact.BROKEN in impacts else own


def _is_proven(finding: Finding) -> bool:
    broken = (hit for hit in finding.consumers if hit.impact is Impact.BROKEN)
    return any(evidence.refused for hit in broken for evidence in hit.evidence)
