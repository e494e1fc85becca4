"""Findings x consumers: what each finding means for everybody who is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from servanda.interfaces.effect import Effect, Scope, When
from servanda.interfaces.kind import Change
from servanda.interfaces.rule import Found
from servanda.interfaces.usage.use import Usage, Use
from servanda.verdict import Consumer, ConsumerImpact, Finding, Impact

_RANK = (Impact.BROKEN, Impact.POTENTIALLY_AFFECTED, Impact.UNKNOWN, Impact.UNAFFECTED)

# Of what is gone or renamed a finding names what it was, of all else what it is.
_NAMED_BEFORE = (When.IF_NAME_GONE, When.IF_NAME_MOVED, When.IF_GONE)


def assess(
    findings: Iterable[Found], change: Change, usage: Usage, consumers: Iterable[Consumer]
) -> tuple[Finding, ...]:
    """Return the same findings, none left out, each with what it means for every known consumer.

    Those who are hit hardest come first. Without a proof of use a consumer is unaffected only if a dated observation of
    its tests exists; else it is not known. What is outdated proves nothing either way.
    """
    known = tuple(consumers)
    return tuple(
        replace(each.finding, consumers=tuple(sorted((_hit(each, one, change, usage) for one in known), key=_order)))
        for each in findings
    )


def _order(hit: ConsumerImpact) -> tuple[int, str]:
    return _RANK.index(hit.impact), hit.consumer.name


def _hit(found: Found, consumer: Consumer, change: Change, usage: Usage) -> ConsumerImpact:
    finding, effect = found.finding, found.rule.effect
    if effect.when is When.IF_LEFT_OUT:
        hits = _left_out(finding, effect, consumer.name, change, usage)
    else:
        hits = _used(found, consumer.name, change, usage)
    if not hits and effect.nearby is not None:
        hits = [(effect.nearby, use) for use in usage.of(change.around(finding.element), consumer.name)]
    if hits:
        return _weighed(consumer, hits)
    is_open = change.is_unobservable(finding.element)
    is_open = is_open or usage.may_use(consumer.name, finding.element, effect.accesses)
    proof = () if is_open else usage.proof(consumer.name)
    is_proven = any(not evidence.outdated for evidence in proof)
    return ConsumerImpact(consumer, Impact.UNAFFECTED if is_proven else Impact.UNKNOWN, proof)


def _weighed(consumer: Consumer, hits: list[tuple[Impact, Use]]) -> ConsumerImpact:
    """Return the worst of the hits; of outdated proofs alone it is not known whether they still hold."""
    hits = [(_as_shown(impact, use), use) for impact, use in hits]
    current = [(impact, use) for impact, use in hits if not use.evidence.outdated]
    worst = min((impact for impact, _ in current or hits), key=_RANK.index)
    proofs = sorted({use.evidence for impact, use in current or hits if impact is worst})
    return ConsumerImpact(consumer, worst if current else Impact.UNKNOWN, tuple(proofs))


def _as_shown(impact: Impact, use: Use) -> Impact:
    """Return the impact; a use that is merely possible breaks nobody for certain."""
    return Impact.POTENTIALLY_AFFECTED if use.evidence.possible and impact is Impact.BROKEN else impact


def _used(found: Found, consumer: str, change: Change, usage: Usage) -> list[tuple[Impact, Use]]:
    elements = _elements(found, change)
    uses = [use for use in usage.of(elements, consumer) if _counts(use, found.rule.effect)]
    weighed = [(change.impact(use, found), use) for use in change.tried(found, uses)]
    return [(impact, use) for impact, use in weighed if impact is not Impact.UNAFFECTED]


def _left_out(
    finding: Finding, effect: Effect, consumer: str, change: Change, usage: Usage
) -> list[tuple[Impact, Use]]:
    """Find interactions that write what contains the element, but not the element."""
    writing = {use.evidence for use in usage.of(change.names(finding.element), consumer) if _counts(use, effect)}
    around = (use for use in usage.of(change.around(finding.element), consumer) if _counts(use, effect))
    return [(effect.named, use) for use in around if use.evidence not in writing]


def _counts(use: Use, effect: Effect) -> bool:
    return (not effect.accesses or use.access in effect.accesses) and (
        not effect.transports or use.transport in effect.transports
    )


def _elements(found: Found, change: Change) -> frozenset[str]:
    element, effect = found.finding.element, found.rule.effect
    match effect.scope:
        case Scope.FILE:
            return change.within(element)
        case Scope.SURROUNDINGS:
            return change.names(element) | change.around(element)
        case Scope.ELEMENT:
            return change.names(element, was=effect.when in _NAMED_BEFORE)
