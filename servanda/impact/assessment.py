"""Findings x consumers: what each finding means for everybody who is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from servanda.interfaces.effect import Effect, Scope, When
from servanda.interfaces.kind import Change, Meaning
from servanda.interfaces.rule import Found
from servanda.interfaces.usage.use import USAGE_LOG, Usage, Use
from servanda.verdict import Consumer, ConsumerImpact, Evidence, Finding, Impact

_Weighed = tuple[Meaning, Use]

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
    hits = [] if effect.when is When.IF_LEFT_OUT else _used(found, consumer.name, change, usage)
    if effect.when in (When.IF_LEFT_OUT, When.IF_REFUSED):
        hits += _left_out(found, consumer.name, change, usage)
    if not hits and effect.nearby is not None:
        hits = [(Meaning(effect.nearby), use) for use in usage.of(change.around(finding.element), consumer.name)]
    if hits:
        return _weighed(consumer, hits)
    is_open = change.is_unobservable(finding.element)
    is_open = is_open or usage.may_use(consumer.name, finding.element, effect.accesses)
    proof = () if is_open else usage.proof(consumer.name)
    is_proven = any(not evidence.outdated for evidence in proof)
    if is_proven:
        return ConsumerImpact(consumer, Impact.UNAFFECTED, proof)
    return ConsumerImpact(consumer, Impact.UNKNOWN, proof, reason=usage.reason(consumer.name))


def _weighed(consumer: Consumer, hits: list[_Weighed]) -> ConsumerImpact:
    """Return the worst of the hits; of outdated proofs alone it is not known whether they still hold."""
    hits = [(_as_shown(meaning, use), use) for meaning, use in hits]
    current = [(meaning, use) for meaning, use in hits if not use.evidence.outdated]
    worst = min((meaning for meaning, _ in current or hits), key=_weight)
    proofs = sorted({use.evidence for meaning, use in current or hits if meaning == worst})
    if not current:
        return ConsumerImpact(consumer, Impact.UNKNOWN, tuple(proofs))
    return ConsumerImpact(consumer, worst.impact, tuple(proofs), worst.source_only)


def _as_shown(meaning: Meaning, use: Use) -> Meaning:
    """Return the meaning; a use that is merely possible breaks nobody for certain."""
    is_guess = use.evidence.possible and meaning.impact is Impact.BROKEN
    return replace(meaning, impact=Impact.POTENTIALLY_AFFECTED) if is_guess else meaning


def _weight(meaning: Meaning) -> tuple[int, bool]:
    return _RANK.index(meaning.impact), meaning.source_only


def _used(found: Found, consumer: str, change: Change, usage: Usage) -> list[_Weighed]:
    elements = _elements(found, change)
    uses = [use for use in usage.of(elements, consumer) if _counts(use, found.rule.effect)]
    uses = _concerned(uses, found, consumer, usage)
    weighed = [(change.meaning(use, found), use) for use in change.tried(found, uses)]
    return [(meaning, use) for meaning, use in weighed if meaning.impact is not Impact.UNAFFECTED]


def _concerned(uses: list[Use], found: Found, consumer: str, usage: Usage) -> list[Use]:
    """Return the uses by interactions that have to do with what changed; a log does not tell one call from another."""
    if not found.within:
        return uses
    around = usage.of(found.within, consumer)
    places = {_interaction(use) for use in around}
    documents = {use.evidence.document for use in around if use.evidence.source == USAGE_LOG}
    return [use for use in uses if _interaction(use) in places or use.evidence.document in documents]


def _interaction(use: Use) -> tuple[str, str, str]:
    return use.evidence.document, use.evidence.interaction, use.evidence.test


def _left_out(found: Found, consumer: str, change: Change, usage: Usage) -> list[_Weighed]:
    """Find requests that hold what contains the element, and are refused for what they hold at the element.

    A field without presence that is left out is its zero value. A recorded request is tried as a whole. Where only a
    usage log tells of it, it leaves out what the log does not list.
    """
    finding, effect = found.finding, found.rule.effect
    writing = {_request(use) for use in usage.of(change.names(finding.element), consumer) if _counts(use, effect)}
    around = [use for use in usage.of(change.around(finding.element), consumer) if _counts(use, effect)]
    hits: list[_Weighed] = []
    for use in change.tried(found, [use for use in around if not use.refusal]):
        if use.evidence.refused:
            hits.append((Meaning(Impact.BROKEN), use))
        elif not effect.constraints or not change.was_tried(use):
            leaves_out = change.leaves_out(use, found)
            is_without = leaves_out if leaves_out is not None else _request(use) not in writing
            if is_without and (effect.when is When.IF_LEFT_OUT or change.refuses_absence(found)):
                hits.append((Meaning(effect.named), use))
    if not hits and effect.when is When.IF_LEFT_OUT and consumer not in usage.observations:
        # Nobody saw all that it sends: some of it may leave the element out.
        hits = [(Meaning(Impact.POTENTIALLY_AFFECTED), use) for use in around if not use.refusal]
    return hits


def _request(use: Use) -> Evidence:
    """Return what names the request of a use, whether or not it is certain that the use is in it."""
    return replace(use.evidence, possible=False)


def _counts(use: Use, effect: Effect) -> bool:
    return (not effect.accesses or use.access in effect.accesses) and (
        not effect.transports or use.transport in effect.transports
    )


def _elements(found: Found, change: Change) -> frozenset[str]:
    element, effect = found.finding.element, found.rule.effect
    match effect.scope:
        case Scope.FILE:
            return change.within(element)
        case Scope.CHOICE:
            return change.choice(element)
        case Scope.SURROUNDINGS:
            return change.names(element) | change.around(element)
        case Scope.ELEMENT:
            return change.names(element, was=effect.when in _NAMED_BEFORE)
