"""Kafka: the records that a provider really wrote to its topic after a provider state made it write them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeAlias, TypeVar, cast

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from servanda.configuration import Limits
from servanda.errors import VerificationError
from servanda.pact import resolve
from servanda.transports.kafka.interaction import MessageInteraction
from servanda.transports.kafka.matching import Record, match_record
from servanda.transports.kafka.seen import Seen, size_of
from servanda.transports.provider import Exchange, Provider
from servanda.verdict import Mismatch, Reason, ReasonKind

Offsets: TypeAlias = Mapping[int, int]
"""The next offset by partition."""

_Answer = TypeVar("_Answer")
_POLL_SECONDS: Final = 0.1
# What is fetched at once, whatever the limits allow in all: a record may have megabytes.
_BATCH: Final = 1000
_BATCH_BYTES: Final = 16 << 20
_REQUEST_SECONDS: Final = 10.0


def open_verifier(provider: Provider, limits: Limits) -> KafkaVerifier:
    """Open the transport to a provider; see :class:`servanda.transports.provider.Verifier`.

    Raises:
        VerificationError: There is no Kafka in this run.
    """
    bootstrap = provider.placeholders.get("kafka.bootstrap")
    if bootstrap is None:
        raise VerificationError("no Kafka in this run: none of its services has the store 'kafka'")
    return KafkaVerifier(bootstrap, limits, lambda interaction: topic_of(interaction, provider))


def topic_of(interaction: MessageInteraction, provider: Provider) -> str:
    """Return the topic of this run that an event appears on.

    Raises:
        VerificationError: The contract names none, and the provider does not publish to exactly one.
    """
    topics = provider.service.topics
    topic = interaction.topic or (topics[0] if len(topics) == 1 else "")
    if not topic:
        raise VerificationError(
            f"the contract names no topic, and '{provider.service.name}' publishes to {len(topics) or 'none'}"
        )
    return physical_topic(provider.events.topic, topic, provider.placeholders.get("namespace", ""))


def physical_topic(pattern: str, topic: str, namespace: str) -> str:
    """Return the name of a topic in this run. Without a namespace, what would join it to the topic falls away."""
    return pattern.replace("{topic}", topic).replace("{namespace}", namespace).strip(".-_")


class KafkaVerifier:
    """A Kafka cluster, read with partitions assigned: no consumer group exists, so nobody's progress is touched.

    A topic stays assigned once it was read from, for a new assignment would wait for the fetch that is under way.

    Args:
        bootstrap: The cluster, ``host:port`` separated by commas.
        limits: What bounds the waiting.
        topic: Gives the topic of an interaction.
    """

    def __init__(self, bootstrap: str, limits: Limits, topic: Callable[[MessageInteraction], str]) -> None:
        self._limits = limits
        self._topic = topic
        self._assigned: set[str] = set()
        self._consumer = Consumer(
            {
                "bootstrap.servers": bootstrap,
                "group.id": "servanda-verification",  # the client wants one; without commits it never comes to exist
                "enable.auto.commit": False,
                "auto.offset.reset": "earliest",
                "allow.auto.create.topics": False,
                "topic.metadata.refresh.interval.ms": 500,
                # A broker answers one request of a connection after the other: asking where a topic ends would wait for
                # the fetch that waits for records.
                "fetch.wait.max.ms": 20,
                # Half of it passes before a client connects at all.
                "reconnect.backoff.ms": 10,
                "logger": logging.getLogger(__name__),
            }
        )
        # One thread: the client's calls block, and it must not be closed while one of them goes on.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="servanda-kafka")

    async def begin(self, interaction: MessageInteraction) -> Exchange:
        """Note where the topic ends now, and give what waits for an event after that.

        Raises:
            VerificationError: The topic is not known, or the cluster does not answer.
        """
        topic = self._topic(interaction)
        # Nothing if there is no such topic yet.
        since = await self._run(lambda: self._offsets(topic))
        return lambda values: self.verify(resolve(interaction, values), topic, since)

    async def verify(self, interaction: MessageInteraction, topic: str, since: Offsets) -> tuple[Reason, ...]:
        """Wait for a record that satisfies the contract; else give the reasons why the best one does not.

        Raises:
            VerificationError: The cluster does not answer.
            LimitError: There are more records, or larger ones, than the limits allow.
        """
        deadline = time.monotonic() + self._limits.event_seconds
        last = deadline + self._limits.settle_seconds  # a stream of events that do not fit does not go on for ever
        best: tuple[Mismatch, ...] | None = None
        seen = Seen(self._limits)
        while time.monotonic() < deadline:
            for record in await self._run(lambda: self._consume(topic, since)):
                seen.count(record)
                mismatches = match_record(interaction, record)
                if not mismatches:
                    return ()
                if best is None or len(mismatches) < len(best):
                    best = mismatches
                deadline = min(time.monotonic() + self._limits.settle_seconds, last)
        if best is not None:
            return tuple(Reason.of(mismatch) for mismatch in best)
        return (Reason(ReasonKind.NO_ANSWER, self._nothing_came(interaction, topic)),)

    async def close(self) -> None:
        """Close the connections."""
        await self._run(self._consumer.close)
        self._thread.shutdown()

    def _nothing_came(self, interaction: MessageInteraction, topic: str) -> str:
        states = ", ".join(f"'{state.name}'" for state in interaction.states)
        after = f" after the provider state {states}" if states else ""
        return f"no event appeared on the topic '{topic}' within {self._limits.event_seconds:g} s{after}"

    async def _run(self, call: Callable[[], _Answer]) -> _Answer:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, call)
        except KafkaException as error:
            raise VerificationError(f"Kafka is not reachable: {error}") from error

    def _offsets(self, topic: str) -> Offsets:
        found = self._consumer.list_topics(topic, timeout=_REQUEST_SECONDS).topics[topic]
        ends = {number: self._end(topic, number) for number in sorted(found.partitions)}
        if topic not in self._assigned:
            self._assign(topic, ends)
        return ends

    def _end(self, topic: str, partition: int) -> int:
        of_partition = TopicPartition(topic, partition)
        marks: tuple[int, int] = self._consumer.get_watermark_offsets(of_partition, timeout=_REQUEST_SECONDS)
        return marks[1]

    def _assign(self, topic: str, offsets: Offsets) -> None:
        if offsets:
            self._consumer.incremental_assign(
                [TopicPartition(topic, partition, offset) for partition, offset in offsets.items()]
            )
            self._assigned.add(topic)

    def _consume(self, topic: str, since: Offsets) -> list[Record]:
        if topic not in self._assigned:  # the provider had not created it when the interaction began
            found = self._consumer.list_topics(topic, timeout=_REQUEST_SECONDS).topics[topic]
            self._assign(topic, dict.fromkeys(found.partitions, 0))
        records = []
        message, polled, size = self._consumer.poll(_POLL_SECONDS), 1, 0
        while message is not None:
            if (error := message.error()) is not None:
                raise KafkaException(error)
            if message.topic() == topic and (message.offset() or 0) >= since.get(message.partition() or 0, 0):
                records.append(_record(message))
                size += size_of(records[-1])
            polled += 1
            message = self._consumer.poll(0) if polled < _BATCH and size < _BATCH_BYTES else None
        return records


def _record(message: Message) -> Record:
    headers: dict[str, tuple[str, ...]] = {}
    for name, value in cast("list[tuple[str, bytes | None]]", message.headers() or []):
        text = (value or b"").decode("utf-8", "replace")
        headers[name] = (*headers.get(name, ()), text)
    return Record(message.key(), message.value() or b"", headers)
