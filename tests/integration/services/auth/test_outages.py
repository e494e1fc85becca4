"""Auth while something that it needs is away."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import grpc
import pytest
from plt.auth.v1 import auth_pb2
from redis.asyncio import Redis

from platformkit.redis import Keys
from platformkit.status import ServiceError
from tests.integration.services.auth.test_service import EMAIL, PASSWORD, running
from tests.integration.services.forwarding import Forwarder
from tests.integration.waiting import until

Environs = Mapping[str, Mapping[str, str]]


@asynccontextmanager
async def way_to(environs: Environs, store: str) -> AsyncIterator[tuple[Forwarder, Environs]]:
    """A way of auth to a store that can be cut, and the environments of services of which auth takes it."""
    own = environs["auth"]
    address = urlsplit(own[store])
    async with Forwarder(str(address.hostname), address.port or 0) as way:
        through = own[store].replace(f":{address.port}/", f":{way.port}/")
        yield way, {**environs, "auth": {**own, store: through}}


async def test_while_redis_is_away_sessions_begin_and_end_and_verifiers_hear_of_it_later(
    environs: Environs, redis: Redis
) -> None:
    keys = Keys(environs["auth"]["NAMESPACE"])
    async with way_to(environs, "REDIS_URL") as (way, through), running(through) as world:
        await world.ada()
        session = await world.log_in()
        jti = (await world.claims(session.access_token)).token_id
        await way.cut()
        again = await world.log_in()
        assert await world.active(again.access_token)
        await world.auth.LogOut(auth_pb2.LogOutRequest(refresh_token=session.refresh_token))
        assert not await world.active(session.access_token)
        assert not await redis.exists(keys("rev", jti))
        await way.mend()

        async def announced() -> bool:
            return bool(await redis.exists(keys("rev", jti)))

        await until(announced)


async def test_while_postgres_is_away_nobody_is_told_that_a_password_is_wrong(environs: Environs) -> None:
    async with way_to(environs, "POSTGRES_DSN") as (way, through), running(through) as world:
        await world.ada()
        session = await world.log_in()
        await way.cut()
        for call in (world.log_in(), world.log_in("wrong"), world.refresh(session.refresh_token)):
            with pytest.raises(grpc.aio.AioRpcError) as raised:
                await call
            error = ServiceError.from_rpc_error(raised.value)
            assert (error.code, error.reason) == (grpc.StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE")
        await way.mend()
        # A refresh that did not happen has not used its token.
        assert await world.active((await world.refresh(session.refresh_token)).access_token)


async def test_without_identity_nobody_gets_credentials_and_everybody_else_logs_in(environs: Environs) -> None:
    async with running(environs) as world:
        user_id = await world.ada()
        await world.leave_identity()
        request = auth_pb2.RegisterCredentialsRequest(user_id=user_id, password=PASSWORD)
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await world.auth.RegisterCredentials(request)
        error = ServiceError.from_rpc_error(raised.value)
        assert (error.code, error.reason) == (grpc.StatusCode.UNAVAILABLE, "DEPENDENCY_UNAVAILABLE")
        login = await world.auth.LogIn(auth_pb2.LogInRequest(email=EMAIL, password=PASSWORD))
        assert login.user_id == user_id
