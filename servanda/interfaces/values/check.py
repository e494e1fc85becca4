"""The changes of formats, as findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from servanda.interfaces.openapi.admission.bounds import Bounds
from servanda.interfaces.rule import Found, Objection, Rule
from servanda.interfaces.transition import Direction, transition
from servanda.interfaces.values.change import Change
from servanda.interfaces.values.comparison import compare
from servanda.interfaces.values.format import Formats
from servanda.interfaces.values.rules.subject import ValueObjection
from servanda.interfaces.values.rules.table import RULES
from servanda.interfaces.values.words import words
from servanda.verdict import (
    Consumer,
    ConsumerImpact,
    DeployOrder,
    Evidence,
    Finding,
    Impact,
    Severity,
    Span,
    Transition,
)

SOURCE: Final = "values"
"""Source of evidence from the documents of formats."""
_NOBODY: Final[Mapping[str, str]] = MappingProxyType({})


def check_formats(
    previous: Formats, current: Formats, *, owners: Mapping[str, str] = _NOBODY, bounds: Bounds | None = None
) -> tuple[Found, ...]:
    """Find all that the rules object to when the formats of one state become those of the other.

    Args:
        previous: The formats that were.
        current: The formats that are.
        owners: Who answers for a service, by its name.
        bounds: The bounds of the comparison of schemas, unless they are the usual ones.

    Returns:
        The findings, in the order of their places.

    Raises:
        InterfaceError: A schema is none, or a reference in it leads nowhere.
    """
    changes = compare(previous, current, bounds or Bounds.of())
    found = [_found(rule, each, owners) for rule in RULES for each in rule.handler(changes)]
    return tuple(sorted(found, key=_place))


def _found(rule: Rule, objection: Objection, owners: Mapping[str, str]) -> Found:
    change = objection.change if isinstance(objection, ValueObjection) else None
    span = objection.span or Span(objection.previous_path)
    hit = change.hit if change is not None else ()
    finding = rule.finding(
        objection, span, words(objection.element, " and ".join(hit) or "its readers"), _transition(rule, change)
    )
    impact = Impact.BROKEN if rule.severity is Severity.ERROR else Impact.POTENTIALLY_AFFECTED
    evidence = (Evidence(SOURCE, objection.previous_path, objection.element),)
    consumers = tuple(ConsumerImpact(Consumer(name, owners.get(name, "")), impact, evidence) for name in hit)
    return Found(rule, replace(finding, consumers=consumers))


def _transition(rule: Rule, change: Change | None) -> Transition | None:
    if rule.breaks is None:
        return None
    found = transition(rule.breaks, Direction.READ)
    if change is not None and change.is_rolling and found.deploy_order is not DeployOrder.ANY:
        return replace(found, deploy_order=DeployOrder.NONE)
    return found


def _place(each: Found) -> tuple[object, ...]:
    finding: Finding = each.finding
    return (finding.span, finding.rule, finding.element, finding.message)
