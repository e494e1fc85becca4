"""Provider states of the gateway itself: what it finds around it. What the services behind it know, their states say.

What would change the answers to whatever follows lasts for its interaction only.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import grpc
from plt.auth.v1 import auth_pb2, auth_pb2_grpc
from redis.asyncio import Redis

from platformkit.channels import HttpChannel
from platformkit.discovery import HEARTBEAT_SECONDS, TIME_TO_LIVE_SECONDS, Instance, RedisRegistry, Registry
from platformkit.lifecycle import Settings
from platformkit.limiter import Limit, RedisLimiter
from platformkit.redis import Keys
from platformkit.service import Connections

Params = Mapping[str, object]
Handler = Callable[[Params], AbstractAsyncContextManager[Mapping[str, object]] | Awaitable[Mapping[str, object]]]

ADDRESS: Final = "127.0.0.1"
LIMIT: Final = "address"
SERVICE: Final = "auth"
CHARACTERS: Final = 2_000_000
_WAIT_SECONDS: Final = 3600
_BETWEEN_SECONDS: Final = 0.01
_ENOUGH_SECONDS: Final = 1.0
_TRIES: Final = 500


@asynccontextmanager
async def states(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Handler]]:
    """Return the states by name, around the gateway that has this environment.

    Raises:
        StartError: The environment does not say where Redis is.
    """
    settings = Settings.from_environ("gateway", environ)
    channel = HttpChannel(f"http://127.0.0.1:{settings.http_port}")
    async with Connections(settings) as connections:
        redis, keys = connections.redis(), Keys(settings.namespace)
        surroundings = _Surroundings(redis, keys, RedisRegistry(redis, keys), channel)
        try:
            yield {
                "auth is away": surroundings.auth_is_away,
                "a rate limit is used up": surroundings.limit_is_used_up,
                "there is a text of many characters": _many_characters,
            }
        finally:
            await channel.close()


@dataclass(frozen=True, slots=True)
class _Surroundings:
    redis: Redis
    keys: Keys
    registry: Registry
    channel: grpc.aio.Channel

    @asynccontextmanager
    async def limit_is_used_up(self, params: Params) -> AsyncIterator[Mapping[str, object]]:
        """{limit, address}: the address has made all requests that the limit allows."""
        name, address = str(params.get("limit", LIMIT)), str(params.get("address", ADDRESS))
        key = self.keys("limit", name, address)
        await self.redis.delete(key)
        # One request of a limit of that name that is far tighter takes the caller's time for long.
        await RedisLimiter(self.redis, self.keys).take([(address, Limit(name, 1, _WAIT_SECONDS, 1))])
        try:
            yield {"limit": name, "address": address}
        finally:
            await self.redis.delete(key)

    @asynccontextmanager
    async def auth_is_away(self, _: Params) -> AsyncIterator[Mapping[str, object]]:
        """Leave the gateway with the routes of auth, and without an instance of it."""
        away = await self._taken_away(SERVICE)
        try:
            await self._until_told()
            yield {}
        finally:
            for instance in away:
                await self.registry.register(instance)

    async def _taken_away(self, service: str) -> tuple[Instance, ...]:
        instances = [each for each in await self.registry.instances() if each.service == service]
        if not instances:
            raise ValueError(f"no instance of {service} is registered, so none can be away")
        # Each registers again at its next heartbeat, which must not come in the middle of the interaction.
        for _ in range(_TRIES):
            if (left := await self._until_heartbeat(instances)) > _ENOUGH_SECONDS:
                break
            await asyncio.sleep(max(left, _BETWEEN_SECONDS))
        for instance in instances:
            await self.registry.deregister(instance.id)
        return tuple(instances)

    async def _until_heartbeat(self, instances: Iterable[Instance]) -> float:
        """Return in how many seconds the first of them registers again; late ones are below zero."""
        seconds, microseconds = await self.redis.time()
        deadlines = await self.redis.zmscore(self.keys("registry", "deadlines"), [each.id for each in instances])
        known = [deadline / 1000 for deadline in deadlines if deadline is not None]
        if not known:
            return 0.0
        return min(known) - TIME_TO_LIVE_SECONDS + HEARTBEAT_SECONDS - (seconds + microseconds / 1_000_000)

    async def _until_told(self) -> None:
        # What anybody may call, and is refused for other reasons as long as there is an instance.
        while await self._code() is not grpc.StatusCode.UNAVAILABLE:  # noqa: ASYNC110 - the gateway is a process
            await asyncio.sleep(_BETWEEN_SECONDS)

    async def _code(self) -> grpc.StatusCode | None:
        try:
            await auth_pb2_grpc.AuthServiceStub(self.channel).LogIn(auth_pb2.LogInRequest())
        except grpc.aio.AioRpcError as error:
            return error.code()
        return None


async def _many_characters(params: Params) -> Mapping[str, object]:
    """Make a text of so many {characters}, as ``text``, for a request that is too long to stand in a contract."""
    return {"text": "A" * int(str(params.get("characters", CHARACTERS)))}
