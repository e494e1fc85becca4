"""Topics on a broker."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import ConfigResource

from platformkit.events import Topic, physical_name
from platformkit.events.topics import ensure_topics
from servanda.infra import KafkaEndpoint, Namespace

Settings = Callable[[Topic], Mapping[str, str]]


@pytest.fixture
def servers(servanda_namespace: Namespace) -> str:
    return servanda_namespace.endpoints.of(KafkaEndpoint).bootstrap


@pytest.fixture
def settings(servers: str, servanda_namespace: Namespace) -> Settings:
    """Asks for what was set for a topic of its own."""

    def ask(topic: Topic) -> Mapping[str, str]:
        name = physical_name(topic.name, servanda_namespace.name)
        admin = AdminClient({"bootstrap.servers": servers})
        (answer,) = admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, name)]).values()
        return {key: entry.value for key, entry in answer.result(10).items() if not entry.is_default}

    return ask


def test_a_topic_is_created_with_the_retention_that_its_events_declare(
    servers: str, servanda_namespace: Namespace, settings: Settings
) -> None:
    short, default = Topic("plt.short.v1", retention_hours=2), Topic("plt.default.v1")
    ensure_topics(servers, servanda_namespace.name, [short, default])
    assert settings(short)["retention.ms"] == "7200000"
    assert "retention.ms" not in settings(default)


def test_a_topic_that_exists_stays_as_it_is(servers: str, servanda_namespace: Namespace, settings: Settings) -> None:
    ensure_topics(servers, servanda_namespace.name, [Topic("plt.kept.v1", retention_hours=2)])
    ensure_topics(servers, servanda_namespace.name, [Topic("plt.kept.v1", retention_hours=3), Topic("plt.new.v1")])
    assert settings(Topic("plt.kept.v1"))["retention.ms"] == "7200000"
    assert settings(Topic("plt.new.v1")) is not None


def test_a_topic_that_the_broker_refuses_is_an_error(servers: str, servanda_namespace: Namespace) -> None:
    with pytest.raises(KafkaException, match="invalid"):
        ensure_topics(servers, servanda_namespace.name, [Topic("no name for a topic")])
