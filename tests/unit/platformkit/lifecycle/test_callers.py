"""Who may call a service, whichever transport carries the call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import aiohttp
import grpc.aio
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from plt.audit.v1 import audit_pb2, audit_pb2_grpc

from platformkit.context import Context, Principal, current, entered
from platformkit.lifecycle import Settings, StartError
from platformkit.status import ServiceError
from platformkit.tokens import INTERNAL_TOKEN_KEY, InternalTokens, MemoryCallerKeys
from platformkit.transcoding import EdgeRequest, HttpResponse, json_response
from tests.unit.platformkit.lifecycle.audit_service import Service

Channels = Callable[[Settings], grpc.aio.Channel]
ADA = Principal("user-1", ("auditor",))
REQUEST = audit_pb2.ListEntriesRequest()


@pytest.fixture
def keys() -> MemoryCallerKeys:
    return MemoryCallerKeys()


@pytest.fixture
async def gateway(keys: MemoryCallerKeys) -> InternalTokens:
    tokens = InternalTokens("gateway", keys)
    await tokens.publish()
    return tokens


@pytest.fixture
async def seen(service: Service, keys: MemoryCallerKeys) -> AsyncIterator[list[Context]]:
    """Contexts of the calls that came through to a service that requires internal tokens."""
    contexts: list[Context] = []

    async def answer(_: audit_pb2.ListEntriesRequest) -> audit_pb2.ListEntriesResponse:
        contexts.append(current())
        return audit_pb2.ListEntriesResponse()

    service.settings = replace(service.settings, environ={**service.settings.environ, "INTERNAL_TOKENS": "required"})
    service.internal_tokens = InternalTokens("audit", keys)
    service.behavior = answer
    async with service.serving():
        await service.ready()
        yield contexts


async def call(channel: grpc.aio.Channel, *metadata: tuple[str, str]) -> None:
    await audit_pb2_grpc.AuditServiceStub(channel).ListEntries(REQUEST, metadata=metadata)


async def refused(channel: grpc.aio.Channel, *metadata: tuple[str, str]) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call(channel, *metadata)
    error = ServiceError.from_rpc_error(caught.value)
    return error.code, error.reason


async def test_a_call_comes_with_its_caller_and_its_principal(
    service: Service, channel_of: Channels, seen: list[Context], gateway: InternalTokens
) -> None:
    async with channel_of(service.settings) as channel:
        with entered(Context(request_id="request-1", principal=ADA)):
            await call(channel, *gateway.prove("audit", (("x-request-id", "request-1"),)))
        await call(channel, *gateway.prove("audit"))
    assert [(context.caller, context.principal) for context in seen] == [("gateway", ADA), ("gateway", None)]
    assert seen[0].request_id == "request-1"


async def test_a_service_may_do_no_more_than_the_principal_for_whom_it_calls(
    service: Service, channel_of: Channels, seen: list[Context], gateway: InternalTokens
) -> None:
    async with channel_of(service.settings) as channel:
        with entered(Context(principal=Principal("user-2", ("member", "admin")))):
            told = await refused(channel, *gateway.prove("audit"))
    assert told == (grpc.StatusCode.PERMISSION_DENIED, "ROLE_MISSING")
    assert seen == []


async def test_whom_a_call_is_for_is_asked_before_its_request_is_validated(
    service: Service, channel_of: Channels, seen: list[Context], gateway: InternalTokens
) -> None:
    async with channel_of(service.settings) as channel:
        with entered(Context(principal=Principal("user-2"))):
            proof, invalid = gateway.prove("audit"), audit_pb2.ListEntriesRequest(page_size=-1)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await audit_pb2_grpc.AuditServiceStub(channel).ListEntries(invalid, metadata=proof)
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_a_caller_without_a_proof_is_refused(
    service: Service, channel_of: Channels, seen: list[Context], gateway: InternalTokens
) -> None:
    (pair,) = gateway.prove("audit")
    async with channel_of(service.settings) as channel:
        for metadata in ((), (("x-caller", "gateway"),), ((INTERNAL_TOKEN_KEY, "x"),), (pair, pair)):
            assert await refused(channel, *metadata) == (grpc.StatusCode.UNAUTHENTICATED, "CALLER_UNPROVEN")
    assert seen == []


async def test_a_proof_for_another_service_or_by_a_stranger_is_refused(
    service: Service, channel_of: Channels, seen: list[Context], gateway: InternalTokens
) -> None:
    stranger = InternalTokens("gateway", MemoryCallerKeys())
    async with channel_of(service.settings) as channel:
        for metadata in (gateway.prove("identity"), stranger.prove("audit")):
            assert await refused(channel, *metadata) == (grpc.StatusCode.UNAUTHENTICATED, "CALLER_UNPROVEN")
    assert seen == []


async def test_a_proof_of_another_request_is_refused(
    service: Service, channel_of: Channels, seen: list[Context], gateway: InternalTokens
) -> None:
    replayed = gateway.prove("audit", (("x-request-id", "request-1"),))
    async with channel_of(service.settings) as channel:
        told = await refused(channel, *replayed, ("x-request-id", "request-2"))
    assert told == (grpc.StatusCode.UNAUTHENTICATED, "CALLER_UNPROVEN")
    assert seen == []


async def test_who_calls_is_proven_before_the_request_is_looked_at(
    service: Service, channel_of: Channels, seen: list[Context]
) -> None:
    async with channel_of(service.settings) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await audit_pb2_grpc.AuditServiceStub(channel).ListEntries(audit_pb2.ListEntriesRequest(page_size=-1))
    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_when_nobody_can_tell_the_caller_may_try_again(
    service: Service, channel_of: Channels, seen: list[Context], gateway: InternalTokens, keys: MemoryCallerKeys
) -> None:
    keys.available = False
    async with channel_of(service.settings) as channel:
        told = await refused(channel, *gateway.prove("audit"))
    assert told == (grpc.StatusCode.UNAVAILABLE, "CALLER_KEYS_UNAVAILABLE")


async def test_probes_and_public_paths_ask_nobody(service: Service, keys: MemoryCallerKeys) -> None:
    async def published(_: EdgeRequest) -> HttpResponse:
        return json_response({"keys": []})

    service.settings = replace(service.settings, environ={**service.settings.environ, "INTERNAL_TOKENS": "required"})
    service.internal_tokens = InternalTokens("audit", keys)
    service.paths["/.well-known/jwks.json"] = published
    async with service.serving(), aiohttp.ClientSession(f"http://127.0.0.1:{service.settings.http_port}") as session:
        await service.ready()
        for path in ("/livez", "/readyz", "/.well-known/jwks.json"):
            async with session.get(path) as response:
                assert response.status == 200
        async with grpc.aio.insecure_channel(f"127.0.0.1:{service.settings.grpc_port}") as channel:
            health: Any = health_pb2_grpc.HealthStub(channel)
            answer = await health.Check(health_pb2.HealthCheckRequest())
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


async def test_a_service_that_could_verify_nobody_does_not_start(service: Service) -> None:
    service.settings = replace(service.settings, environ={**service.settings.environ, "INTERNAL_TOKENS": "required"})
    with pytest.raises(StartError, match="audit cannot verify who calls it"):
        async with service.serving() as serving:
            await serving


async def test_a_service_that_does_not_say_whether_callers_prove_who_they_are_does_not_start(service: Service) -> None:
    service.settings = replace(service.settings, environ={})
    with pytest.raises(StartError, match="INTERNAL_TOKENS: expected required or off, and it is not set"):
        async with service.serving() as serving:
            await serving


async def test_a_service_is_not_ready_before_others_can_know_its_key(service: Service, keys: MemoryCallerKeys) -> None:
    keys.available = False
    service.internal_tokens = InternalTokens("audit", keys)
    async with service.serving():
        await asyncio.wait_for(keys.tried.wait(), 10)
        assert await service.registry.instances() == ()
        keys.available = True
        await service.ready()
    assert [name for name, _ in keys.published] == ["audit"]
