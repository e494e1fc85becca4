"""Key sets are fetched from whichever instance answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from platformkit.discovery import Instance, InstanceStatus, MemoryRegistry
from platformkit.tokens import KEY_SET_PATH, KeysUnavailableError, PublishedKeys

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def keys(_: web.Request) -> web.StreamResponse:
    return web.Response(body=b'{"keys": []}')


async def broken(_: web.Request) -> web.StreamResponse:
    return web.Response(status=503)


async def elsewhere(_: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("http://127.0.0.1:1/keys")


async def huge(_: web.Request) -> web.StreamResponse:
    return web.Response(body=b" " * 300_000)


@asynccontextmanager
async def issuers(*answers: Answer, service: str = "auth") -> AsyncIterator[MemoryRegistry]:
    """Discovery with an instance for each answer, and one that nobody can reach."""
    registry, servers = MemoryRegistry(), list[TestServer]()
    try:
        for number, answer in enumerate(answers):
            application = web.Application()
            application.router.add_get(KEY_SET_PATH, answer)
            server = TestServer(application)
            servers.append(server)
            await server.start_server()
            await registry.register(instance(f"instance-{number}", service, server.port or 0))
        yield registry
    finally:
        for server in servers:
            await server.close()


def instance(name: str, service: str, port: int, status: InstanceStatus = InstanceStatus.SERVING) -> Instance:
    return Instance(name, service, "127.0.0.1", None, port, (), "1", status, datetime(2026, 1, 2, tzinfo=UTC))


async def test_one_instance_that_answers_is_enough() -> None:
    async with issuers(broken, keys, huge, elsewhere) as registry:
        await registry.register(instance("gone", "auth", 1))
        for _ in range(5):
            assert await PublishedKeys(registry, "auth")() == b'{"keys": []}'


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        pytest.param(broken, "status 503", id="broken"),
        pytest.param(elsewhere, "status 302", id="elsewhere"),
        pytest.param(huge, "more than 262144 bytes", id="huge"),
    ],
)
async def test_an_answer_that_is_no_document_is_told_of(answer: Answer, why: str) -> None:
    async with issuers(answer) as registry:
        with pytest.raises(KeysUnavailableError, match=f"^instance-0: {why}$"):
            await PublishedKeys(registry, "auth")()


async def test_other_services_are_not_asked_for_keys() -> None:
    async with issuers(keys, service="identity") as registry:
        with pytest.raises(KeysUnavailableError, match=r"^no instance of auth is alive$"):
            await PublishedKeys(registry, "auth")()
