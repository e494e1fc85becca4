from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest

from servanda.configuration import Limits
from servanda.errors import ContractError, LimitError
from servanda.transports.grpc.interaction import GrpcInteraction
from servanda.transports.grpc.verifying import GrpcVerifier
from servanda.verdict import Reason, ReasonKind
from tests.samples.library.contracts import a_missing_title_over_grpc, a_title_over_grpc, contract

Context = grpc.aio.ServicerContext[bytes, bytes]
Method = Callable[[bytes, Context], Awaitable[bytes]]


@dataclass
class Provider:
    """One method, and what it was sent."""

    method: Method
    address: str = ""
    received: list[tuple[bytes, dict[str, str | bytes]]] = field(default_factory=list)

    async def find(self, request: bytes, context: Context) -> bytes:
        metadata = {key: value for key, value in context.invocation_metadata() or () if not key.startswith("user-")}
        self.received.append((request, metadata))
        return await self.method(request, context)


async def _not_found(request: bytes, context: Context) -> bytes:
    await context.abort(grpc.StatusCode.NOT_FOUND, "no such book")


async def _unavailable(request: bytes, context: Context) -> bytes:
    await context.abort(grpc.StatusCode.UNAVAILABLE, "stock-taking")


async def _hangs(request: bytes, context: Context) -> bytes:
    await asyncio.Event().wait()
    return b""


async def _at_length(request: bytes, context: Context) -> bytes:
    return b"\0" * 1_000_000


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    served = Provider(_not_found)
    server = grpc.aio.server(compression=grpc.Compression.Gzip)
    handlers: dict[str, grpc.RpcMethodHandler[bytes, bytes]]
    handlers = {"Find": grpc.unary_unary_rpc_method_handler(served.find)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("library.v1.Library", handlers),))
    served.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    yield served
    await server.stop(None)


@pytest.fixture
def ask(provider: Provider, tmp_path: Path) -> Callable[[dict[str, Any]], Awaitable[tuple[Reason, ...]]]:
    async def call(document: dict[str, Any]) -> tuple[Reason, ...]:
        interaction = contract(tmp_path, document).interactions[0]
        assert isinstance(interaction, GrpcInteraction)
        transport = GrpcVerifier(provider.address, Limits(answer_seconds=1.0, answer_bytes=10_000))
        try:
            return await transport.verify(interaction)
        finally:
            await transport.close()

    return call


Ask = Callable[[dict[str, Any]], Awaitable[tuple[Reason, ...]]]


def _with_metadata(**metadata: str) -> dict[str, Any]:
    document = a_missing_title_over_grpc()
    document["request"]["metadata"] = {"contentType": "application/protobuf", **metadata}
    return document


async def test_the_request_is_sent_byte_by_byte_with_its_metadata(provider: Provider, ask: Ask) -> None:
    trace = base64.b64encode(b"\xff\x00").decode()
    assert await ask(_with_metadata(**{"x-reader": "ann", "trace-bin": trace})) == ()
    assert provider.received == [(b"\n\x03b-1", {"x-reader": "ann", "trace-bin": b"\xff\x00"})]


async def test_binary_metadata_has_to_be_base64(ask: Ask) -> None:
    with pytest.raises(ContractError, match="the metadata 'trace-bin' is not base64"):
        await ask(_with_metadata(**{"trace-bin": "?"}))


async def test_an_unavailable_provider_has_answered(provider: Provider, ask: Ask) -> None:
    provider.method = _unavailable
    (reason,) = await ask(a_title_over_grpc())
    assert (reason.kind, reason.path, reason.actual) == (ReasonKind.MISMATCH, "status", "UNAVAILABLE")


async def test_a_closed_port_is_a_failed_connection(provider: Provider, ask: Ask) -> None:
    provider.address = "127.0.0.1:1"
    (reason,) = await ask(a_title_over_grpc())
    assert reason.kind is ReasonKind.TRANSPORT
    assert reason.message.startswith("no connection to 127.0.0.1:1")


async def test_a_call_that_takes_too_long_has_no_answer(provider: Provider, ask: Ask) -> None:
    provider.method = _hangs
    (reason,) = await ask(a_title_over_grpc())
    assert (reason.kind, reason.message) == (ReasonKind.NO_ANSWER, "no response within 1 s")


async def test_an_answer_that_is_too_long_is_not_taken_for_a_status_of_the_provider(
    provider: Provider, ask: Ask
) -> None:
    provider.method = _at_length
    with pytest.raises(LimitError, match="limit of 10000 bytes"):
        await ask(a_title_over_grpc())
