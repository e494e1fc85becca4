"""Findings x consumers: what each finding means for everybody who is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from servanda.impact.elements import Change
from servanda.impact.openapi.refusals import concerning
from servanda.impact.trials import Trials
from servanda.impact.use import Usage, Use
from servanda.interfaces.effect import Access, Effect, Scope, When
from servanda.interfaces.openapi.rules.documents import OPENAPI
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.rule import Found
from servanda.verdict import Consumer, ConsumerImpact, Finding, Impact, Transport

_RANK = (Impact.BROKEN, Impact.POTENTIALLY_AFFECTED, Impact.UNKNOWN, Impact.UNAFFECTED)

# Of what is gone or renamed a finding names what it was, of all else what it is.
_NAMED_BEFORE = (When.IF_NAME_GONE, When.IF_NAME_MOVED, When.IF_GONE)


def assess(
    findings: Iterable[Found], change: Change, usage: Usage, consumers: Iterable[Consumer]
) -> tuple[Finding, ...]:
    """The same findings, none left out, each with what it means for every known consumer.

    Those who are hit hardest come first. Without a proof of use a consumer is unaffected only if a dated observation of
    its tests exists; else it is not known.
    """
    known, trials = tuple(consumers), Trials(change, usage.examples)
    return tuple(
        replace(
            each.finding, consumers=tuple(sorted((_hit(each, c, change, usage, trials) for c in known), key=_order))
        )
        for each in findings
    )


def _order(hit: ConsumerImpact) -> tuple[int, str]:
    return _RANK.index(hit.impact), hit.consumer.name


def _hit(found: Found, consumer: Consumer, change: Change, usage: Usage, trials: Trials) -> ConsumerImpact:
    finding, effect = found.finding, found.rule.effect
    if effect.when is When.IF_LEFT_OUT:
        hits = _left_out(finding, effect, consumer.name, change, usage)
    else:
        hits = _used(finding, effect, consumer.name, change, usage, trials)
    if not hits and effect.nearby is not None:
        hits = [(effect.nearby, use) for use in usage.of(change.around(finding.element), consumer.name)]
    if hits:
        worst = min((impact for impact, _ in hits), key=_RANK.index)
        proofs = sorted({use.evidence for impact, use in hits if impact is worst})
        return ConsumerImpact(consumer, worst, tuple(proofs))
    is_open = change.is_option(finding.element) or usage.may_use(consumer.name, finding.element, effect.accesses)
    proof = () if is_open else usage.proof(consumer.name)
    return ConsumerImpact(consumer, Impact.UNAFFECTED if proof else Impact.UNKNOWN, proof)


def _used(
    finding: Finding, effect: Effect, consumer: str, change: Change, usage: Usage, trials: Trials
) -> list[tuple[Impact, Use]]:
    uses = [use for use in usage.of(_elements(finding, effect, change), consumer) if _counts(use, effect)]
    if effect.when is When.IF_REFUSED:
        uses = [replace(use, evidence=trials.shown(finding.element, effect.constraints, use.evidence)) for use in uses]
    if finding.category == OPENAPI:
        uses = list(concerning(effect.constraints, uses))
    weighed = [(_impact(use, finding, effect, change), use) for use in uses]
    return [(impact, use) for impact, use in weighed if impact is not Impact.UNAFFECTED]


def _left_out(
    finding: Finding, effect: Effect, consumer: str, change: Change, usage: Usage
) -> list[tuple[Impact, Use]]:
    """Interactions that write what contains the element, but not the element."""
    writing = {use.evidence for use in usage.of(change.names(finding.element), consumer) if _counts(use, effect)}
    around = (use for use in usage.of(change.around(finding.element), consumer) if _counts(use, effect))
    return [(effect.named, use) for use in around if use.evidence not in writing]


def _counts(use: Use, effect: Effect) -> bool:
    return (not effect.accesses or use.access in effect.accesses) and (
        not effect.transports or use.transport in effect.transports
    )


def _elements(finding: Finding, effect: Effect, change: Change) -> frozenset[str]:
    match effect.scope:
        case Scope.FILE:
            return change.within(finding.element)
        case Scope.SURROUNDINGS:
            return change.names(finding.element) | change.around(finding.element)
        case Scope.ELEMENT:
            return change.names(finding.element, was=effect.when in _NAMED_BEFORE)


def _impact(use: Use, finding: Finding, effect: Effect, change: Change) -> Impact:
    if effect.when is When.IF_NAME_MOVED:
        return _renamed(use, finding, effect, change)
    worst = effect.named if use.named else effect.numbered
    spared = _SPARED.get(effect.when)
    return Impact.POTENTIALLY_AFFECTED if spared is not None and spared(use, finding, change) else worst


def _keeps_encoding(use: Use, finding: Finding, change: Change) -> bool:
    if use.access is Access.WRITE and not use.named and change.becomes_repeated(finding.element):
        return True  # one value reads as a list of one
    category = Category.WIRE_JSON if use.transport is Transport.HTTP else Category.WIRE
    return not change.differs(finding.element, category)


def _keeps_json_name(use: Use, _: Finding, change: Change) -> bool:
    return use.named and change.understands_json_name(use.element, written=use.access is Access.WRITE)


# Uses that a change does not break for certain, by what decides about it.
_SPARED: Mapping[When, Callable[[Use, Finding, Change], bool]] = MappingProxyType(
    {
        When.IF_NAME_GONE: lambda use, _, change: use.named and change.has_field(use.element),
        When.IF_JSON_NAME_GONE: _keeps_json_name,
        When.IF_ADDRESS_GONE: lambda _, finding, change: change.keeps_addresses(finding.element),
        When.IF_GONE: lambda use, _, change: not change.is_gone(use.element),
        When.IF_BYTES_DIFFER: _keeps_encoding,
        When.IF_REFUSED: lambda use, _, __: not use.evidence.refused,
    }
)


def _renamed(use: Use, finding: Finding, effect: Effect, change: Change) -> Impact:
    """A field that kept its number and has another name."""
    if not use.named:
        # The name stood for another field before: whoever reads the number now gets that field.
        return Impact.BROKEN if change.is_taken_over(finding.element) else effect.numbered
    in_json = use.transport is Transport.HTTP and change.keeps_json_name(use.element)
    return Impact.POTENTIALLY_AFFECTED if in_json or change.has_field(use.element) else effect.named
