"""Records on their way from Kafka."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from platformkit.events.envelope import Record


@dataclass(frozen=True, slots=True)
class Delivery:
    """A record and its place.

    Attributes:
        record: What was received.
        partition: Partition of its topic.
        offset: Place in the partition.
    """

    record: Record
    partition: int
    offset: int


class Subscription(Protocol):
    """Gives records, and remembers up to where they were handled."""

    async def receive(self) -> Sequence[Delivery]:
        """Return the next records, in the order of their partitions; may be none.

        Raises:
            SubscriptionError: Nothing can be received now.
        """
        ...

    async def commit(self, handled: Sequence[Delivery]) -> None:
        """Remember that these, and whatever lies before them, need not come again.

        Raises:
            SubscriptionError: They may come again.
        """
        ...


class MemorySubscription:
    """Gives the records that it was made with, all at once, then waits forever; for tests.

    Args:
        records: What to deliver, in order.

    Attributes:
        committed: How many were handled.
        done: Set when all of them were.
    """

    def __init__(self, records: Iterable[Record]) -> None:
        self._deliveries = [Delivery(record, 0, offset) for offset, record in enumerate(records)]
        self._position = 0
        self.committed = 0
        self.done = asyncio.Event()

    async def receive(self) -> Sequence[Delivery]:
        """Return everything that was not received yet."""
        received = self._deliveries[self._position :]
        self._position = len(self._deliveries)
        if not received:
            await asyncio.Event().wait()
        return received

    async def commit(self, handled: Sequence[Delivery]) -> None:
        """Count them."""
        self.committed = max(delivery.offset + 1 for delivery in handled)
        if self.committed == len(self._deliveries):
            self.done.set()
