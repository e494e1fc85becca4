"""Auth on real stores, with identity beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import grpc
import httpx2
import pytest
from plt.auth.v1 import auth_pb2, events_pb2
from plt.auth.v1.auth_pb2_grpc import AuthServiceStub
from plt.identity.v1 import identity_pb2
from plt.identity.v1.identity_pb2_grpc import IdentityServiceStub
from redis.asyncio import Redis

from platformkit.channels import HttpChannel, grpc_channel
from platformkit.discovery import RedisRegistry
from platformkit.events import KafkaSubscription, Pool, decode, topics_of
from platformkit.lifecycle import Settings
from platformkit.redis import Keys
from platformkit.service import Connections
from platformkit.status import ServiceError
from platformkit.tokens import Claims, FetchedKeys, PublishedKeys, RevocationList, Verifier
from services.auth.adapters.messages import EVENTS
from services.auth.application import application
from services.identity.application import application as identity_application
from tests.integration.services.serving import serving
from tests.integration.waiting import until

if TYPE_CHECKING:
    from plt.auth.v1.auth_pb2_grpc import AuthServiceAsyncStub
    from plt.identity.v1.identity_pb2_grpc import IdentityServiceAsyncStub

EMAIL = "ada@example.com"
PASSWORD = "correct horse battery"
CHANNELS: Mapping[str, Callable[[Settings], grpc.aio.Channel]] = {
    "grpc": lambda settings: grpc_channel(f"127.0.0.1:{settings.grpc_port}"),
    "http": lambda settings: HttpChannel(f"http://127.0.0.1:{settings.http_port}"),
}


@dataclass(frozen=True)
class World:
    """Auth and identity, running."""

    auth: AuthServiceAsyncStub
    identity: IdentityServiceAsyncStub
    settings: Settings
    leave_identity: Callable[[], Awaitable[None]]

    async def ada(self) -> str:
        """A user with a password."""
        user = identity_pb2.User(email=EMAIL, profile=identity_pb2.Profile(display_name="Ada"))
        created = (await self.identity.CreateUser(identity_pb2.CreateUserRequest(user=user))).user
        await self.auth.RegisterCredentials(
            auth_pb2.RegisterCredentialsRequest(user_id=created.user_id, password=PASSWORD)
        )
        return created.user_id

    async def log_in(self, password: str = PASSWORD) -> auth_pb2.Tokens:
        return (await self.auth.LogIn(auth_pb2.LogInRequest(email=EMAIL.upper(), password=password))).tokens

    async def refresh(self, token: str) -> auth_pb2.Tokens:
        return (await self.auth.RefreshTokens(auth_pb2.RefreshTokensRequest(refresh_token=token))).tokens

    async def active(self, token: str) -> bool:
        return (await self.auth.IntrospectToken(auth_pb2.IntrospectTokenRequest(token=token))).active

    async def claims(self, token: str) -> Claims:
        """Return all that a verifier reads, who knows nothing but the name of the service that issues tokens."""
        async with Connections(self.settings) as connections:
            registry = RedisRegistry(connections.redis(), Keys(self.settings.namespace))
            keys = FetchedKeys(PublishedKeys(registry, "auth"))
            return await Verifier(keys, "plt.auth", "plt").verify(token)


@asynccontextmanager
async def running(environs: Mapping[str, Mapping[str, str]], transport: str = "grpc") -> AsyncIterator[World]:
    async with AsyncExitStack() as stack, AsyncExitStack() as identity_stack:
        of_identity = serving("identity", identity_application, environs["identity"])
        identity_settings = await identity_stack.enter_async_context(of_identity)
        settings = await stack.enter_async_context(serving("auth", application, environs["auth"]))
        channel = await stack.enter_async_context(CHANNELS[transport](settings))
        identity_channel = await stack.enter_async_context(CHANNELS["grpc"](identity_settings))
        auth, identity = AuthServiceStub(channel), IdentityServiceStub(identity_channel)
        yield World(auth, identity, settings, identity_stack.aclose)


@pytest.fixture(params=list(CHANNELS))
async def world(request: pytest.FixtureRequest, environs: Mapping[str, Mapping[str, str]]) -> AsyncIterator[World]:
    async with running(environs, request.param) as world:
        yield world


async def reason_of(call: Awaitable[object]) -> str:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await call
    return ServiceError.from_rpc_error(raised.value).reason


async def published(environ: Mapping[str, str], count: int) -> list[str]:
    """The names of so many events on the topic of auth."""
    servers, namespace = environ["KAFKA_BOOTSTRAP_SERVERS"], environ["NAMESPACE"]
    subscription = KafkaSubscription(servers, namespace, "test", topics_of(EVENTS))
    names: list[str] = []
    try:
        async with asyncio.timeout(30):
            while len(names) < count:
                events = [decode(delivery.record, EVENTS) for delivery in await subscription.receive()]
                names += [event.message.DESCRIPTOR.name for event in events]
    finally:
        await subscription.close()
    return names


async def test_a_session_from_its_login_to_its_end(world: World) -> None:
    user_id = await world.ada()
    first = await world.log_in()
    claims = await world.claims(first.access_token)
    assert (claims.subject, claims.roles, claims.session) == (user_id, ("member",), first.session_id)

    second = await world.refresh(first.refresh_token)
    assert second.session_id == first.session_id
    assert await world.active(second.access_token)
    assert await world.active(second.refresh_token)
    assert not await world.active(first.refresh_token)

    await world.auth.LogOut(auth_pb2.LogOutRequest(refresh_token=second.refresh_token))
    assert not await world.active(second.access_token)
    assert await reason_of(world.refresh(second.refresh_token)) == "REFRESH_TOKEN_INVALID"


async def test_a_refresh_token_that_is_used_twice_ends_its_session_alone(world: World) -> None:
    await world.ada()
    stolen, other = await world.log_in(), await world.log_in()
    fresh = await world.refresh(stolen.refresh_token)

    assert await reason_of(world.refresh(stolen.refresh_token)) == "REFRESH_TOKEN_INVALID"
    assert not await world.active(fresh.access_token)
    assert await reason_of(world.refresh(fresh.refresh_token)) == "REFRESH_TOKEN_INVALID"
    assert await world.active(other.access_token)


async def test_of_many_who_use_one_refresh_token_at_once_one_gets_tokens_and_the_session_ends(world: World) -> None:
    await world.ada()
    token = (await world.log_in()).refresh_token
    answers = await asyncio.gather(*(world.refresh(token) for _ in range(8)), return_exceptions=True)

    won = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert len(won) == 1
    assert not await world.active(won[0].access_token)


async def test_logging_out_everywhere_ends_every_session(world: World) -> None:
    await world.ada()
    sessions = [await world.log_in() for _ in range(3)]
    request = auth_pb2.LogOutEverywhereRequest(refresh_token=sessions[0].refresh_token)

    assert (await world.auth.LogOutEverywhere(request)).ended_sessions == 3
    assert [await world.active(each.access_token) for each in sessions] == [False] * 3
    assert await reason_of(world.auth.LogOutEverywhere(request)) == "REFRESH_TOKEN_INVALID"
    assert await world.active((await world.log_in()).access_token)


async def test_a_changed_password_ends_every_session_and_is_the_only_one(world: World) -> None:
    await world.ada()
    before = await world.log_in()
    await world.auth.ChangePassword(
        auth_pb2.ChangePasswordRequest(email=EMAIL, current_password=PASSWORD, new_password="another horse battery")
    )

    assert not await world.active(before.access_token)
    assert await reason_of(world.log_in()) == "CREDENTIALS_INVALID"
    assert await world.active((await world.log_in("another horse battery")).access_token)


async def test_nobody_is_told_whether_an_account_exists(world: World) -> None:
    await world.ada()
    errors = []
    for email in (EMAIL, "nobody@example.com"):
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await world.auth.LogIn(auth_pb2.LogInRequest(email=email, password="wrong"))
        errors.append(ServiceError.from_rpc_error(raised.value).to_status())

    assert errors[0] == errors[1]


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
async def test_attempts_are_locked_out_whether_or_not_anybody_has_the_address(world: World, email: str) -> None:
    await world.ada()
    guesses = [world.auth.LogIn(auth_pb2.LogInRequest(email=email, password=f"guess {n}")) for n in range(12)]
    errors = [
        ServiceError.from_rpc_error(error)
        for error in await asyncio.gather(*guesses, return_exceptions=True)
        if isinstance(error, grpc.RpcError)
    ]
    reasons = [error.reason for error in errors]

    # However many are made at once, only so many are compared.
    assert (reasons.count("CREDENTIALS_INVALID"), reasons.count("ATTEMPTS_EXHAUSTED")) == (5, 7)
    waits = {error.metadata["retry_after_seconds"] for error in errors if error.reason == "ATTEMPTS_EXHAUSTED"}
    assert waits == {"1"}


async def test_each_refusal_has_its_code_and_reason(world: World) -> None:
    user_id = await world.ada()
    gone = identity_pb2.User(email="gone@example.com", profile=identity_pb2.Profile(display_name="Gone"))
    gone = (await world.identity.CreateUser(identity_pb2.CreateUserRequest(user=gone))).user
    await world.identity.DeactivateUser(identity_pb2.DeactivateUserRequest(user_id=gone.user_id))
    register, nobody = auth_pb2.RegisterCredentialsRequest, "7f1f0f6e-2b1c-4c5d-8e9f-00000000ffff"
    calls: Mapping[str, Awaitable[object]] = {
        "CREDENTIALS_EXIST": world.auth.RegisterCredentials(register(user_id=user_id, password=PASSWORD)),
        "USER_NOT_FOUND": world.auth.RegisterCredentials(register(user_id=nobody, password=PASSWORD)),
        "USER_DEACTIVATED": world.auth.RegisterCredentials(register(user_id=gone.user_id, password=PASSWORD)),
        "REQUEST_INVALID": world.auth.RegisterCredentials(register(user_id=user_id, password="short")),
        "FIELD_INVALID": world.auth.LogIn(auth_pb2.LogInRequest(email="a\0b", password="x")),
        "CREDENTIALS_INVALID": world.log_in("wrong"),
        "REFRESH_TOKEN_INVALID": world.refresh("unknown"),
    }
    assert {reason: await reason_of(call) for reason, call in calls.items()} == {reason: reason for reason in calls}


async def test_the_tokens_of_a_user_who_is_deactivated_die(
    world: World, environ: Mapping[str, str], redis: Redis
) -> None:
    user_id = await world.ada()
    tokens = await world.log_in()
    claims, revoked = await world.claims(tokens.access_token), RevocationList()
    following = asyncio.create_task(revoked.follow(redis, Keys(environ["NAMESPACE"])))
    await world.identity.DeactivateUser(identity_pb2.DeactivateUserRequest(user_id=user_id))

    async def dead() -> bool:
        return revoked.covers(claims) and not await world.active(tokens.access_token)

    try:
        await until(dead)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
    assert await reason_of(world.refresh(tokens.refresh_token)) == "REFRESH_TOKEN_INVALID"
    assert await reason_of(world.log_in()) == "CREDENTIALS_INVALID"


async def test_a_new_address_and_new_roles_reach_the_next_tokens(world: World) -> None:
    user_id = await world.ada()
    session = await world.log_in()
    change = identity_pb2.User(user_id=user_id, email="lovelace@example.com", roles=[identity_pb2.ROLE_ADMIN])
    await world.identity.UpdateUser(identity_pb2.UpdateUserRequest(user=change))

    async def lost() -> bool:
        return not await world.active(session.access_token)

    # The role that was lost revokes the token that grants it; the session goes on.
    await until(lost)
    assert (await world.claims((await world.refresh(session.refresh_token)).access_token)).roles == ("admin",)
    assert await reason_of(world.log_in()) == "CREDENTIALS_INVALID"
    request = auth_pb2.LogInRequest(email="lovelace@example.com", password=PASSWORD)
    assert (await world.auth.LogIn(request)).user_id == user_id


async def test_what_happens_is_published(environs: Mapping[str, Mapping[str, str]]) -> None:
    async with running(environs) as world:
        await world.ada()
        assert await reason_of(world.log_in("wrong")) == "CREDENTIALS_INVALID"
        session = await world.log_in()
        await world.auth.LogOut(auth_pb2.LogOutRequest(refresh_token=session.refresh_token))
        names = await published(environs["auth"], 3)
    kinds = (events_pb2.LoginFailed, events_pb2.LoginSucceeded, events_pb2.TokenRevoked)
    assert names == [kind.DESCRIPTOR.name for kind in kinds]


async def test_several_instances_sign_with_one_key(environs: Mapping[str, Mapping[str, str]], pool: Pool) -> None:
    async with running(environs) as world, serving("auth", application, environs["auth"]) as other:
        await world.ada()
        async with CHANNELS["grpc"](other) as channel:
            request = auth_pb2.LogInRequest(email=EMAIL, password=PASSWORD)
            token = (await AuthServiceStub(channel).LogIn(request)).tokens.access_token
        # Issued by the one, verified with the keys that the other publishes.
        assert (await world.claims(token)).audience == "plt"
        assert await pool.fetchval("SELECT count(*) FROM signing_keys") == 1


async def test_keys_rotate_while_tokens_are_issued_and_verified(
    environs: Mapping[str, Mapping[str, str]], pool: Pool
) -> None:
    async with running(environs) as world:
        await world.ada()
        old = await world.log_in()
        # Time passes, for the store decides on it.
        await pool.execute("UPDATE signing_keys SET start_time = start_time - interval '1 day'")

        async def due() -> bool:
            return bool(await pool.fetchval("SELECT count(*) = 2 FROM signing_keys"))

        async with serving("auth", application, environs["auth"]):
            await until(due)
        assert (await world.claims((await world.log_in()).access_token)).subject
        await pool.execute("UPDATE signing_keys SET start_time = start_time - interval '10 minutes'")
        new = await world.log_in()
        assert old.access_token.split(".")[0] != new.access_token.split(".")[0]
        for each in (old, new):
            assert (await world.claims(each.access_token)).session == each.session_id


async def test_keys_are_encrypted_with_the_key_of_the_deployment(
    environs: Mapping[str, Mapping[str, str]], pool: Pool
) -> None:
    key = "A" * 43
    async with running({**environs, "auth": {**environs["auth"], "KEY_ENCRYPTION_KEY": key}}) as world:
        await world.ada()
        assert await world.active((await world.log_in()).access_token)
    assert '"d"' not in await pool.fetchval("SELECT private_key FROM signing_keys")


async def test_a_key_set_is_answered_with_its_public_parts_only(environs: Mapping[str, Mapping[str, str]]) -> None:
    async with running(environs) as world, httpx2.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{world.settings.http_port}/.well-known/jwks.json")

    assert answer.headers["cache-control"] == "public, max-age=60"
    assert {frozenset(key) for key in answer.json()["keys"]} == {
        frozenset({"kty", "crv", "x", "y", "kid", "alg", "use"})
    }


async def test_revocations_are_announced_again_when_redis_has_lost_them(
    environs: Mapping[str, Mapping[str, str]], redis: Redis
) -> None:
    keys = Keys(environs["auth"]["NAMESPACE"])
    async with running(environs) as world:
        await world.ada()
        session = await world.log_in()
        jti = (await world.claims(session.access_token)).token_id
        await world.auth.LogOut(auth_pb2.LogOutRequest(refresh_token=session.refresh_token))
        assert await redis.exists(keys("rev", jti))
        await redis.delete(*[key async for key in redis.scan_iter(keys("*")) if b"rev" in key])

        async def again() -> bool:
            return bool(await redis.exists(keys("rev", jti)))

        await until(again)


async def test_the_role_of_another_service_cannot_read_the_keys(
    environs: Mapping[str, Mapping[str, str]],
) -> None:
    import asyncpg  # noqa: PLC0415

    connection = await asyncpg.connect(environs["identity"]["POSTGRES_DSN"])
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT private_key FROM auth.signing_keys")
    finally:
        await connection.close()
