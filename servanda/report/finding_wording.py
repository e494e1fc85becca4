"""The sentences about findings that all formats share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from servanda.report.grouping import ChangedElement, by_element
from servanda.report.shortening import shortened
from servanda.verdict import (
    Bump,
    ConsumerImpact,
    DeployOrder,
    Evidence,
    Finding,
    Impact,
    InterfaceComparison,
    Severity,
    StageResult,
    Transition,
)

SEVERITIES = {
    Severity.ERROR: "stops the change",
    Severity.WARNING: "reported, does not stop the change",
    Severity.ADVICE: "a guess from prose, does not change the answer",
    Severity.WAIVED: "accepted by a waiver",
    Severity.BASELINE: "accepted by the baseline",
}
IMPACTS = {
    Impact.BROKEN: "broken",
    Impact.POTENTIALLY_AFFECTED: "potentially affected",
    Impact.UNKNOWN: "unknown, assumed to be in use",
    Impact.UNAFFECTED: "unaffected",
}
ORDERS = {
    DeployOrder.ANY: "in any order",
    DeployOrder.PROVIDER_FIRST: "the provider first, then its consumers",
    DeployOrder.CONSUMERS_FIRST: "the consumers first, then the provider",
    DeployOrder.NONE: "no order is safe: expand, migrate, then contract",
}
_COUNTED = {
    "break": "breaks",
    "error": "errors",
    "warning": "warnings",
    "waived": "waived",
    "in the baseline": "in the baseline",
}
_LONG = 80
SOURCE_ONLY = "must regenerate its code"
NOBODY = "no known consumers; assuming the element is in use"
OUTDATED = "older than impact.max_age in servanda.toml"
OPEN = "but not what its calls read or send"
POSSIBLE = "possible use: an upper bound"
NO_PROOF = "no proof of use, no observation of its tests"


def conclusions(stages: Iterable[StageResult]) -> Iterator[str]:
    """Tell the result of every comparison, and what follows for the version and the deployment, line by line."""
    for stage in stages:
        if stage.comparison is not None:
            yield _summary(stage.comparison, stage.findings)
            if stage.comparison.bump is not Bump.NONE:
                yield f"version: raise the {stage.comparison.bump} part"
            if stage.comparison.deploy_order is not DeployOrder.ANY:
                yield f"deploy: {ORDERS[stage.comparison.deploy_order]}"


def _summary(comparison: InterfaceComparison, findings: Iterable[Finding]) -> str:
    counts = Counter(map(_counted_as, by_element(findings)))
    told = [f"{counts[one]} {one if counts[one] == 1 else many}" for one, many in _COUNTED.items() if counts[one]]
    advised = counts[str(Severity.ADVICE)]
    told = [", ".join(told) or "no breaking changes"] + ([f"advice on {_elements(advised)}"] if advised else [])
    against = f"against {comparison.base}" if comparison.base else "without a base: nothing released yet"
    return f"{comparison.input} {against}: {', '.join(told)}"


def unlisted(elements: Iterable[ChangedElement]) -> Iterator[str]:
    """Tell in one line which rules have advice that is not listed, and how to list it; nothing if there is none."""
    advised = Counter(finding.rule for each in elements if is_advice(each) for finding in each.findings)
    if advised:
        counts = ", ".join(f"{rule} {count}" for rule, count in sorted(advised.items()))
        yield f"advice: {counts}; --report FOLDER and --format markdown list it"


def is_advice(element: ChangedElement) -> bool:
    """Tell whether there is nothing but advice on an element."""
    return element.severity is Severity.ADVICE


def _elements(count: int) -> str:
    return f"{count} element{'s' * (count != 1)}"


def _counted_as(element: ChangedElement) -> str:
    if element.severity is Severity.ERROR:
        # What is wrong with a waiver, or with the form of a definition, breaks nobody.
        return "error" if element.transition is None else "break"
    return "in the baseline" if element.severity is Severity.BASELINE else str(element.severity)


def objection(finding: Finding, element: ChangedElement) -> str:
    """Tell what one rule says of an element; severity and place are told where they are not those of the element."""
    differs = [str(finding.severity)] if finding.severity is not element.severity else []
    differs += [f"at {finding.span.start}"] if finding.span.start != element.span.start else []
    aside = f" ({', '.join(differs)})" if differs else ""
    return f"{finding.rule}{aside} {shortened(finding.message)} [{finding.fingerprint}]"


def impact(hit: ConsumerImpact) -> str:
    """Tell what a change means for a consumer."""
    return f"{IMPACTS[hit.impact]}: {SOURCE_ONLY}" if hit.source_only else IMPACTS[hit.impact]


def who(hit: ConsumerImpact) -> str:
    """Name a consumer with its owner."""
    return f"{hit.consumer.name} ({hit.consumer.owner})" if hit.consumer.owner else hit.consumer.name


def proof(evidence: Evidence) -> str:
    """Tell a proof of use in one line: what says so, interaction and test, since when, what was sent."""
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
    elif evidence.refused:
        parts.append(f"({evidence.refused})")
    if evidence.possible:
        parts.append(f"({POSSIBLE})")
    if evidence.outdated:
        parts.append(f"({OUTDATED})")
    return " ".join(parts)


def proofs(hit: ConsumerImpact) -> tuple[str, str, tuple[str, ...]]:
    """Tell the first proof, how many more there are, and those."""
    if not hit.evidence:
        return hit.reason or NO_PROOF, "", ()
    first, *rest = map(proof, hit.evidence)
    if not (hit.evidence[0].interaction or hit.evidence[0].test):
        first = f"observed without it: {first}"
    accepted = sum(1 for evidence in hit.evidence if evidence.example and not evidence.refused)
    more = f"{len(rest)} more" if rest else ""
    return first, f"{more}; {accepted} examples are still accepted" if rest and accepted else more, tuple(rest)


def because(hit: ConsumerImpact) -> str:
    """Tell why a consumer counts as hit, or not: its first proof, and how many more there are."""
    first, more, _ = proofs(hit)
    return f"{first} and {more}" if more else first


def hits(told: ChangedElement | Finding) -> Iterator[str]:
    """Tell who is hit, line by line; nothing where that is no question."""
    for hit in told.consumers:
        first = f"{IMPACTS[hit.impact]}: {who(hit)}"
        first += f", {SOURCE_ONLY}" if hit.source_only else ""
        yield f"{first}; {because(hit)}"
    if not told.consumers and told.transition is not None:
        yield NOBODY


def transition(found: Transition | None) -> Iterator[str]:
    """Tell what happens while only one side has the change, in one line; nothing where that is no question."""
    if found is None:
        return
    old = "safe" if found.old_reader_understands_new_writer else "not safe"
    new = "safe" if found.new_reader_understands_old_writer else "not safe"
    yield f"old reader, new writer: {old}; new reader, old writer: {new}; deploy: {ORDERS[found.deploy_order]}"


def steps(told: ChangedElement | Finding) -> tuple[tuple[str, str], ...]:
    """Return the safe steps by name; none where somebody accepted the change."""
    return told.steps.named if told.severity in (Severity.ERROR, Severity.WARNING) else ()
