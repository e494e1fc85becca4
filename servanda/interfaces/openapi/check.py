"""The changes of an OpenAPI document, as findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from servanda.interfaces.openapi.admission.bounds import Bounds
from servanda.interfaces.openapi.document import Document, followed
from servanda.interfaces.openapi.redirects import Redirects
from servanda.interfaces.openapi.rules.documents import Documents
from servanda.interfaces.openapi.rules.table import RULES
from servanda.interfaces.openapi.switches import Switches
from servanda.interfaces.openapi.words import words
from servanda.interfaces.rule import Found, Objection, Rule
from servanda.interfaces.transition import BOTH_WAYS, Direction, transition
from servanda.verdict import DeployOrder, Span

_LISTED: Final = 3


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
        redirects = Redirects(previous, current)
        switches = Switches(previous, current)
        found = [_found(rule, each, redirects, switches) for rule in RULES for each in rule.handler(documents)]
    return tuple(sorted(found, key=_place))


def _found(rule: Rule, objection: Objection, redirects: Redirects, switches: Switches) -> Found:
    within = redirects.of(objection.element)
    if within:
        # The reference is what was edited; of the same component another one may lead elsewhere, too.
        objection = replace(
            objection, message=f"{objection.message.removesuffix('.')}, to which {_listed(within)} no longer refers."
        )
    span = objection.span or Span(objection.path)
    # A rule about requests breaks those who write, one about responses those who read: its row says which.
    both = transition(rule.breaks, Direction.BOTH) if rule.breaks is not None else None
    if both is not None and both.deploy_order is not DeployOrder.ANY and switches.has(objection.element):
        both = transition(BOTH_WAYS, Direction.BOTH)
    finding = rule.finding(objection, span, words(objection.element), both)
    return Found(rule, finding, within)


def _listed(operations: Sequence[str]) -> str:
    named = [_named(operation) for operation in operations[:_LISTED]]
    more = f" and {len(operations) - _LISTED} more" if len(operations) > _LISTED else ""
    return f"{', '.join(named)}{more}"


def _named(operation: str) -> str:
    *_, path, method = operation.split("/")
    return f"{method.upper()} {path.replace('~1', '/').replace('~0', '~')}"


def _place(each: Found) -> tuple[object, ...]:
    finding = each.finding
    return (finding.span, finding.rule, finding.element, finding.message)
