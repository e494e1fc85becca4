"""One trace from the header of a browser to the consumer of an event, in one process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import grpc
from google.protobuf.message import Message
from opentelemetry.sdk.trace import ReadableSpan
from plt.identity.v1 import events_pb2, identity_pb2, identity_pb2_grpc

from platformkit.channels import MemoryChannel, ServiceChannel
from platformkit.context import Context, current
from platformkit.discovery import Instance, InstanceStatus, MemoryRegistry
from platformkit.events import Consumer, Event, Handler, MemoryInbox, MemoryPublisher, MemorySubscription, Relay, outbox
from platformkit.lifecycle.guard import Guard
from platformkit.transcoding import HttpEdge, HttpRequest, Router, routes_of, through
from tests.unit.platformkit.telemetry.recording import above, place, recorded_spans

IDENTITY = identity_pb2.DESCRIPTOR.services_by_name["IdentityService"]
TRACE_ID, BROWSER = "4bf92f3577b34da6a3ce929d0e0e4736", "1111111111111111"
TOPIC = "plt.identity.user.v1"


class Row(tuple[Any, ...]):
    """A row of the outbox, by place and by name of its columns."""

    names = ("position", "topic", "key", "value", "header_names", "header_values")

    def __getitem__(self, place: Any) -> Any:
        return super().__getitem__(self.names.index(place) if isinstance(place, str) else place)


class Outbox:
    """A pool of one connection to a schema with an outbox; ``empty`` is set when a relay has taken all there is."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.empty = asyncio.Event()

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Any]:
        yield self

    async def execute(self, query: str, *values: Any) -> None:
        if "INSERT" in query:
            self.rows.append(Row((len(self.rows), *values[1:])))
        elif "DELETE" in query:
            self.rows.clear()
            self.empty.set()

    async def fetch(self, query: str, limit: int) -> list[Row]:
        return self.rows[:limit]

    async def fetchval(self, query: str) -> object:
        if "count" in query:
            return 0
        return datetime.now(UTC) if "clock_timestamp" in query else True

    def transaction(self) -> Outbox:
        return self

    async def start(self) -> None: ...

    async def rollback(self) -> None: ...

    def is_closed(self) -> bool:
        return False

    async def add_listener(self, *_: object) -> None: ...

    def add_termination_listener(self, _: object) -> None: ...

    def terminate(self) -> None: ...


class Identity(identity_pb2_grpc.IdentityServiceServicer):
    """Creates users, and tells of each."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def _unused(self, request: Any, context: Any) -> Any:
        await context.abort(grpc.StatusCode.UNIMPLEMENTED, "")

    DeactivateUser = GetUser = ListUsers = UpdateUser = _unused

    async def CreateUser(self, request: Any, context: Any) -> identity_pb2.CreateUserResponse:
        user = identity_pb2.User(user_id="u-1", email=request.user.email)
        await outbox.append(self._connection, events_pb2.UserCreated(user=user))
        return identity_pb2.CreateUserResponse(user=user)


def gateway(registry: MemoryRegistry, identity: Identity) -> tuple[HttpEdge, ServiceChannel]:
    """Return an edge towards the outside, and the channel to the service behind it."""

    def connect(_: Instance) -> MemoryChannel:
        channel = MemoryChannel(interceptors=[Guard()])
        identity_pb2_grpc.add_IdentityServiceServicer_to_server(identity, channel.server)
        return channel

    channel = ServiceChannel(registry, "identity", connect=connect)
    return HttpEdge(Router(routes_of(IDENTITY)).match, through(lambda _: channel)), channel


async def relayed(pool: Outbox) -> MemoryPublisher:
    """Let a relay send what the outbox holds."""
    publisher, connections = MemoryPublisher(), pool
    relay = asyncio.create_task(Relay(connections, publisher).run())  # type: ignore[arg-type]
    await asyncio.wait_for(pool.empty.wait(), 10)
    relay.cancel()
    await asyncio.gather(relay, return_exceptions=True)
    return publisher


async def consumed(publisher: MemoryPublisher) -> Context:
    """Let a consumer apply what was sent, and return the context in which it did."""
    contexts: list[Context] = []

    async def handle(transaction: MemoryInbox, event: Event) -> None:
        contexts.append(current())

    subscription = MemorySubscription(publisher.records)
    handlers: dict[type[Message], Handler[MemoryInbox]] = {events_pb2.UserCreated: handle}
    consumer = Consumer(subscription, MemoryInbox(), handlers, MemoryPublisher(), name="audit")
    consuming = asyncio.create_task(consumer.run())
    await asyncio.wait_for(subscription.done.wait(), 10)
    consuming.cancel()
    await asyncio.gather(consuming, return_exceptions=True)
    (context,) = contexts
    return context


async def create_user(traceparent: str | None) -> Context:
    """Create a user as a browser does, and return the context in which audit hears of it."""
    registry, pool = MemoryRegistry(), Outbox()
    started = datetime(2026, 1, 2, tzinfo=UTC)
    await registry.register(
        Instance("identity-1", "identity", "10.0.0.7", 7001, 7002, (), "1", InstanceStatus.SERVING, started)
    )
    edge, channel = gateway(registry, Identity(pool))
    headers = {"x-request-id": "r-1", **({} if traceparent is None else {"traceparent": traceparent})}
    body = b'{"user": {"email": "ada@example.org", "profile": {"displayName": "Ada"}}}'
    response = await edge.handle(HttpRequest("POST", "/v1/users", headers=headers, body=body))
    await channel.close()
    assert response.status == 200, response.body
    return await consumed(await relayed(pool))


def chain(spans: tuple[ReadableSpan, ...]) -> list[tuple[str, str]]:
    """Return name and kind of spans from the one below the browser to the last, each below the one before."""
    found: list[tuple[str, str]] = []
    parent = BROWSER
    while below := [span for span in spans if above(span) == parent]:
        found += [(span.name, span.kind.name) for span in below]
        parent = place(below[-1])[1]
    return found


async def test_one_trace_leads_from_the_header_of_a_browser_to_the_consumer_of_an_event() -> None:
    with recorded_spans() as exporter:
        context = await create_user(f"00-{TRACE_ID}-{BROWSER}-01")
    spans = exporter.get_finished_spans()
    assert {place(span)[0] for span in spans} == {TRACE_ID}
    assert chain(spans) == [
        ("POST /v1/users", "SERVER"),
        ("plt.identity.v1.IdentityService/CreateUser", "CLIENT"),
        ("plt.identity.v1.IdentityService/CreateUser", "SERVER"),
        (f"create {TOPIC}", "PRODUCER"),
        (f"send {TOPIC}", "CLIENT"),
        (f"process {TOPIC}", "CONSUMER"),
    ]
    assert (context.request_id, context.trace.span_id if context.trace else "") == ("r-1", place(spans[-1])[1])
    assert not [span.name for span in spans if not span.status.is_unset]


async def test_a_span_tells_what_was_done_and_nothing_of_whom() -> None:
    with recorded_spans() as exporter:
        await create_user(f"00-{TRACE_ID}-{BROWSER}-01")
    spans = exporter.get_finished_spans()
    facts = {span.kind.name: dict(span.attributes or {}) for span in spans if "IdentityService" in span.name}
    assert facts["CLIENT"] == {
        "rpc.system.name": "grpc",
        "rpc.method": "plt.identity.v1.IdentityService/CreateUser",
        "rpc.response.status_code": "OK",
        "server.address": "10.0.0.7",
        "server.port": 7001,
    }
    assert not [span.name for span in spans if "example.org" in span.to_json()]


async def test_while_traces_are_off_the_place_of_the_browser_reaches_the_consumer_as_it_came() -> None:
    traceparent = f"00-{TRACE_ID}-{BROWSER}-01"
    context = await create_user(traceparent)
    assert context.trace is not None
    assert context.trace.parent == traceparent


async def test_a_browser_that_wants_no_spans_gets_none_in_any_service() -> None:
    traceparent = f"00-{TRACE_ID}-{BROWSER}-00"
    with recorded_spans() as exporter:
        context = await create_user(traceparent)
    assert context.trace is not None
    assert context.trace.parent == traceparent
    assert exporter.get_finished_spans() == ()


async def test_without_a_browser_that_traces_one_trace_begins_at_the_gateway() -> None:
    with recorded_spans() as exporter:
        await create_user(None)
    spans = exporter.get_finished_spans()
    assert [span.name for span in spans if not above(span)] == ["POST /v1/users"]
    assert len({place(span)[0] for span in spans}) == 1
