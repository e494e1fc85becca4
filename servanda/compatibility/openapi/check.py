"""What a change did to an OpenAPI document, as findings."""

from __future__ import annotations

import hashlib

from servanda.compatibility.openapi.document import Document, followed
from servanda.compatibility.openapi.table import OPENAPI, Documents
from servanda.compatibility.order import facts, transition
from servanda.compatibility.reachability import UNKNOWN
from servanda.compatibility.rules.rule import Objection, Rule
from servanda.verdict import Finding, Severity, Span


def check_document(previous: Document, current: Document) -> tuple[Finding, ...]:
    """All that the rules object to when one document becomes the other, in the order of their places.

    Raises:
        InterfaceError: A reference leads nowhere, in a circle or out of its document.
    """
    documents = Documents(previous, current)
    with followed(current):
        found = [_finding(rule, objection) for rule in OPENAPI for objection in rule.handler(documents)]
    return tuple(sorted(found, key=lambda finding: (finding.span, finding.rule, finding.element, finding.message)))


def _finding(rule: Rule, objection: Objection) -> Finding:
    identity = "\0".join((rule.id, objection.element, objection.message)).encode()
    return Finding(
        rule=rule.id,
        category=str(rule.categories[0]),
        severity=Severity.ERROR,
        span=objection.span or Span(objection.path),
        element=objection.element,
        message=objection.message,
        fingerprint=hashlib.sha256(identity).hexdigest()[:16],
        # A rule about requests breaks those who write, one about responses those who read: its facts say which.
        transition=transition(facts(rule.id), UNKNOWN),
    )
