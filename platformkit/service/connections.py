"""Connections of one process to its stores, which nothing leaks that goes wrong while they are made."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Final, Self

from redis.asyncio import Redis

from platformkit import redis
from platformkit.events import DeadLetters, KafkaArchive, KafkaPublisher, KafkaSubscription, Pool, Topic
from platformkit.lifecycle import Settings
from platformkit.postgres import create_pool
from platformkit.tokens import InternalTokens, RedisCallerKeys

_ARCHIVE_SECONDS: Final = 3.0
"""How long Kafka may take for an answer that a request waits for."""


class Connections:
    """Opens what a service asks for, and closes it in the opposite order, whatever fails in between.

    Every address is read before anything is opened on it, so a setting that is missing is told first.

    Args:
        settings: Where the stores are.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Begin without any."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close all of them; one that cannot be closed keeps no other one open."""
        await self._stack.__aexit__(kind, error, traceback)

    async def postgres(self, *, max_size: int = 10) -> Pool:
        """Open a pool of PostgreSQL connections, this many at most.

        Raises:
            StartError: The settings do not say where.
        """
        pool = await create_pool(self._settings.postgres_dsn, max_size=max_size)
        self._stack.push_async_callback(pool.close)
        return pool

    def redis(self) -> Redis:
        """Open a client of Redis.

        Raises:
            StartError: The settings do not say where.
        """
        client = redis.connect(self._settings.redis_url)
        self._stack.push_async_callback(client.aclose)
        return client

    def internal_tokens(self, client: Redis) -> InternalTokens:
        """Return the internal tokens of this process, whose keys are in Redis.

        Give them to its ``Application``, and their ``prove`` to each ``ServiceChannel``.

        Args:
            client: A client of Redis.
        """
        keys = RedisCallerKeys(client, redis.Keys(self._settings.namespace))
        return InternalTokens(self._settings.name, keys)

    def publisher(self, topics: Iterable[Topic]) -> KafkaPublisher:
        """Open a publisher of events to these topics.

        Raises:
            StartError: The settings do not say where.
        """
        publisher = KafkaPublisher(self._settings.kafka_bootstrap_servers, self._settings.namespace, tuple(topics))
        self._stack.push_async_callback(publisher.close)
        return publisher

    def subscription(self, group: str, topics: Iterable[Topic]) -> KafkaSubscription:
        """Open a subscription to these topics, as a member of a group.

        Raises:
            StartError: The settings do not say where.
        """
        servers, namespace = self._settings.kafka_bootstrap_servers, self._settings.namespace
        subscription = KafkaSubscription(servers, namespace, group, tuple(topics))
        self._stack.push_async_callback(subscription.close)
        return subscription

    def dead_letters(self, consumer: str, topics: Iterable[Topic]) -> DeadLetters:
        """Open a way to the dead letters of a consumer of these topics, and back.

        Raises:
            StartError: The settings do not say where.
        """
        # A publisher that waits for Kafka keeps the next one waiting, and so that of the consumer.
        return DeadLetters(consumer, topics, self.archive(), self.publisher(()))

    def archive(self) -> KafkaArchive:
        """Open a way to the records that topics hold.

        Raises:
            StartError: The settings do not say where.
        """
        servers, namespace = self._settings.kafka_bootstrap_servers, self._settings.namespace
        archive = KafkaArchive(servers, namespace, seconds=_ARCHIVE_SECONDS)
        self._stack.callback(archive.close)
        return archive
