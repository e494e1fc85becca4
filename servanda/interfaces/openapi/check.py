"""The changes of an OpenAPI document, as findings."""

from __future__ import annotations

from servanda.interfaces.openapi.admission.bounds import Bounds
from servanda.interfaces.openapi.document import Document, followed
from servanda.interfaces.openapi.rules.documents import Documents
from servanda.interfaces.openapi.rules.table import RULES
from servanda.interfaces.openapi.words import words
from servanda.interfaces.rule import Found, Objection, Rule
from servanda.interfaces.transition import Direction, transition
from servanda.verdict import Span


def check_document(previous: Document, current: Document, *, bounds: Bounds | None = None) -> tuple[Found, ...]:
    """Find all that the rules object to when one document becomes the other, in the order of their places.

    Args:
        previous: The document that was.
        current: The document that is.
        bounds: The bounds of the comparison of schemas, unless they are the usual ones.

    Raises:
        InterfaceError: A reference leads nowhere, in a circle or out of its document.
    """
    documents = Documents(previous, current, bounds)
    with followed(current):
        found = [_found(rule, objection) for rule in RULES for objection in rule.handler(documents)]
    return tuple(sorted(found, key=_place))


def _found(rule: Rule, objection: Objection) -> Found:
    span = objection.span or Span(objection.path)
    # A rule about requests breaks those who write, one about responses those who read: its row says which.
    both = transition(rule.breaks, Direction.BOTH) if rule.breaks is not None else None
    return Found(rule, rule.finding(objection, span, words(objection.element), both))


def _place(each: Found) -> tuple[object, ...]:
    finding = each.finding
    return (finding.span, finding.rule, finding.element, finding.message)
