from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import asyncpg
import grpc
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from plt.identity.v1 import events_pb2, identity_pb2
from redis.exceptions import ConnectionError as RedisConnectionError
from structlog.testing import capture_logs

from platformkit.backoff import Backoff
from platformkit.context import Context, Trace, current
from platformkit.events import Consumer, Event, MemoryInbox, MemoryPublisher, MemorySubscription, Record, encode
from platformkit.service import StoreUnavailableError
from platformkit.status import ServiceError
from tests.unit.platformkit.telemetry.recording import kept_numbers

TIME = datetime(2026, 1, 2, tzinfo=UTC)


def created(event_id: str, request: str = "r-1", trace: Trace | None = None) -> Record:
    message = events_pb2.UserCreated(user=identity_pb2.User(user_id=f"user-of-{event_id}"))
    return encode(message, event_id=event_id, time=TIME, request_id=request, trace=trace)


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def rpc_failed(code: grpc.StatusCode) -> grpc.aio.AioRpcError:
    return grpc.aio.AioRpcError(code, grpc.aio.Metadata(), grpc.aio.Metadata())


class Effects:
    """A handler that notes what it applied, and fails for an event as often as it is told to."""

    def __init__(self, failures: dict[str, list[Exception]] | None = None) -> None:
        self.failures = failures or {}
        self.noted: list[str] = []
        self.contexts: list[Context] = []

    async def __call__(self, transaction: MemoryInbox, event: Event) -> None:
        if pending := self.failures.get(event.id):
            raise pending.pop(0)
        self.noted.append(event.id)
        self.contexts.append(current())


async def no_wait(_: float) -> None:
    await asyncio.sleep(0)


async def consume(records: Iterable[Record], effects: Effects, inbox: MemoryInbox, letters: MemoryPublisher) -> None:
    """Run a consumer until it has handled every record."""
    subscription = MemorySubscription(records)
    consumer = Consumer(
        subscription,
        inbox,
        {events_pb2.UserCreated: effects},
        letters,
        name="test",
        backoff=lambda: Backoff(sleep=no_wait),
    )
    running = asyncio.create_task(consumer.run())
    waiting = asyncio.create_task(subscription.done.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    running.cancel()
    waiting.cancel()
    await asyncio.gather(running, waiting, return_exceptions=True)
    assert subscription.done.is_set()


async def test_events_are_applied_in_order() -> None:
    effects = Effects()
    await consume([created("1"), created("2"), created("3")], effects, MemoryInbox(), MemoryPublisher())
    assert effects.noted == ["1", "2", "3"]


async def test_an_event_that_comes_twice_is_applied_once() -> None:
    effects, inbox, letters = Effects(), MemoryInbox(), MemoryPublisher()
    await consume([created("1"), created("1")], effects, inbox, letters)
    await consume([created("1"), created("2")], effects, inbox, letters)
    assert effects.noted == ["1", "2"]


async def test_events_of_two_sources_may_share_an_identifier() -> None:
    effects = Effects()
    other = tuple((name, b"/other" if name == "ce_source" else value) for name, value in created("1").headers)
    await consume([created("1"), replace(created("1"), headers=other)], effects, MemoryInbox(), MemoryPublisher())
    assert effects.noted == ["1", "1"]


async def test_a_malformed_record_goes_to_the_dead_letters_and_the_next_one_is_applied() -> None:
    effects, letters = Effects(), MemoryPublisher()
    await consume([replace(created("1"), headers=()), created("2")], effects, MemoryInbox(), letters)
    assert effects.noted == ["2"]
    assert [letter.topic for letter in letters.records] == ["plt.identity.user.v1.dlq"]


async def test_a_dead_letter_is_the_record_with_the_reason_and_its_origin() -> None:
    letters, record = MemoryPublisher(), replace(created("1"), value=b"\xff")
    await consume([record], Effects(), MemoryInbox(), letters)
    letter = letters.records[0]
    assert (letter.key, letter.value) == (record.key, record.value)
    assert letter.headers[: len(record.headers)] == record.headers
    facts = dict(letter.headers[len(record.headers) :])
    assert facts.pop("x-error").startswith(b"MalformedEventError: the value is no plt.identity.v1.UserCreated")
    assert facts == {
        "x-consumer": b"test",
        "x-attempts": b"1",
        "x-origin-topic": b"plt.identity.user.v1",
        "x-origin-partition": b"0",
        "x-origin-offset": b"0",
    }


async def test_a_record_that_went_back_to_another_consumer_is_left_to_it() -> None:
    effects, letters = Effects(), MemoryPublisher()

    def for_(consumer: str, record: Record) -> Record:
        return replace(record, headers=(*record.headers, ("x-redriven-for", consumer.encode())))

    unreadable = replace(created("1"), value=b"\xff")
    await consume([for_("other", unreadable), for_("test", created("2"))], effects, MemoryInbox(), letters)
    assert (effects.noted, letters.records) == (["2"], [])


async def test_an_event_of_an_unknown_type_is_passed_over() -> None:
    effects, letters = Effects(), MemoryPublisher()
    message = events_pb2.UserDeactivated(user_id="1")
    unknown = encode(message, event_id="1", time=TIME, request_id="r-1")
    await consume([unknown, created("2")], effects, MemoryInbox(), letters)
    assert (effects.noted, letters.records) == (["2"], [])


async def test_an_event_whose_handler_fails_once_is_applied_after_all() -> None:
    effects, letters = Effects({"2": [RuntimeError("once")]}), MemoryPublisher()
    inbox = MemoryInbox()
    await consume([created("1"), created("2"), created("3")], effects, inbox, letters)
    assert inbox.applied == {("/plt/identity", "1"), ("/plt/identity", "2"), ("/plt/identity", "3")}
    assert letters.records == []


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(RuntimeError("always"), id="handler"),
        pytest.param(asyncpg.DataError("invalid input for query argument $1"), id="value refused"),
        pytest.param(asyncpg.CheckViolationError("violates check constraint"), id="constraint"),
        pytest.param(asyncpg.ProgramLimitExceededError("index row size exceeds maximum"), id="too large to be known"),
        pytest.param(caused(RuntimeError("no such user"), KeyError("7")), id="wrapped by the handler"),
        pytest.param(rpc_failed(grpc.StatusCode.NOT_FOUND), id="another service refuses"),
    ],
)
async def test_an_event_whose_handler_always_fails_goes_to_the_dead_letters(error: Exception) -> None:
    effects, inbox, letters = Effects({"1": [error] * 10}), MemoryInbox(), MemoryPublisher()
    await consume([created("1"), created("2")], effects, inbox, letters)
    assert effects.noted == ["2"]
    assert inbox.applied == {("/plt/identity", "2")}
    assert dict(letters.records[0].headers)["x-attempts"] == b"3"


async def test_an_event_is_tried_with_the_others_and_then_three_times_alone() -> None:
    failures: list[Exception] = [RuntimeError("always")] * 10
    await consume([created("1"), created("2")], Effects({"1": failures}), MemoryInbox(), MemoryPublisher())
    assert len(failures) == 10 - 1 - 3


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(ConnectionRefusedError("connection refused"), id="nobody listens"),
        pytest.param(asyncpg.ConnectionDoesNotExistError("connection was closed"), id="connection lost"),
        pytest.param(asyncpg.AdminShutdownError("terminating connection"), id="shutdown"),
        pytest.param(asyncpg.UndefinedTableError('relation "inbox" does not exist'), id="not migrated yet"),
        pytest.param(asyncpg.DeadlockDetectedError("deadlock detected"), id="deadlock"),
        pytest.param(TimeoutError(), id="no answer in time"),
        pytest.param(RedisConnectionError("connection refused"), id="Redis away"),
        pytest.param(StoreUnavailableError("away"), id="store of the service away"),
        pytest.param(caused(RuntimeError("cannot look up"), OSError("away")), id="wrapped by the handler"),
        pytest.param(rpc_failed(grpc.StatusCode.UNAVAILABLE), id="another service away"),
        pytest.param(rpc_failed(grpc.StatusCode.DEADLINE_EXCEEDED), id="another service late"),
        pytest.param(ServiceError(grpc.StatusCode.UNAVAILABLE, "away", reason="X"), id="unavailable"),
    ],
)
async def test_while_the_store_is_away_no_event_is_given_up(error: Exception) -> None:
    effects, letters = Effects({"1": [error] * 20}), MemoryPublisher()
    await consume([created("1"), created("2")], effects, MemoryInbox(), letters)
    assert (effects.noted, letters.records) == (["1", "2"], [])


@given(
    numbers=st.lists(st.integers(0, 4), max_size=12),
    malformed=st.sets(st.integers(0, 11)),
    faults=st.dictionaries(
        st.integers(0, 4).map(str), st.lists(st.sampled_from([OSError("away"), RuntimeError("bad luck")]), max_size=2)
    ),
)
async def test_whatever_comes_in_whatever_order_each_event_is_applied_once_or_is_a_dead_letter(
    numbers: list[int], malformed: set[int], faults: dict[str, list[Exception]]
) -> None:
    assume(numbers)
    records = [created(str(number)) for number in numbers]
    sent = [replace(record, value=b"\xff") if i in malformed else record for i, record in enumerate(records)]
    inbox, letters = MemoryInbox(), MemoryPublisher()
    effects = Effects({event_id: list(errors) for event_id, errors in faults.items()})
    await consume(sent, effects, inbox, letters)
    readable = {str(number) for i, number in enumerate(numbers) if i not in malformed}
    assert {event_id for _, event_id in inbox.applied} == readable
    assert len(letters.records) == len(malformed & set(range(len(numbers))))


async def test_a_handler_works_in_the_context_of_its_event() -> None:
    effects, trace = Effects(), Trace(f"00-{'a' * 32}-{'b' * 16}-01")
    await consume([created("1", "r-1"), created("2", "r-2", trace)], effects, MemoryInbox(), MemoryPublisher())
    assert effects.contexts == [Context("r-1"), Context("r-2", trace=trace)]


async def test_an_event_without_a_request_id_is_handled_under_a_new_one() -> None:
    effects, record = Effects(), created("1")
    bare = replace(record, headers=tuple(header for header in record.headers if header[0] != "ce_requestid"))
    logged: list[str] = []

    def note(_: object, __: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
        if line["event"] == "an event is applied":
            logged.append(current().request_id)
        return line

    with capture_logs(processors=[note]):
        await consume([bare], effects, MemoryInbox(), MemoryPublisher())
    assert logged == [effects.contexts[0].request_id]
    assert logged != [""]


async def test_a_dead_letter_that_its_topic_refuses_goes_without_its_value_and_the_next_event_is_applied() -> None:
    letters, effects = MemoryPublisher(), Effects()
    letters.refused_bytes = 10
    await consume([replace(created("1"), headers=()), created("2")], effects, MemoryInbox(), letters)
    (letter,) = letters.records
    assert (letter.value, effects.noted) == (None, ["2"])
    assert dict(letter.headers).items() >= {"x-omitted-bytes": b"13", "x-origin-offset": b"0"}.items()


async def test_a_dead_letter_that_is_refused_whatever_it_holds_is_told_and_the_next_event_is_applied() -> None:
    letters, effects = MemoryPublisher(), Effects()
    letters.refused = {created("1").key}
    with capture_logs() as logs:
        await consume([replace(created("1"), headers=()), created("2")], effects, MemoryInbox(), letters)
    assert (letters.records, effects.noted) == ([], ["2"])
    assert "Kafka refuses a dead letter" in [line["event"] for line in logs]


async def test_a_dead_letter_waits_for_kafka() -> None:
    letters = MemoryPublisher()
    letters.available = False
    waits = 0

    async def back_after_three_waits(_: float) -> None:
        nonlocal waits
        waits += 1
        letters.available = waits == 3
        await asyncio.sleep(0)

    subscription = MemorySubscription([replace(created("1"), headers=())])
    consumer = Consumer(
        subscription,
        MemoryInbox(),
        {events_pb2.UserCreated: Effects()},
        letters,
        name="test",
        backoff=lambda: Backoff(sleep=back_after_three_waits),
    )
    running = asyncio.create_task(consumer.run())
    await asyncio.wait_for(subscription.done.wait(), 10)
    running.cancel()
    assert len(letters.records) == 1


async def test_events_are_counted_by_what_becomes_of_them() -> None:
    effects = Effects({"b": [ValueError("no")] * 4})
    with kept_numbers() as number:
        await consume([created("a"), created("b"), created("c")], effects, MemoryInbox(), MemoryPublisher())
    facts = {"consumer": "test", "type": "plt.identity.v1.UserCreated"}
    assert number("plt_events_applied_total", **facts) == 2
    assert number("plt_event_failures_total", **facts) == 3
    assert number("plt_dead_letters_total", consumer="test", topic="plt.identity.user.v1") == 1
    assert number("plt_event_delay_seconds_count", consumer="test") == 2


async def test_neither_the_log_nor_a_dead_letter_holds_what_an_event_may_not_tell() -> None:
    message = events_pb2.UserCreated(user=identity_pb2.User(user_id="u-1", email="ada@example.org"))
    record = encode(message, event_id="a", time=TIME, request_id="r-1")
    letters = MemoryPublisher()
    with capture_logs() as logs:
        await consume([record], Effects({"a": [ValueError("Ada@example.org is odd")] * 4}), MemoryInbox(), letters)
    (letter,) = letters.records
    assert dict(letter.headers)["x-error"] == b"ValueError: [redacted] is odd"
    assert "example.org" not in str(logs).lower()
