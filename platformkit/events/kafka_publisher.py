"""Records to Kafka, through an idempotent producer."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from platformkit.events.broker_watch import LOG_LEVEL, BrokerWatch
from platformkit.events.envelope import Record
from platformkit.events.errors import PublishError, RecordRefusedError
from platformkit.events.topics import Topic, ensure_topics, physical_name
from platformkit.telemetry import get_logger

if TYPE_CHECKING:
    from confluent_kafka.cimpl import DeliveryCallback

# What a broker says of a record that it will never take: https://kafka.apache.org/protocol#protocol_error_codes. Every
# other error may pass: a leader is elected, a topic is created, a right is granted.
REFUSALS: Final = frozenset(
    {
        KafkaError.MSG_SIZE_TOO_LARGE,
        KafkaError.RECORD_LIST_TOO_LARGE,
        KafkaError.TOPIC_EXCEPTION,
        KafkaError.INVALID_TIMESTAMP,
        KafkaError.POLICY_VIOLATION,
        KafkaError.INVALID_RECORD,
    }
)
# How large a record may be is for the topic to say; this is as much as any broker is likely to be configured for.
MESSAGE_BYTES: Final = 64 * 1024 * 1024
# How often a blocked thread looks whether it is still wanted.
POLL_SECONDS = 0.1


class KafkaPublisher:
    """Publishes through an idempotent producer; waits for as long as the broker is away.

    Args:
        bootstrap_servers: ``host:port``, separated by commas.
        namespace: Suffix of the topics of this deployment; may be empty.
        topics: Created before the first record, if they are missing.
    """

    def __init__(self, bootstrap_servers: str, namespace: str, topics: Sequence[Topic]) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._namespace = namespace
        self._topics = tuple(topics)
        self._producer: Producer | None = None
        self._watch = BrokerWatch(get_logger(__name__))
        # One thread, so that batches follow each other.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="publisher")

    async def publish(self, records: Sequence[Record]) -> None:
        """Return when every record is acknowledged; those with one key keep their order.

        Raises:
            RecordRefusedError: The broker refuses a record for what it is.
            PublishError: The broker does not take a record now, or the topics cannot be created.
        """
        stop = threading.Event()
        publishing = asyncio.get_running_loop().run_in_executor(self._thread, self._publish, records, stop)
        try:
            await asyncio.shield(publishing)
        except asyncio.CancelledError:
            stop.set()
            with suppress(PublishError):
                await publishing
            raise

    async def close(self) -> None:
        """Give up what is not acknowledged, and disconnect."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._discard)
        self._thread.shutdown(wait=False)

    def _publish(self, records: Sequence[Record], stop: threading.Event) -> None:
        failures: list[KafkaError] = []
        acknowledged = 0

        def delivered(error: KafkaError | None, _: Message) -> None:
            nonlocal acknowledged
            acknowledged += error is None
            if error is not None:
                failures.append(error)

        try:
            producer = self._connected()
            for record in records:
                self._enqueue(producer, record, delivered, stop)
            while acknowledged + len(failures) < len(records) and not stop.is_set():
                producer.poll(POLL_SECONDS)
        except KafkaException as error:
            failures.append(error.args[0])
        if acknowledged:
            self._watch.succeeded()
        if acknowledged < len(records):
            # What is still queued must not overtake what has to be published again.
            self._discard()
            raise _failure(f"{acknowledged} of {len(records)} records acknowledged", failures)

    def _enqueue(self, producer: Producer, record: Record, delivered: DeliveryCallback, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                producer.produce(
                    physical_name(record.topic, self._namespace),
                    value=record.value,
                    key=record.key,
                    headers=list(record.headers),
                    on_delivery=delivered,
                )
            except BufferError:
                producer.poll(POLL_SECONDS)
            else:
                return

    def _connected(self) -> Producer:
        if self._producer is None:
            ensure_topics(self._bootstrap_servers, self._namespace, self._topics)
            self._producer = Producer(
                {
                    "bootstrap.servers": self._bootstrap_servers,
                    "enable.idempotence": True,
                    "acks": "all",
                    "message.max.bytes": MESSAGE_BYTES,
                    # A record that times out would let the next one of its key overtake it.
                    "message.timeout.ms": 0,
                    # Batches come ready from the outbox.
                    "linger.ms": 0,
                    "reconnect.backoff.max.ms": 1000,
                    "error_cb": self._watch.complained,
                    "log_level": LOG_LEVEL,
                },
                logger=logging.getLogger("kafka.producer"),
            )
        return self._producer

    def _discard(self) -> None:
        if self._producer is not None:
            self._producer.purge()
            self._producer.flush(POLL_SECONDS)
            self._producer = None


def _failure(what: str, failures: Sequence[KafkaError]) -> PublishError:
    refusal = next((failure for failure in failures if failure.code() in REFUSALS), None)
    if refusal is not None:
        return RecordRefusedError(f"{what}: {refusal.str()}")
    return PublishError(f"{what}: {failures[0].str() if failures else 'cancelled'}")
