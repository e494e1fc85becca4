"""The subject of rules about OpenAPI: one document in both states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from servanda.interfaces.openapi.admission.bounds import Bounds
from servanda.interfaces.openapi.difference import Difference, Edit, Side
from servanda.interfaces.openapi.document import Document, Node
from servanda.interfaces.openapi.operations import differences
from servanda.interfaces.openapi.wording import example
from servanda.interfaces.rule import Handler, Objection

OPENAPI: Final = "OPENAPI"
"""The category of every rule about OpenAPI."""
DOCUMENTS: Final = "documents"
"""The subject of every rule about OpenAPI."""
LIMIT_KEYWORDS: Final = (
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "uniqueItems",
)
"""Keywords of JSON Schema that limit a value, as they are called in a refusal of one."""


@dataclass(frozen=True)
class Documents:
    """One document in both states.

    Attributes:
        bounds: The bounds of the comparison of schemas, unless they are the usual ones.
    """

    previous: Document
    current: Document
    bounds: Bounds | None = None

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Return all differences; what several operations share is there once."""
        unique: dict[tuple[Edit, Side | None, str, str], Difference] = {}
        for difference in differences(self.previous, self.current, bounds=self.bounds):
            told = (difference.edit, difference.side, difference.element, difference.message)
            unique.setdefault(told, difference)
        return tuple(unique.values())

    def edited(self, node: Node) -> tuple[Node, str]:
        """Return where somebody edited what made a node other than it was, and where else to look.

        That is the node itself; or, where it stands as it stood, the reference that leads to it since.
        """
        place: Node | None = node
        while place is not None and self.previous.as_it_was(place) == place.value:
            place = place.via
        if place is None or place is node:
            if node.via is None or node.via.document is node.document:
                return node, ""
            return node, f"referred to at {_start(_reference(node.via))}"
        return _reference(place), f"the target is {_start(node)}"


def _reference(node: Node) -> Node:
    return node.raw("$ref") or node


def _start(node: Node) -> str:
    return str(node.document.span(node.pointer).start)


def changed(edit: Edit, side: Side | None = None) -> Handler:
    """Return the handler that objects to every change of this sort, on one side if one is given."""

    def handler(documents: Documents) -> Iterator[Objection]:
        for difference in documents.differences:
            if difference.edit is edit and side in (None, difference.side):
                node, beside = documents.edited(difference.node)
                span = node.document.span(node.pointer)
                told = (difference.element, difference.message, documents.previous.path)
                # An edited reference makes all that differs behind it.
                part_of = node.shown if node is not difference.node else ""
                yield Objection(
                    node.document.path, span, *told, beside=beside, example=example(difference), part_of=part_of
                )

    return handler
