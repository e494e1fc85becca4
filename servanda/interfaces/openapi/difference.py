"""Differences of one part of a document, for those who write it or those who read it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from servanda.interfaces.openapi.document import Node


class Side(enum.StrEnum):
    """The side of a call that a schema is on."""

    REQUEST = "REQUEST"
    """Consumers write it."""
    RESPONSE = "RESPONSE"
    """Consumers read it."""

    @property
    def other(self) -> Side:
        """Return the side of the communication partner."""
        return Side.RESPONSE if self is Side.REQUEST else Side.REQUEST


class Edit(enum.Enum):
    """A sort of change; each has a rule of its own, some of them one per side."""

    PATH_DELETED = enum.auto()
    PATH_PARAMETER_NAME = enum.auto()
    OPERATION_DELETED = enum.auto()
    OPERATION_ID = enum.auto()
    PARAMETER_DELETED = enum.auto()
    PARAMETER_REQUIRED = enum.auto()
    PARAMETER_STYLE = enum.auto()
    EMPTY_VALUE = enum.auto()
    BODY_DELETED = enum.auto()
    BODY_REQUIRED = enum.auto()
    RESPONSE_DELETED = enum.auto()
    RESPONSE_ADDED = enum.auto()
    HEADER_DELETED = enum.auto()
    ACCESS_TIGHTENED = enum.auto()
    SECURITY_SCHEME = enum.auto()
    SERVER_DELETED = enum.auto()
    SERVER_DEFAULT = enum.auto()
    MEDIA_TYPE_DELETED = enum.auto()
    MEDIA_TYPE_WIDENED = enum.auto()
    ENCODING = enum.auto()
    PART_HEADER = enum.auto()
    TYPE = enum.auto()
    VALUES = enum.auto()
    VALUES_GONE = enum.auto()
    LIMIT_TIGHTENED = enum.auto()
    PROPERTY_DELETED = enum.auto()
    PROPERTY_ADDED = enum.auto()
    ALTERNATIVES = enum.auto()
    KEYWORD = enum.auto()
    UNDECIDED = enum.auto()
    LIMIT_LOOSENED = enum.auto()
    PROPERTY_REQUIRED = enum.auto()
    PROPERTY_OPTIONAL = enum.auto()
    ADDITIONAL_PROPERTIES = enum.auto()
    DEFAULT = enum.auto()


@dataclass(frozen=True, slots=True)
class Example:
    """A value that one of two schemas admits and the other one refuses.

    Attributes:
        value: The value.
        admitting: The schemas that admit it together.
        refusing: The schemas that refuse it together.
    """

    value: Any
    admitting: tuple[Node, ...]
    refusing: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A change that a rule objects to.

    Attributes:
        edit: Its sort.
        node: Where to look in the current document.
        element: What it is about, by JSON pointer; of the previous document if it is gone.
        message: What changed, from what to what.
        side: The side that it is on, where both sides have such changes.
        example: A value that is refused now, or can come now, or comes no more, if one is known.
    """

    edit: Edit
    node: Node
    element: str
    message: str
    side: Side | None = None
    example: Example | None = None
