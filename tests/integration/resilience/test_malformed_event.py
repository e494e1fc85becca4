"""What is no event is on the topic of the running platform: it is put aside, and what follows takes effect."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from confluent_kafka import Consumer, Message, Producer

from servanda.infra import Namespace
from tests.contract.consumer.web_app_client import WebAppClient
from tests.integration.running_platform import Platform
from tests.integration.waiting import eventually

TOPIC = "plt.identity.user.v1"


@pytest.fixture
def dead_letters(servanda_namespace: Namespace) -> Iterator[Consumer]:
    settings = {"group.id": uuid.uuid4().hex, "auto.offset.reset": "earliest"}
    consumer = Consumer({"bootstrap.servers": servanda_namespace.endpoints.kafka.bootstrap, **settings})
    consumer.subscribe([f"{TOPIC}.dlq.{servanda_namespace.name}"])
    yield consumer
    consumer.close()


def received(consumer: Consumer) -> Message | None:
    """A record, or nothing as long as there is none or the topic is not made yet."""
    message = consumer.poll(0.1)
    return None if message is None or message.error() else message


def test_a_malformed_event_is_put_aside_with_its_reason_and_the_next_one_is_recorded(
    platform: Platform, servanda_namespace: Namespace, dead_letters: Consumer
) -> None:
    with WebAppClient(platform.gateway_url) as web_app:
        ada = web_app.sign_up("ada@example.org", "Ada", "key-1")
        producer = Producer({"bootstrap.servers": servanda_namespace.endpoints.kafka.bootstrap})
        producer.produce(f"{TOPIC}.{servanda_namespace.name}", b"\xff no event", ada.user_id, headers={"ce_id": b"1"})
        assert producer.flush(30) == 0
        web_app.rename(ada, "Ada Lovelace")
        subject = f"users/{ada.user_id}"
        trail = eventually(lambda: web_app.happenings(subject), until=lambda found: len(found) == 2, seconds=30)
    assert [happening.kind for happening in trail] == ["ENTRY_KIND_USER_UPDATED", "ENTRY_KIND_USER_CREATED"]
    letter = eventually(lambda: received(dead_letters), until=lambda found: found is not None, seconds=30)
    assert letter is not None
    headers = dict(letter.headers() or [])
    assert (letter.key(), letter.value()) == (ada.user_id.encode(), b"\xff no event")
    assert headers["x-error"]
    assert headers["x-origin-topic"] == TOPIC.encode()
