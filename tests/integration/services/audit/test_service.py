from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import grpc
import pytest
from plt.audit.v1 import audit_pb2
from plt.audit.v1.audit_pb2_grpc import AuditServiceStub
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.channels import HttpChannel, grpc_channel
from platformkit.events import KafkaPublisher, KafkaSubscription, Pool, Record, encode, topics_of
from platformkit.events.inbox import KEEP_HOURS
from platformkit.lifecycle import Settings
from platformkit.status import ServiceError
from services.audit.adapters.event_handlers import EVENTS
from services.audit.application import application
from services.audit.contract_states import UPDATED, states
from tests.integration.services.forwarding import Forwarder
from tests.integration.services.serving import serving
from tests.integration.waiting import until

if TYPE_CHECKING:
    # Only its type stub has the asynchronous one.
    from plt.audit.v1.audit_pb2_grpc import AuditServiceAsyncStub

CHANNELS: Mapping[str, Callable[[Settings], grpc.aio.Channel]] = {
    "grpc": lambda settings: grpc_channel(f"127.0.0.1:{settings.grpc_port}"),
    "http": lambda settings: HttpChannel(f"http://127.0.0.1:{settings.http_port}"),
}
TIME = datetime(2026, 1, 2, tzinfo=UTC)
SECONDS = 30.0

ListEntries = audit_pb2.ListEntriesRequest


@asynccontextmanager
async def client(settings: Settings, transport: str) -> AsyncIterator[AuditServiceAsyncStub]:
    async with CHANNELS[transport](settings) as channel:
        yield AuditServiceStub(channel)


@pytest.fixture(params=list(CHANNELS))
async def audit(request: pytest.FixtureRequest, environ: Mapping[str, str]) -> AsyncIterator[AuditServiceAsyncStub]:
    async with serving("audit", application, environ) as settings, client(settings, request.param) as stub:
        yield stub


@pytest.fixture
async def publish(environ: Mapping[str, str]) -> AsyncIterator[Callable[[list[Record]], Awaitable[None]]]:
    publisher = KafkaPublisher(environ["KAFKA_BOOTSTRAP_SERVERS"], environ["NAMESPACE"], topics_of(EVENTS))
    yield publisher.publish
    await publisher.close()


def created(user_id: str) -> Record:
    message = events_pb2.UserCreated(user=identity_pb2.User(user_id=user_id, email=f"{user_id}@example.com"))
    return encode(message, event_id=str(uuid.uuid4()), time=TIME, request_id=f"request-of-{user_id}")


async def entries_about(stub: AuditServiceAsyncStub, user_id: str) -> list[audit_pb2.Entry]:
    """The entries about a user, once there are any."""
    async with asyncio.timeout(SECONDS):
        while True:
            response = await stub.ListEntries(ListEntries(subject=f"users/{user_id}"))
            if response.entries:
                return list(response.entries)
            await asyncio.sleep(0.02)


async def refusal(call: Awaitable[object]) -> ServiceError:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await call
    return ServiceError.from_rpc_error(raised.value)


async def test_an_event_becomes_an_entry(
    audit: AuditServiceAsyncStub, publish: Callable[[list[Record]], Awaitable[None]]
) -> None:
    await publish([created("u-1")])
    (entry,) = await entries_about(audit, "u-1")
    assert entry.kind == audit_pb2.ENTRY_KIND_USER_CREATED
    assert (entry.request_id, dict(entry.details)) == ("request-of-u-1", {"email": "u-1@example.com"})


async def test_a_malformed_event_becomes_a_dead_letter_and_the_next_one_an_entry(
    audit: AuditServiceAsyncStub,
    publish: Callable[[list[Record]], Awaitable[None]],
    environ: Mapping[str, str],
) -> None:
    # One key, and so one partition, in which nothing may be held up.
    await publish([replace(created("u-1"), value=b"\xff"), replace(created("u-1"), headers=()), created("u-1")])
    assert len(await entries_about(audit, "u-1")) == 1
    letters = [topic.dead_letters() for topic in topics_of(EVENTS)]
    watcher = KafkaSubscription(environ["KAFKA_BOOTSTRAP_SERVERS"], environ["NAMESPACE"], "watcher", letters)
    received: list[Record] = []
    async with asyncio.timeout(SECONDS):
        while len(received) < 2:
            received += [delivery.record for delivery in await watcher.receive()]
    await watcher.close()
    assert [(record.key, bool(record.value)) for record in received] == [(b"u-1", True), (b"u-1", True)]


async def test_events_that_were_given_up_are_listed_with_the_reason(
    audit: AuditServiceAsyncStub, publish: Callable[[list[Record]], Awaitable[None]]
) -> None:
    await publish([replace(created("u-1"), value=b"\xff"), created("u-1")])
    await entries_about(audit, "u-1")
    (letter,) = (await audit.ListDeadLetters(audit_pb2.ListDeadLettersRequest())).dead_letters
    assert (letter.key, letter.event_type) == ("u-1", "plt.identity.v1.UserCreated")
    assert letter.reason.startswith("MalformedEventError: the value is no plt.identity.v1.UserCreated")


async def test_an_event_that_was_given_up_takes_effect_after_it_was_sent_back(
    audit: AuditServiceAsyncStub, environ: Mapping[str, str]
) -> None:
    async with states(environ) as given:
        await given["dead letters of audit exist"]({"count": 2})
    redriven = await audit.RedriveDeadLetters(audit_pb2.RedriveDeadLettersRequest(all=True, limit=1))
    assert (redriven.redriven_count, redriven.remaining_count) == (1, 1)
    (entry,) = await entries_about(audit, UPDATED.user.user_id)
    assert entry.kind == audit_pb2.ENTRY_KIND_USER_UPDATED
    # The oldest goes first, so that the latest one is left.
    (left,) = (await audit.ListDeadLetters(audit_pb2.ListDeadLettersRequest())).dead_letters
    assert left.event_id != entry.event_id


async def test_while_kafka_is_away_nothing_is_told_of_dead_letters_and_entries_are(environ: Mapping[str, str]) -> None:
    with socket.socket() as reserved:
        # Bound and not listened on, so that connecting is refused for certain.
        reserved.bind(("127.0.0.1", 0))
        away = {**environ, "KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{reserved.getsockname()[1]}"}
        async with serving("audit", application, away) as settings, client(settings, "grpc") as audit:
            error = await refusal(audit.ListDeadLetters(audit_pb2.ListDeadLettersRequest()))
            assert (error.code, error.reason) == (grpc.StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE")
            assert list((await audit.ListEntries(ListEntries())).entries) == []


async def test_pages_lead_through_the_entries_the_latest_first(
    audit: AuditServiceAsyncStub, environ: Mapping[str, str]
) -> None:
    async with states(environ) as given:
        await given["audit entries exist"]({"count": 3})
    first = await audit.ListEntries(ListEntries(page_size=2))
    last = await audit.ListEntries(ListEntries(page_size=2, page_token=first.next_page_token))
    times = [entry.occur_time.ToDatetime() for entry in (*first.entries, *last.entries)]
    assert (len(first.entries), len(last.entries)) == (2, 1)
    assert times == sorted(times, reverse=True)
    assert last.next_page_token == ""


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        pytest.param(ListEntries(page_token="forged"), "page_token", id="forged page token"),
        pytest.param(ListEntries(page_size=201), "page_size", id="page too large"),
        pytest.param(ListEntries(page_size=-1), "page_size", id="page too small"),
        pytest.param(ListEntries(kind=99), "kind", id="unknown kind"),  # type: ignore[arg-type]  # which is the point
        pytest.param(ListEntries(subject="x" * 201), "subject", id="long subject"),
        pytest.param(ListEntries(subject="users/\0"), "subject", id="impossible subject"),
    ],
)
async def test_a_request_that_breaks_a_rule_is_the_callers_error(
    audit: AuditServiceAsyncStub, request_: audit_pb2.ListEntriesRequest, field: str
) -> None:
    error = await refusal(audit.ListEntries(request_))
    assert error.code is grpc.StatusCode.INVALID_ARGUMENT
    assert [violation.field for violation in error.violations] == [field]


async def test_while_postgres_is_away_calls_are_told_so_and_events_wait(
    environ: Mapping[str, str], publish: Callable[[list[Record]], Awaitable[None]]
) -> None:
    port = urlsplit(environ["POSTGRES_DSN"]).port or 0
    async with Forwarder("127.0.0.1", port) as way:
        dsn = environ["POSTGRES_DSN"].replace(f":{port}/", f":{way.port}/")
        async with (
            serving("audit", application, {**environ, "POSTGRES_DSN": dsn}) as settings,
            client(settings, "grpc") as audit,
        ):
            await publish([created("u-1")])
            await entries_about(audit, "u-1")
            await way.cut()
            error = await refusal(audit.ListEntries(ListEntries()))
            assert (error.code, error.reason) == (grpc.StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE")
            await publish([created("u-2")])
            await way.mend()
            assert len(await entries_about(audit, "u-2")) == 1


async def test_what_the_inbox_no_longer_has_to_know_is_forgotten_while_the_service_runs(
    environ: Mapping[str, str], pool: Pool
) -> None:
    statement = "INSERT INTO inbox VALUES ('audit', '/s', $1, now() - make_interval(hours => $2))"
    await pool.executemany(statement, [("old", KEEP_HOURS + 1), ("young", KEEP_HOURS - 1)])

    async def forgotten() -> bool:
        return [row["event_id"] for row in await pool.fetch("SELECT event_id FROM inbox")] == ["young"]

    async with serving("audit", application, environ):
        await until(forgotten)


def test_the_inbox_knows_an_event_for_longer_than_its_topic_keeps_it() -> None:
    assert max(topic.retention_hours for topic in topics_of(EVENTS)) < KEEP_HOURS
