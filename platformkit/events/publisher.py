"""Records on their way to Kafka."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from platformkit.events.envelope import Record
from platformkit.events.errors import PublishError, RecordRefusedError


class Publisher(Protocol):
    """Takes records to their topics."""

    async def publish(self, records: Sequence[Record]) -> None:
        """Return when every record is acknowledged; those with one key keep their order.

        Raises:
            RecordRefusedError: Kafka refuses one of the records for what it is; which one is known only if it is the
                only one, since Kafka refuses whole batches.
            PublishError: Some record is not acknowledged; which ones is not known.
        """
        ...


class MemoryPublisher:
    """Keeps what is published; for tests.

    Attributes:
        records: What was published, in order.
        available: While this is False, publishing fails as it does without a broker.
        refused: Keys of the records that are refused, as a broker does that checks them.
        refused_bytes: Size of a value from which on it is refused, as a broker does with records that are too large.
    """

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.available = True
        self.refused: set[bytes | None] = set()
        self.refused_bytes: int | None = None

    async def publish(self, records: Sequence[Record]) -> None:
        """Keep the records."""
        if not self.available:
            raise PublishError("the publisher was made unavailable")
        if any(record.key in self.refused for record in records):
            raise RecordRefusedError("the publisher was made to refuse this key")
        if self.refused_bytes is not None and any(len(record.value or b"") >= self.refused_bytes for record in records):
            raise RecordRefusedError("the publisher was made to refuse so many bytes")
        self.records.extend(records)
