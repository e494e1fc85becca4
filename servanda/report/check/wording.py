"""The sentences that all formats of a check share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from servanda.policy.rules import CATEGORY
from servanda.verdict import Bump, Check, ConsumerImpact, DeployOrder, Evidence, Finding, Impact, Severity

SEVERITIES = {
    Severity.ERROR: "stops the change",
    Severity.WARNING: "reported, does not stop the change",
    Severity.WAIVED: "waived, somebody answers for it",
    Severity.BASELINE: "known since the check was adopted",
}
IMPACTS = {
    Impact.BROKEN: "broken",
    Impact.POTENTIALLY_AFFECTED: "potentially affected",
    Impact.UNKNOWN: "unknown, counts as in use",
    Impact.UNAFFECTED: "unaffected",
}
ORDERS = {
    DeployOrder.ANY: "in any order",
    DeployOrder.PROVIDER_FIRST: "the provider first, then its consumers",
    DeployOrder.CONSUMERS_FIRST: "the consumers first, then the provider",
    DeployOrder.NONE: "no order is safe: make the change in steps",
}
_LONG = 80
NOBODY = "no consumer is known: counts as in use"
NO_PROOF = "no proof of use, and no observation of its tests"


def summary(check: Check) -> str:
    """The result in one line."""
    counts = Counter(finding.severity for finding in check.findings)
    told = [f"{counts[severity]} {_NAMES[severity]}{_plural(severity, counts[severity])}" for severity in Severity]
    shown = [text for text, severity in zip(told, Severity, strict=True) if counts[severity]]
    against = f"against {check.base}" if check.base else "without a base: nothing was released yet"
    return f"{check.input} {against}: {', '.join(shown) or 'nothing breaks'}"


_NAMES = {
    Severity.ERROR: "break",
    Severity.WARNING: "warning",
    Severity.WAIVED: "waived",
    Severity.BASELINE: "in the baseline",
}


def _plural(severity: Severity, count: int) -> str:
    return "s" if count != 1 and severity in (Severity.ERROR, Severity.WARNING) else ""


def conclusion(check: Check) -> Iterator[str]:
    """What follows for the version and for the deployment, line by line."""
    if check.bump is not Bump.NONE:
        yield f"version: raise the {check.bump} part"
    if check.deploy_order is not DeployOrder.ANY:
        yield f"deploy: {ORDERS[check.deploy_order]}"


def place(finding: Finding) -> str:
    """Where it is, as ``path:line:column``; a file that is gone has no line."""
    return str(finding.span.start)


def who(hit: ConsumerImpact) -> str:
    """A consumer with its owner."""
    return f"{hit.consumer.name} ({hit.consumer.owner})" if hit.consumer.owner else hit.consumer.name


def impact(hit: ConsumerImpact) -> str:
    """What the finding means for a consumer, in words."""
    return IMPACTS[hit.impact]


def proof(evidence: Evidence) -> str:
    """A proof of use in one line: what says so, which interaction and test, since when, and what was sent there."""
    parts = [evidence.document]
    if evidence.interaction:
        parts.append(f"'{evidence.interaction}'")
    if evidence.test:
        parts.append(evidence.test)
    since = " ".join(part for part in (evidence.version, evidence.date) if part)
    if since:
        parts.append(f"[{since}]")
    if evidence.example:
        sent = evidence.example if len(evidence.example) <= _LONG else f"{evidence.example[: _LONG - 3]}..."
        became = f"refused by {evidence.refused}" if evidence.refused else "still accepted"
        parts.append(f"(sends {sent}: {became})")
    return " ".join(parts)


def because(hit: ConsumerImpact) -> str:
    """Why a consumer is told to be hit, or not: its first proof, and how many more there are."""
    if not hit.evidence:
        return NO_PROOF
    first, rest = proof(hit.evidence[0]), len(hit.evidence) - 1
    if hit.impact is Impact.UNAFFECTED:
        return f"observed without it: {first}"
    told = f"{first} and {rest} more" if rest else first
    accepted = sum(1 for evidence in hit.evidence if evidence.example and not evidence.refused)
    return f"{told}; {accepted} examples are still accepted" if rest and accepted else told


def hits(finding: Finding) -> Iterator[str]:
    """Who is hit, line by line."""
    if finding.category == CATEGORY:
        return
    for hit in finding.consumers:
        yield f"{impact(hit)}: {who(hit)}; {because(hit)}"
    if not finding.consumers:
        yield NOBODY


def transition(finding: Finding) -> Iterator[str]:
    """What happens while only one side has the change, as one line; nothing where that is no question."""
    found = finding.transition
    if found is None:
        return
    old = "safe" if found.old_reader_understands_new_writer else "not safe"
    new = "safe" if found.new_reader_understands_old_writer else "not safe"
    yield f"old reader, new writer: {old}; new reader, old writer: {new}; deploy: {ORDERS[found.deploy_order]}"
