"""The changes of a format."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from servanda.verdict import Span


class Edit(enum.Enum):
    """Sort of a change."""

    KEY_CHANGED = enum.auto()
    TYPE_CHANGED = enum.auto()
    CONTENT_CHANGED = enum.auto()
    SCHEMA_WIDENED = enum.auto()
    """The new version may write what the schema of the old one refuses."""
    SCHEMA_NARROWED = enum.auto()
    """The old version may have written what the schema of the new one refuses."""
    SCHEMA_UNDECIDED = enum.auto()
    FIELD_DELETED = enum.auto()
    """Or required no more: the new version may write values without it."""
    FIELD_REQUIRED = enum.auto()
    """Values of the old version may lack it."""
    TTL_DELETED = enum.auto()
    TTL_LENGTHENED = enum.auto()
    TTL_ADDED = enum.auto()
    WRITERS_DELETED = enum.auto()
    READER_DELETED = enum.auto()
    FORMAT_DELETED = enum.auto()
    OVERLAP = enum.auto()
    """Two formats have keys in common."""
    NOT_MOVED = enum.auto()
    """The prefix had to change with the format, and did not."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        element: Full name of what changed, as it was called before.
        told: What changed, from what to what; a sentence without a full stop.
        span: Where it stands now, or stood if it is gone.
        is_gone: Whether it stands there no more.
        hit: Services that stop understanding what they find.
        is_rolling: Whether one service both writes and reads such values, so that no order of deployment keeps its old
            instances from its new ones.
        example: A value that shows it, as a part of a sentence; empty if none is known.
    """

    edit: Edit
    element: str
    told: str
    span: Span
    is_gone: bool = False
    hit: tuple[str, ...] = ()
    is_rolling: bool = False
    example: str = ""
