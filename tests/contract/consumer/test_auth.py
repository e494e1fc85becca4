"""What auth needs of identity: driven through its own client on each transport, and its own handler of events."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

import grpc
import pytest
from pact import match

from platformkit.channels import HttpChannel, grpc_channel
from platformkit.events import Record, decode
from platformkit.lifecycle import Settings
from servanda import Delivery, ObserveFor, PactWith, Transport
from services.auth.adapters.event_handlers import HEARD, follow_event
from services.auth.adapters.memory import MemoryTransaction
from services.auth.adapters.settings import AuthSettings
from services.auth.adapters.users import IdentityUsers
from services.auth.domain.account import Account, User
from services.auth.use_cases.follow_user import FollowUser
from tests.contract.consumer.test_audit import cause, headers

USER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-000000000001"
GET_USER = "plt.identity.v1.IdentityService/GetUser"
TIME = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z"
EARLIER = datetime(2020, 1, 1, tzinfo=UTC)
SECONDS = 1767323045

Ask = Callable[[grpc.aio.Channel, Transport], Awaitable[User | None]]
Follow = Callable[[Delivery], Awaitable[Account]]


@pytest.fixture
def ask(servanda_observe: ObserveFor) -> Ask:
    """The client of auth, which asks for the user."""

    async def find(channel: grpc.aio.Channel, transport: Transport) -> User | None:
        observed = servanda_observe("auth").aio_channel(channel, transport)
        try:
            return await IdentityUsers(observed).find(USER_ID)
        finally:
            await channel.close()

    return find


@pytest.fixture
def follow(servanda_observe: ObserveFor) -> Follow:
    """Account as the handler of auth leaves it after a record."""
    auth = servanda_observe("auth")
    lifetimes = AuthSettings.of(Settings.from_environ("auth", {})).policy.lifetimes

    async def followed(delivery: Delivery) -> Account:
        transaction = MemoryTransaction()
        known = Account(USER_ID, "old@example.org", ("admin",), True, "hash", EARLIER, 0, EARLIER)
        transaction.accounts.rows[USER_ID] = known
        event = decode(Record(delivery.topic, delivery.key, delivery.value, delivery.headers), HEARD)
        await follow_event(
            FollowUser(lifetimes), transaction, replace(event, message=auth(event.message, Transport.KAFKA))
        )
        return transaction.accounts.rows[USER_ID]

    return followed


async def test_a_user_who_gets_credentials_over_grpc(pact_with: PactWith, ask: Ask) -> None:
    pact = pact_with("auth", "identity")
    (
        pact.upon_calling("a user who gets credentials, over gRPC", GET_USER)
        .given("a user exists", user_id=USER_ID, email="ada@example.org", roles=["ROLE_MEMBER", "ROLE_ADMIN"])
        .with_request({"user_id": USER_ID})
        .will_respond_with(
            {
                "user": {
                    "user_id": USER_ID,
                    "email": "ada@example.org",
                    "roles": ["ROLE_MEMBER", "ROLE_ADMIN"],
                    "status": "USER_STATUS_ACTIVE",
                    "update_time": {"seconds": match.int(SECONDS)},
                }
            }
        )
    )
    with pact.serve_grpc() as target:
        user = await ask(grpc_channel(target), Transport.GRPC)

    assert user == User(USER_ID, "ada@example.org", ("member", "admin"), True, datetime.fromtimestamp(SECONDS, UTC))


async def test_a_user_who_may_not_act_over_grpc(pact_with: PactWith, ask: Ask) -> None:
    pact = pact_with("auth", "identity")
    (
        pact.upon_calling("a user who may not act any more, over gRPC", GET_USER)
        .given("a deactivated user exists", user_id=USER_ID)
        .with_request({"user_id": USER_ID})
        .will_respond_with({"user": {"user_id": USER_ID, "status": "USER_STATUS_DEACTIVATED"}})
    )
    with pact.serve_grpc() as target:
        user = await ask(grpc_channel(target), Transport.GRPC)

    assert user is not None
    assert not user.active


async def test_a_user_whom_nobody_knows_over_grpc(pact_with: PactWith, ask: Ask) -> None:
    pact = pact_with("auth", "identity")
    (
        pact.upon_calling("a user who gets credentials and whom nobody knows, over gRPC", GET_USER)
        .given("no user exists", user_id=USER_ID)
        .with_request({"user_id": USER_ID})
        .will_fail_with("NOT_FOUND", match.str("no such user"))
    )
    with pact.serve_grpc() as target:
        assert await ask(grpc_channel(target), Transport.GRPC) is None


async def test_a_user_who_gets_credentials_over_http(pact_with: PactWith, ask: Ask) -> None:
    pact = pact_with("auth", "identity")
    (
        pact.upon_receiving("a user who gets credentials, over HTTP")
        .given("a user exists", user_id=USER_ID, email="ada@example.org")
        .with_request("GET", f"/v1/users/{USER_ID}")
        .will_respond_with(200)
        .with_body(
            {
                "user": {
                    "userId": USER_ID,
                    "email": "ada@example.org",
                    "roles": ["ROLE_MEMBER"],
                    "status": "USER_STATUS_ACTIVE",
                    "updateTime": match.regex("2026-01-02T03:04:05Z", regex=TIME),
                }
            },
            "application/json",
        )
    )
    with pact.serve() as server:
        user = await ask(HttpChannel(str(server.url)), Transport.HTTP)

    assert user is not None
    assert (user.email, user.roles, user.active) == ("ada@example.org", ("member",), True)


async def test_a_user_whom_nobody_knows_over_http(pact_with: PactWith, ask: Ask) -> None:
    pact = pact_with("auth", "identity")
    (
        pact.upon_receiving("a user who gets credentials and whom nobody knows, over HTTP")
        .given("no user exists", user_id=USER_ID)
        .with_request("GET", f"/v1/users/{USER_ID}")
        .will_respond_with(404)
        .with_body({"error": {"code": 404, "status": "NOT_FOUND"}}, "application/json")
    )
    with pact.serve() as server:
        assert await ask(HttpChannel(str(server.url)), Transport.HTTP) is None


async def test_an_account_follows_a_changed_user(pact_with: PactWith, follow: Follow) -> None:
    pact = pact_with("auth", "identity")
    (
        pact.upon_event("a user with an account was updated", "plt.identity.v1.UserUpdated")
        .given("a user was updated", user_id=USER_ID, email="ada@example.org", **cause("request-u"))
        .with_key(USER_ID)
        .with_headers(headers("UserUpdated", "request-u"))
        .with_payload(
            {
                "user": {
                    "user_id": USER_ID,
                    "email": "ada@example.org",
                    "roles": ["ROLE_MEMBER"],
                    "update_time": {"seconds": match.int(SECONDS)},
                }
            }
        )
    )
    with pact.deliver() as delivery:
        account = await follow(delivery)

    # The role that was lost revokes what was issued with it.
    assert (account.email_key, account.roles, account.version) == ("ada@example.org", ("member",), 1)


async def test_an_account_ends_with_its_user(pact_with: PactWith, follow: Follow) -> None:
    pact = pact_with("auth", "identity")
    (
        pact.upon_event("a user with an account was deactivated", "plt.identity.v1.UserDeactivated")
        .given("a user was deactivated", user_id=USER_ID, **cause("request-d"))
        .with_key(USER_ID)
        .with_headers(headers("UserDeactivated", "request-d"))
        .with_payload({"user_id": USER_ID, "deactivate_time": {"seconds": match.int(SECONDS)}})
    )
    with pact.deliver() as delivery:
        assert not (await follow(delivery)).may_act
