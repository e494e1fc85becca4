"""Records on their way to Kafka."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from platformkit.events.envelope import Record
from platformkit.events.errors import PublishError


class Publisher(Protocol):
    """Takes records to their topics."""

    async def publish(self, records: Sequence[Record]) -> None:
        """Return when every record is acknowledged; those with one key keep their order.

        Raises:
            PublishError: Some record is not acknowledged; which ones is not known.
        """
        ...


class MemoryPublisher:
    """Keeps what is published; for tests.

    Attributes:
        records: What was published, in order.
        available: While this is False, publishing fails as it does without a broker.
    """

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.available = True

    async def publish(self, records: Sequence[Record]) -> None:
        """Keep the records."""
        if not self.available:
            raise PublishError("the publisher was made unavailable")
        self.records.extend(records)
