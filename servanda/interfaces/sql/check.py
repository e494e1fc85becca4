"""The review of migrations, as findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from servanda.interfaces.rule import Found, Objection, Rule
from servanda.interfaces.sql.document import Statements
from servanda.interfaces.sql.hits import Hit
from servanda.interfaces.sql.review import Review
from servanda.interfaces.sql.rules.subject import SqlObjection, shortened
from servanda.interfaces.sql.rules.table import RULES
from servanda.interfaces.sql.words import words
from servanda.interfaces.transition import Direction, transition
from servanda.verdict import Consumer, ConsumerImpact, Evidence, Impact, Severity, Span

SOURCE = "sql"
"""Source of evidence from the statements that a version runs."""


def check_review(review: Review, owner: str = "") -> tuple[Found, ...]:
    """Find all that the rules object to, in the order of their places.

    Args:
        review: What the migrations do to the live versions.
        owner: Who answers for the service.
    """
    found = [_found(rule, each, owner) for rule in RULES for each in rule.handler(review)]
    return tuple(sorted(found, key=_place))


def _found(rule: Rule, objection: Objection, owner: str) -> Found:
    hits = objection.hits if isinstance(objection, SqlObjection) else ()
    versions = tuple(dict.fromkeys(hit.version.named for hit in hits))
    span = objection.span or Span(objection.path)
    both = transition(rule.breaks, Direction.BOTH) if rule.breaks is not None else None
    finding = rule.finding(objection, span, words(objection.element, " and ".join(versions) or "a live version"), both)
    impact = Impact.BROKEN if rule.severity is Severity.ERROR else Impact.POTENTIALLY_AFFECTED
    return Found(rule, replace(finding, consumers=tuple(_hit(hits, impact, owner))))


def _hit(hits: Iterable[Hit], impact: Impact, owner: str) -> Iterable[ConsumerImpact]:
    by_version: dict[str, list[Hit]] = {}
    for hit in hits:
        by_version.setdefault(hit.version.named, []).append(hit)
    for name, own in by_version.items():
        evidence = tuple(dict.fromkeys(_evidence(hit) for hit in own))
        yield ConsumerImpact(Consumer(name, owner), impact, evidence)


def _evidence(hit: Hit) -> Evidence:
    version: Statements = hit.version
    callers = ", ".join(hit.statement.callers)
    return Evidence(SOURCE, version.path, shortened(hit.statement.sql), callers, version.version, refused=hit.proof)


def _place(each: Found) -> tuple[object, ...]:
    finding = each.finding
    return (finding.span, finding.rule, finding.element, finding.message)
