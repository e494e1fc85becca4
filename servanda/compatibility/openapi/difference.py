"""What one part of a document became, seen from those who write it or from those who read it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from servanda.compatibility.openapi.document import Node


class Side(enum.StrEnum):
    """What consumers do with a schema; it is part of the identifiers of rules."""

    REQUEST = "REQUEST"
    """Consumers write it."""
    RESPONSE = "RESPONSE"
    """Consumers read it."""

    @property
    def other(self) -> Side:
        """The side of whom they talk to."""
        return Side.RESPONSE if self is Side.REQUEST else Side.REQUEST


@dataclass(frozen=True, slots=True)
class Difference:
    """A change that a rule objects to.

    Attributes:
        rule: Identifier of the rule, without ``OPENAPI_``.
        node: Where to look in the current document.
        element: What it is about, by JSON pointer; of the previous document if it is gone.
        message: What changed, from what to what.
    """

    rule: str
    node: Node
    element: str
    message: str
