"""Records from Kafka, received as a member of a consumer group."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from platformkit.events.broker_watch import LOG_LEVEL, BrokerWatch
from platformkit.events.envelope import Record
from platformkit.events.errors import SubscriptionError
from platformkit.events.subscription import Delivery
from platformkit.events.topics import Topic, ensure_topics, physical_name
from platformkit.telemetry import get_logger

log = get_logger(__name__)

BATCH = 500
# How long a thread that waits for records keeps a service from stopping, at most.
POLL_SECONDS = 0.2
# The shortest that brokers accept unless configured otherwise: after so long others take over from a dead instance.
SESSION_MILLISECONDS = 6000
# What is not committed comes again after a crash, and counts as lag. Where nothing came, nothing is sent.
COMMIT_MILLISECONDS = 200

T = TypeVar("T")


class KafkaSubscription:
    """Receives as a member of a consumer group.

    Args:
        bootstrap_servers: ``host:port``, separated by commas.
        namespace: Suffix of the topics and the group of this deployment; may be empty.
        group: Name of the group: each record goes to one of its members.
        topics: What to subscribe to; created, if they are missing.
    """

    def __init__(self, bootstrap_servers: str, namespace: str, group: str, topics: Sequence[Topic]) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._namespace = namespace
        self._group = physical_name(group, namespace)
        self._topics = tuple(topics)
        self._logical = {physical_name(topic.name, namespace): topic.name for topic in topics}
        self._consumer: Consumer | None = None
        self._watch = BrokerWatch(log)
        # The client is not made for two threads.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="subscription")

    async def receive(self) -> Sequence[Delivery]:
        """Return the next records, in the order of their partitions; none if none came for a while.

        Raises:
            SubscriptionError: Nothing can be received now.
        """
        return await self._call(self._receive)

    async def commit(self, handled: Sequence[Delivery]) -> None:
        """Remember that these, and whatever lies before them, need not come again.

        Raises:
            SubscriptionError: They may come again, perhaps to another member.
        """
        await self._call(lambda: self._commit(handled))

    async def close(self) -> None:
        """Disconnect."""
        await self._call(self._discard)
        self._thread.shutdown(wait=False)

    async def _call(self, blocking: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, blocking)
        except KafkaException as error:
            raise SubscriptionError(error.args[0].str()) from error

    def _receive(self) -> list[Delivery]:
        consumer = self._connected()
        first = consumer.poll(POLL_SECONDS)
        if first is None:
            return []
        # Without waiting: whatever has arrived already.
        return [delivery for message in (first, *consumer.consume(BATCH, 0)) for delivery in self._delivery(message)]

    def _delivery(self, message: Message) -> Iterable[Delivery]:
        error = message.error()
        if error is not None:
            if error.fatal():
                self._discard()
                raise KafkaException(error)
            # The client gets over every other one by itself.
            log.warning("nothing can be received", reason=error.str())
            return
        self._watch.succeeded()
        # Received headers are pairs; only those to be sent may be a mapping.
        headers = cast("Sequence[tuple[str, str | bytes | None]]", message.headers() or ())
        record = Record(
            topic=self._logical[message.topic() or ""],
            key=message.key(),
            value=message.value(),
            headers=tuple((name, _bytes(value)) for name, value in headers),
        )
        yield Delivery(record, message.partition() or 0, message.offset() or 0)

    def _commit(self, handled: Sequence[Delivery]) -> None:
        following: dict[tuple[str, int], int] = {}
        for delivery in handled:
            place = (physical_name(delivery.record.topic, self._namespace), delivery.partition)
            following[place] = max(delivery.offset + 1, following.get(place, 0))
        offsets = [TopicPartition(topic, partition, offset) for (topic, partition), offset in following.items()]
        # Only noted here and sent soon: what comes again for lack of a commit is known to the inbox, and waiting for
        # a broker that is away would keep the service from stopping.
        self._connected().store_offsets(offsets=offsets)

    def _connected(self) -> Consumer:
        if self._consumer is None:
            ensure_topics(self._bootstrap_servers, self._namespace, self._topics)
            settings = {
                "bootstrap.servers": self._bootstrap_servers,
                "group.id": self._group,
                "enable.auto.offset.store": False,
                "auto.commit.interval.ms": COMMIT_MILLISECONDS,
                "auto.offset.reset": "earliest",
                "partition.assignment.strategy": "cooperative-sticky",
                "session.timeout.ms": SESSION_MILLISECONDS,
                "heartbeat.interval.ms": SESSION_MILLISECONDS // 3,
                "reconnect.backoff.max.ms": 1000,
                "error_cb": self._watch.complained,
                "log_level": LOG_LEVEL,
            }
            self._consumer = Consumer(settings, logger=logging.getLogger("kafka.consumer"))
            self._consumer.subscribe(list(self._logical))
        return self._consumer

    def _discard(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is None:
            return
        leave = threading.Thread(target=consumer.close, daemon=True, name="leave")
        leave.start()
        if not self._watch.away:
            leave.join()
        # Else nobody waits: the client would try for a whole session to take leave of a broker that is not there.


def _bytes(value: str | bytes | None) -> bytes:
    return value.encode() if isinstance(value, str) else value or b""
