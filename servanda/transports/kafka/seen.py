"""Records seen while an event was waited for, held within the limits."""

from __future__ import annotations

from servanda.configuration import Limits
from servanda.errors import LimitError
from servanda.transports.kafka.matching import Record


class Seen:
    """The records that one interaction has looked at.

    Args:
        limits: How many there may be, and how many bytes.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._records = self._bytes = 0

    def count(self, record: Record) -> None:
        """Count one more record.

        Raises:
            LimitError: It is beyond ``event_records`` or ``event_bytes``.
        """
        self._records += 1
        self._bytes += size_of(record)
        if self._records > (most := self._limits.event_records):
            raise LimitError(f"none of the first {most} events satisfies the contract", limit="event_records")
        if self._bytes > (most := self._limits.event_bytes):
            raise LimitError(
                f"none of the events in the first {most} bytes satisfies the contract", limit="event_bytes"
            )


def size_of(record: Record) -> int:
    """Count the bytes of a record: key, value and headers."""
    headers = sum(len(name) + sum(map(len, values)) for name, values in record.headers.items())
    return len(record.value) + len(record.key or b"") + headers
