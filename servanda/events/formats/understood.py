"""A record that was understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from servanda.errors import ContractError
from servanda.topics.record import Record


class UnreadableRecordError(ContractError):
    """A record cannot be read as an event, so what may be kept of it is not known."""


@dataclass(frozen=True, slots=True)
class Understood:
    """Content of a record.

    Attributes:
        type: Full name of its message, or what its headers call it; empty if nothing does.
        signature: Its shape, one part each.
        schema: Fingerprint of the definition; empty if there is none.
        record: The record, without what nobody may read.
        payload: The value as JSON values, without what nobody may read; ``None`` for a tombstone.
        left_out: Whether the value had fields that the definition does not know, which are not kept.
    """

    type: str
    signature: tuple[str, ...]
    schema: str
    record: Record
    payload: Any = None
    left_out: bool = False
