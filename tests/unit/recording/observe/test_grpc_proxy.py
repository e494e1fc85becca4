"""Everything passes over gRPC as it is, streams as well, and what is described is noted."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest

from servanda.interfaces.usage.exchange import Shape
from servanda.interfaces.usage.log import UsageLog
from servanda.interfaces.usage.use import Observation
from servanda.pact.descriptors import Descriptors
from servanda.recording.observe.collector import Collector
from servanda.recording.observe.grpc_proxy import GrpcProxy
from servanda.recording.usage.described import Described

GET, PLACE, WATCH = (f"/shop.v1.Shop/{name}" for name in ("GetOrder", "PlaceOrder", "Watch"))


@dataclass
class Provider(grpc.GenericRpcHandler):
    """Answers each message with one, and keeps the metadata."""

    answer: bytes
    metadata: list[dict[str, Any]] = field(default_factory=list)
    status: grpc.StatusCode = grpc.StatusCode.OK

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        async def handle(requests: AsyncIterator[bytes], context: Any) -> AsyncIterator[bytes]:
            self.metadata.append(dict(context.invocation_metadata()))
            await context.send_initial_metadata([("x-begins", "yes")])
            if self.status is not grpc.StatusCode.OK:
                await context.abort(self.status, "no such order", (("x-detail", "7"),))
            async for _ in requests:
                yield self.answer
            context.set_trailing_metadata([("x-ends", "yes")])

        return grpc.stream_stream_rpc_method_handler(handle)


@dataclass
class Line:
    channel: grpc.aio.Channel
    provider: Provider
    collector: Collector

    def log(self) -> UsageLog:
        return self.collector.log(Observation("web", "2026-11-01", "log"), complete=True)


@pytest.fixture
async def line(described: Described, descriptors: Descriptors) -> AsyncIterator[Line]:
    answer = descriptors.message("shop.v1.Order")(note="x", status=1, stops=[{"city": "Ulm"}])
    provider, collector = Provider(answer.SerializeToString()), Collector(described)
    server = grpc.aio.server(handlers=[provider])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    proxy = GrpcProxy(f"127.0.0.1:{port}", collector)
    at = await proxy.start("127.0.0.1", 0)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{at}") as channel:
        yield Line(channel, provider, collector)
    await proxy.stop()
    await server.stop(None)


def request(descriptors: Descriptors, **fields: Any) -> bytes:
    return bytes(descriptors.message("shop.v1.GetOrderRequest")(**fields).SerializeToString())


async def unary(line: Line, method: str, content: bytes, **how: Any) -> tuple[bytes, Any]:
    multi: Any = line.channel.unary_unary(method)
    call = multi(content, **how)
    return bytes(await call), call


async def test_a_call_passes_with_its_metadata_both_ways(line: Line, descriptors: Descriptors) -> None:
    sent = [("x-tenant", "t"), ("x-trace-bin", b"\x00\x01")]
    answer, call = await unary(line, GET, request(descriptors, name="7"), metadata=sent)

    assert answer == line.provider.answer
    assert line.provider.metadata[0]["x-tenant"] == "t"
    assert line.provider.metadata[0]["x-trace-bin"] == b"\x00\x01"
    assert dict(list(await call.initial_metadata()))["x-begins"] == "yes"
    assert dict(list(await call.trailing_metadata()))["x-ends"] == "yes"


async def test_a_call_is_noted_with_the_fields_of_its_messages(line: Line, descriptors: Descriptors) -> None:
    await unary(line, GET, request(descriptors, name="7"))

    [exchange] = line.log().exchanges
    assert exchange.call == "shop.v1.Shop.GetOrder"
    assert exchange.sent == Shape({"name": None})
    assert exchange.received == Shape({"note": None, "status": None, "stops": [{"city": None}]})
    assert [(noted.element, noted.possible) for noted in line.log().reads] == [("shop.v1.Status.STATUS_OPEN", True)]


async def test_a_read_mask_is_noted(line: Line, descriptors: Descriptors) -> None:
    await unary(line, GET, request(descriptors, name="7", read_mask={"paths": ["note"]}))

    assert line.log().exchanges[0].mask == ("note",)


async def test_a_stream_passes_message_by_message(line: Line, descriptors: Descriptors) -> None:
    multi: Any = line.channel.stream_stream(WATCH)
    call = multi()
    for _ in range(3):
        await call.write(request(descriptors, name="7"))
        assert await call.read() == line.provider.answer
    await call.done_writing()
    assert await call.read() is grpc.aio.EOF

    [exchange] = line.log().exchanges
    assert exchange.call == "shop.v1.Shop.Watch"


async def test_a_status_passes_with_its_details(line: Line, descriptors: Descriptors) -> None:
    line.provider.status = grpc.StatusCode.NOT_FOUND
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await unary(line, GET, request(descriptors, name="7"))

    assert (caught.value.code(), caught.value.details()) == (grpc.StatusCode.NOT_FOUND, "no such order")
    assert dict(list(caught.value.trailing_metadata() or ()))["x-detail"] == "7"
    assert line.log().exchanges[0].received == Shape(None)


@pytest.mark.parametrize(
    ("status", "refused"), [(grpc.StatusCode.INVALID_ARGUMENT, True), (grpc.StatusCode.NOT_FOUND, False)]
)
async def test_a_request_that_is_refused_as_invalid_says_so(
    line: Line, descriptors: Descriptors, status: grpc.StatusCode, refused: bool
) -> None:
    line.provider.status = status
    with pytest.raises(grpc.aio.AioRpcError):
        await unary(line, GET, request(descriptors, name="7"))

    assert [exchange.refused for exchange in line.log().exchanges] == [refused]


async def test_a_method_that_nothing_describes_passes_and_is_counted(line: Line) -> None:
    answer, _ = await unary(line, "/bank.v1.Bank/Pay", b"\x0a\x01x")

    assert (answer, line.log().exchanges, line.collector.others) == (line.provider.answer, (), 1)


async def test_of_bytes_that_are_no_such_message_nothing_is_known(line: Line) -> None:
    line.provider.answer = b"\xff\xff"
    answer, _ = await unary(line, GET, b"\xff")

    assert answer == b"\xff\xff"
    [exchange] = line.log().exchanges
    assert (exchange.sent, exchange.received) == (None, None)


async def test_a_provider_that_does_not_answer_is_unavailable(described: Described, unused_tcp_port: int) -> None:
    proxy = GrpcProxy(f"127.0.0.1:{unused_tcp_port}", Collector(described))
    at = await proxy.start("127.0.0.1", 0)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{at}") as channel:
        multi: Any = channel.unary_unary(GET)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await multi(b"")
    await proxy.stop()

    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_a_call_that_is_refused_before_it_is_sent_whole_keeps_its_status(
    line: Line, descriptors: Descriptors
) -> None:
    line.provider.status = grpc.StatusCode.NOT_FOUND
    content = request(descriptors, name="7" * 8_000_000)
    told = await asyncio.gather(*(unary(line, GET, content) for _ in range(20)), return_exceptions=True)

    assert {each.code() for each in told if isinstance(each, grpc.aio.AioRpcError)} == {grpc.StatusCode.NOT_FOUND}
