"""Topics and consumer groups with one suffix for one run or one test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from servanda.infra.store import no_template, outlives_run
from servanda.infra.stores.kafka.endpoint import NAME, KafkaEndpoint

_SECONDS = 10


@contextmanager
def isolate(endpoint: KafkaEndpoint, name: str, template: str | None) -> Iterator[KafkaEndpoint]:
    """Give the topics and groups ``*.<name>``; they are removed at the end if the cluster outlives the run.

    Raises:
        InfrastructureError: There is a template.
    """
    no_template(NAME, template)
    try:
        yield endpoint
    finally:
        if outlives_run(endpoint):
            _remove(endpoint.bootstrap, f".{name}")


def _remove(bootstrap: str, suffix: str) -> None:
    # Imported here alone: the client takes long to import, and most runs have a cluster of their own.
    from confluent_kafka import KafkaException  # noqa: PLC0415
    from confluent_kafka.admin import AdminClient  # noqa: PLC0415

    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    topics = [topic for topic in admin.list_topics(timeout=_SECONDS).topics if topic.endswith(suffix)]
    listing = admin.list_consumer_groups().result(_SECONDS)
    groups = [group.group_id for group in listing.valid if group.group_id.endswith(suffix)]
    pending = [
        *(admin.delete_consumer_groups(groups).values() if groups else ()),
        *(admin.delete_topics(topics).values() if topics else ()),
    ]
    for deletion in pending:
        # A group that still has members, or a topic that somebody else deleted first, is no reason to fail a run.
        with suppress(KafkaException):
            deletion.result(_SECONDS)
