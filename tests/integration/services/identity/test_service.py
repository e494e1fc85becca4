from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import asyncpg
import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from plt.identity.v1 import events_pb2, identity_pb2
from plt.identity.v1.identity_pb2_grpc import IdentityServiceStub

from platformkit.channels import HttpChannel, grpc_channel
from platformkit.events import KafkaSubscription, Record, decode, topics_of
from platformkit.lifecycle import Settings
from platformkit.status import ServiceError
from services.identity.application import EVENTS, application
from tests.integration.services.forwarding import Forwarder
from tests.integration.services.serving import serving
from tests.integration.waiting import until

if TYPE_CHECKING:
    # Only the type stubs know the asynchronous stub by its own name.
    from plt.identity.v1.identity_pb2_grpc import IdentityServiceAsyncStub

CHANNELS: Mapping[str, Callable[[Settings], grpc.aio.Channel]] = {
    "grpc": lambda settings: grpc_channel(f"127.0.0.1:{settings.grpc_port}"),
    "http": lambda settings: HttpChannel(f"http://127.0.0.1:{settings.http_port}"),
}


@asynccontextmanager
async def client(settings: Settings, transport: str) -> AsyncIterator[IdentityServiceAsyncStub]:
    async with CHANNELS[transport](settings) as channel:
        yield IdentityServiceStub(channel)


@pytest.fixture(params=list(CHANNELS))
async def identity(
    request: pytest.FixtureRequest, environ: Mapping[str, str]
) -> AsyncIterator[IdentityServiceAsyncStub]:
    async with serving("identity", application, environ) as settings, client(settings, request.param) as stub:
        yield stub


def creation(email: str = "ada@example.com", name: str = "Ada", key: str = "") -> identity_pb2.CreateUserRequest:
    user = identity_pb2.User(email=email, profile=identity_pb2.Profile(display_name=name))
    return identity_pb2.CreateUserRequest(user=user, idempotency_key=key)


@asynccontextmanager
async def refused() -> AsyncIterator[list[ServiceError]]:
    errors: list[ServiceError] = []
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        yield errors
    errors.append(ServiceError.from_rpc_error(refusal.value))


async def published(environ: Mapping[str, str], count: int) -> list[Record]:
    """The first records on the topics of this test."""
    servers, namespace = environ["KAFKA_BOOTSTRAP_SERVERS"], environ["NAMESPACE"]
    subscription = KafkaSubscription(servers, namespace, "test", topics_of(EVENTS))
    records: list[Record] = []
    try:
        async with asyncio.timeout(30):
            while len(records) < count:
                records += [delivery.record for delivery in await subscription.receive()]
    finally:
        await subscription.close()
    return records


@asynccontextmanager
async def way_to(environ: Mapping[str, str], store: str) -> AsyncIterator[tuple[Forwarder, Mapping[str, str]]]:
    """A way to a store that can be cut, and the environment of a service that takes it."""
    address = urlsplit(environ[store] if "//" in environ[store] else f"//{environ[store]}")
    async with Forwarder(str(address.hostname), address.port or 0) as way:
        yield way, {**environ, store: environ[store].replace(f":{address.port}", f":{way.port}")}


async def test_a_user_goes_through_its_life(identity: IdentityServiceAsyncStub) -> None:
    created = (await identity.CreateUser(creation())).user
    read = (await identity.GetUser(identity_pb2.GetUserRequest(user_id=created.user_id))).user
    assert read == created
    change = identity_pb2.User(user_id=created.user_id, etag=created.etag, labels={"team": "engines"})
    mask = FieldMask(paths=["labels"])
    updated = (await identity.UpdateUser(identity_pb2.UpdateUserRequest(user=change, update_mask=mask))).user
    assert (dict(updated.labels), updated.email) == ({"team": "engines"}, created.email)
    assert updated.etag != created.etag
    assert (await identity.GetUser(identity_pb2.GetUserRequest(user_id=created.user_id))).user == updated
    gone = (await identity.DeactivateUser(identity_pb2.DeactivateUserRequest(user_id=created.user_id))).user
    assert gone.status == identity_pb2.USER_STATUS_DEACTIVATED
    listed = await identity.ListUsers(identity_pb2.ListUsersRequest(status=identity_pb2.USER_STATUS_DEACTIVATED))
    assert list(listed.users) == [gone]


async def test_each_refusal_has_its_code_and_reason(identity: IdentityServiceAsyncStub) -> None:
    ada = (await identity.CreateUser(creation(key="key"))).user
    stale = identity_pb2.User(user_id=ada.user_id, etag="r0", email="new@example.com")
    nobody = identity_pb2.GetUserRequest(user_id=str(uuid.uuid4()))
    foreign = identity_pb2.ListUsersRequest(page_token="forged")
    readonly = identity_pb2.UpdateUserRequest(user=ada, update_mask=FieldMask(paths=["create_time"]))
    calls: Mapping[str, Awaitable[object]] = {
        "EMAIL_TAKEN": identity.CreateUser(creation("ADA@example.com")),
        "IDEMPOTENCY_KEY_REUSED": identity.CreateUser(creation(name="Other", key="key")),
        "USER_NOT_FOUND": identity.GetUser(nobody),
        "ETAG_STALE": identity.UpdateUser(identity_pb2.UpdateUserRequest(user=stale)),
        "UPDATE_MASK_INVALID": identity.UpdateUser(readonly),
        "PAGE_TOKEN_INVALID": identity.ListUsers(foreign),
        "FIELD_INVALID": identity.CreateUser(creation(name="a\0b")),
    }
    for reason, call in calls.items():
        async with refused() as errors:
            await call
        assert errors[0].reason == reason


async def test_pages_follow_each_other_and_their_tokens_belong_to_their_listing(
    identity: IdentityServiceAsyncStub,
) -> None:
    created = [(await identity.CreateUser(creation(f"user-{n}@example.com"))).user for n in range(3)]
    first = await identity.ListUsers(identity_pb2.ListUsersRequest(page_size=2))
    token = first.next_page_token
    second = await identity.ListUsers(identity_pb2.ListUsersRequest(page_size=2, page_token=token))
    assert [*first.users, *second.users] == created
    assert second.next_page_token == ""
    other = identity_pb2.ListUsersRequest(page_token=token, status=identity_pb2.USER_STATUS_ACTIVE)
    async with refused() as errors:
        await identity.ListUsers(other)
    assert errors[0].reason == "PAGE_TOKEN_INVALID"


async def test_every_change_is_on_the_topic_in_its_order_under_the_id_of_its_request(
    environ: Mapping[str, str],
) -> None:
    async with serving("identity", application, environ) as settings, client(settings, "grpc") as stub:
        user = (await stub.CreateUser(creation(), metadata=(("x-request-id", "request-1"),))).user
        change = identity_pb2.User(user_id=user.user_id, email="new@example.com")
        await stub.UpdateUser(identity_pb2.UpdateUserRequest(user=change), metadata=(("x-request-id", "request-2"),))
        gone = identity_pb2.DeactivateUserRequest(user_id=user.user_id)
        for _ in range(2):
            await stub.DeactivateUser(gone, metadata=(("x-request-id", "request-3"),))
        records = await published(environ, 3)
    events = [decode(record, EVENTS) for record in records]
    assert [type(event.message) for event in events] == [*EVENTS]
    assert [event.request_id for event in events] == ["request-1", "request-2", "request-3"]
    assert {record.key for record in records} == {user.user_id.encode()}
    updated = events[1].message
    assert isinstance(updated, events_pb2.UserUpdated)
    assert list(updated.changed_fields.paths) == ["email"]


async def test_events_wait_while_kafka_is_away_and_are_published_when_it_is_back(environ: Mapping[str, str]) -> None:
    async with way_to(environ, "KAFKA_BOOTSTRAP_SERVERS") as (way, through):
        await way.cut()
        async with serving("identity", application, through) as settings, client(settings, "grpc") as stub:
            user = (await stub.CreateUser(creation())).user
            await way.mend()
            records = await published(environ, 1)
    assert records[0].key == user.user_id.encode()


async def test_users_are_served_while_redis_is_away(environ: Mapping[str, str]) -> None:
    async with (
        way_to(environ, "REDIS_URL") as (way, through),
        serving("identity", application, through) as settings,
        client(settings, "grpc") as stub,
    ):
        await way.cut()
        user = (await stub.CreateUser(creation())).user
        assert (await stub.GetUser(identity_pb2.GetUserRequest(user_id=user.user_id))).user == user


async def test_a_call_while_postgres_is_away_is_unavailable_and_the_next_one_after_it_is_answered(
    environ: Mapping[str, str],
) -> None:
    async with (
        way_to(environ, "POSTGRES_DSN") as (way, through),
        serving("identity", application, through) as settings,
        client(settings, "grpc") as stub,
    ):
        await way.cut()
        async with refused() as errors:
            await stub.CreateUser(creation())
        assert (errors[0].code, errors[0].reason) == (grpc.StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE")
        await way.mend()
        assert (await stub.CreateUser(creation())).user.email == "ada@example.com"


async def test_the_role_of_the_service_cannot_change_its_own_schema(pool: asyncpg.Pool) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute("CREATE TABLE identity.note (text text)")


async def test_idempotency_keys_that_have_expired_are_forgotten_while_the_service_runs(
    environ: Mapping[str, str], pool: asyncpg.Pool
) -> None:
    await pool.execute(
        "INSERT INTO idempotency_keys (key, fingerprint, user_id, user_snapshot, expire_time) VALUES "
        "('old', '', gen_random_uuid(), '', now() - interval '1 second'), "
        "('young', '', gen_random_uuid(), '', now() + interval '1 hour')"
    )

    async def forgotten() -> bool:
        return [row["key"] for row in await pool.fetch("SELECT key FROM idempotency_keys")] == [b"young"]

    async with serving("identity", application, environ):
        await until(forgotten)


async def test_the_outbox_is_empty_once_its_events_are_published(
    environ: Mapping[str, str], pool: asyncpg.Pool, identity: IdentityServiceAsyncStub
) -> None:
    await identity.CreateUser(creation())
    await published(environ, 1)

    async def empty() -> bool:
        return bool(await pool.fetchval("SELECT count(*) = 0 FROM outbox"))

    await until(empty)
