"""Removing what a namespace left in stores that outlive the run."""

from __future__ import annotations

from contextlib import suppress

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from redis import Redis

from servanda.infra.endpoints import KafkaEndpoint, RedisEndpoint

_KAFKA_SECONDS = 10


def remove(endpoint: RedisEndpoint | KafkaEndpoint, name: str) -> None:
    """Remove the keys ``<name>:*``, or the topics and consumer groups ``*.<name>``."""
    if isinstance(endpoint, RedisEndpoint):
        with Redis.from_url(endpoint.url) as client:
            for key in client.scan_iter(f"{name}:*", count=1000):
                client.delete(key)
    else:
        _delete_topics_and_groups(endpoint.bootstrap, f".{name}")


def _delete_topics_and_groups(bootstrap: str, suffix: str) -> None:
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    topics = [topic for topic in admin.list_topics(timeout=_KAFKA_SECONDS).topics if topic.endswith(suffix)]
    listing = admin.list_consumer_groups().result(_KAFKA_SECONDS)
    groups = [group.group_id for group in listing.valid if group.group_id.endswith(suffix)]
    pending = [
        *(admin.delete_consumer_groups(groups).values() if groups else ()),
        *(admin.delete_topics(topics).values() if topics else ()),
    ]
    for deletion in pending:
        # A group that still has members, or a topic that somebody else deleted first, is no reason to fail a run.
        with suppress(KafkaException):
            deletion.result(_KAFKA_SECONDS)
