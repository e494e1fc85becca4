"""Topics of a real Kafka."""

from __future__ import annotations

import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from servanda.infra import Namespace
from servanda.topics.cluster import Cluster
from servanda.topics.record import Record


@pytest.fixture
def topic(servanda_namespace: Namespace) -> str:
    """A topic with one partition and three records."""
    name = f"orders.{servanda_namespace.name}"
    cluster = Cluster(servanda_namespace.endpoints.kafka.bootstrap)
    cluster.make([name], 1)
    cluster.send(Record(name, b"key", value) for value in (b"1", b"2", b"3"))
    return name


@pytest.mark.parametrize(("since", "expected"), [({}, [b"1", b"2", b"3"]), (2, [b"3"]), (3, []), (9, [])])
def test_records_are_read_from_an_offset_on(
    servanda_namespace: Namespace, topic: str, since: int | dict[tuple[str, int], int], expected: list[bytes]
) -> None:
    cluster = Cluster(servanda_namespace.endpoints.kafka.bootstrap)
    offsets = {(topic, 0): since} if isinstance(since, int) else since
    assert [placed.record.value for placed in cluster.read([topic], offsets)] == expected


def test_what_retention_has_removed_is_not_waited_for(servanda_namespace: Namespace, topic: str) -> None:
    bootstrap = servanda_namespace.endpoints.kafka.bootstrap
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for removed in admin.delete_records([TopicPartition(topic, 0, 2)]).values():
        removed.result(10)
    assert [placed.record.value for placed in Cluster(bootstrap).read([topic])] == [b"3"]


def test_a_topic_that_is_not_there_holds_nothing(servanda_namespace: Namespace) -> None:
    cluster = Cluster(servanda_namespace.endpoints.kafka.bootstrap)
    assert list(cluster.read(["nobody.made.it"])) == []
    assert cluster.ends(["nobody.made.it"]) == {}
