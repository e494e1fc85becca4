"""The subject of rules about OpenAPI: one document in both states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from servanda.interfaces.openapi.difference import Difference, Edit, Side
from servanda.interfaces.openapi.document import Document
from servanda.interfaces.openapi.operations import differences
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
    "pattern",
    "uniqueItems",
)
"""Keywords of JSON Schema that limit a value, as they are called in a refusal of one."""


@dataclass(frozen=True)
class Documents:
    """One document in both states."""

    previous: Document
    current: Document

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Return all differences; what several operations share is there once."""
        unique: dict[tuple[Edit, Side | None, str, str], Difference] = {}
        for difference in differences(self.previous, self.current):
            told = (difference.edit, difference.side, difference.element, difference.message)
            unique.setdefault(told, difference)
        return tuple(unique.values())


def changed(edit: Edit, side: Side | None = None) -> Handler:
    """Return the handler that objects to every change of this sort, on one side if one is given."""

    def handler(documents: Documents) -> Iterator[Objection]:
        for difference in documents.differences:
            if difference.edit is edit and side in (None, difference.side):
                file, previous = difference.node.document, documents.previous
                span = file.span(difference.node.pointer)
                yield Objection(file.path, span, difference.element, difference.message, previous.path)

    return handler
