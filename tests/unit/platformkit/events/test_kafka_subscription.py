"""What a subscription does with what its client hands out, and how it takes leave; no broker is needed for either."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException
from typing_extensions import override

from platformkit.events import Delivery, KafkaSubscription, Record, SubscriptionError, Topic


class Client:
    """A Kafka client that takes leave when it may, and is told nothing."""

    def __init__(self) -> None:
        self.may_leave = threading.Event()
        self.leaving = threading.Event()

    def close(self) -> None:
        self.leaving.set()
        self.may_leave.wait(10)


def subscribed(client: Any) -> KafkaSubscription:
    subscription = KafkaSubscription("127.0.0.1:1", "test", "probe", [Topic("t")])
    subscription._consumer = client
    return subscription


async def test_closing_waits_until_the_group_is_left() -> None:
    client = Client()
    closing = asyncio.ensure_future(subscribed(client).close())
    await asyncio.to_thread(client.leaving.wait, 10)
    assert not closing.done()
    client.may_leave.set()
    await closing


async def test_closing_does_not_wait_for_a_broker_that_is_away() -> None:
    client = Client()
    subscription = subscribed(client)
    subscription._watch.away = True
    await subscription.close()
    client.may_leave.set()


async def test_a_subscription_that_was_never_used_is_closed_at_once() -> None:
    await subscribed(None).close()


async def test_what_kafka_says_is_an_error_of_the_subscription() -> None:
    class Failing(KafkaSubscription):
        @override
        def _receive(self) -> list[Delivery]:
            raise KafkaException(KafkaError(KafkaError._TRANSPORT, "no way to the broker"))

    subscription = Failing("127.0.0.1:1", "", "probe", [Topic("t")])
    with pytest.raises(SubscriptionError, match="no way to the broker"):
        await subscription.receive()
    await subscription.close()


class Message:
    """A record as the client hands it out."""

    def __init__(
        self, headers: Sequence[tuple[str, str | bytes | None]] | None, error: KafkaError | None = None
    ) -> None:
        self._headers = headers
        self._error = error

    def error(self) -> KafkaError | None:
        return self._error

    def topic(self) -> str:
        return "t.test"

    def key(self) -> bytes:
        return b"k"

    def value(self) -> bytes:
        return b"v"

    def headers(self) -> Sequence[tuple[str, str | bytes | None]] | None:
        return self._headers

    def partition(self) -> int:
        return 2

    def offset(self) -> int:
        return 7


def deliveries(message: Any) -> list[Delivery]:
    return list(subscribed(None)._delivery(message))


@pytest.mark.parametrize(
    ("headers", "read"),
    [
        pytest.param([("a", b"1"), ("a", b"2")], (("a", b"1"), ("a", b"2")), id="several of a name"),
        pytest.param([("a", "é")], (("a", "é".encode()),), id="text"),
        pytest.param([("a", None)], (("a", b""),), id="no value"),
        pytest.param([("a", b"")], (("a", b""),), id="an empty value"),
        pytest.param(None, (), id="none"),
    ],
)
def test_a_record_is_delivered_with_its_place_and_its_headers(
    headers: Any, read: tuple[tuple[str, bytes], ...]
) -> None:
    assert deliveries(Message(headers)) == [Delivery(Record("t", b"k", b"v", read), 2, 7)]


def test_an_error_that_the_client_gets_over_delivers_nothing() -> None:
    assert deliveries(Message(None, KafkaError(KafkaError._TRANSPORT))) == []


def test_an_error_that_is_final_ends_the_client() -> None:
    client = Client()
    client.may_leave.set()
    message: Any = Message(None, KafkaError(KafkaError._FATAL, "fenced", True))
    with pytest.raises(KafkaException, match="fenced"):
        list(subscribed(client)._delivery(message))
    assert client.leaving.is_set()
