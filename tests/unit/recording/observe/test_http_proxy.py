"""Everything passes over HTTP as it is, and what is described is noted."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import httpx2
import pytest
from aiohttp import web

from servanda.interfaces.usage.exchange import Exchange, Shape
from servanda.interfaces.usage.log import UsageLog
from servanda.interfaces.usage.use import Observation
from servanda.recording.observe import passing
from servanda.recording.observe.collector import Collector
from servanda.recording.observe.http_proxy import HttpProxy
from servanda.recording.usage.described import Described

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass
class Provider:
    """Answers what a test says, and keeps what it was asked."""

    answer: Answer
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append((request.method, request.raw_path, dict(request.headers), await request.content.read()))
        return await self.answer(request)


@dataclass
class Line:
    """A client, the proxy and a provider."""

    client: httpx2.AsyncClient
    provider: Provider
    proxy: HttpProxy
    collector: Collector

    async def log(self) -> UsageLog:
        """Return the notes by the time that the proxy is over with all requests."""
        await self.proxy.stop()
        return self.collector.log(Observation("web", "2026-11-01", "log"), complete=True)

    async def exchanges(self) -> tuple[Exchange, ...]:
        return (await self.log()).exchanges


async def order(_: web.BaseRequest) -> web.StreamResponse:
    return web.json_response({"orderId": "o-1", "note": "x", "status": "STATUS_OPEN", "extra": 1})


@pytest.fixture
async def line(described: Described) -> AsyncIterator[Line]:
    provider, collector = Provider(order), Collector(described)
    runner = web.ServerRunner(web.Server(provider.handle, auto_decompress=False))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    proxy = HttpProxy(f"http://127.0.0.1:{runner.addresses[0][1]}", collector)
    port = await proxy.start("127.0.0.1", 0)
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        yield Line(client, provider, proxy, collector)
    await proxy.stop()
    await runner.cleanup()


async def test_a_request_and_its_response_pass_as_they_are(line: Line) -> None:
    answer = await line.client.get("/v1/orders/7?view=a%20b", headers={"x-tenant": "t"})

    assert answer.json() == {"orderId": "o-1", "note": "x", "status": "STATUS_OPEN", "extra": 1}
    [(method, path, headers, _)] = line.provider.asked
    assert (method, path, headers["x-tenant"]) == ("GET", "/v1/orders/7?view=a%20b", "t")


async def test_an_rpc_is_noted_with_the_members_that_its_messages_know(line: Line) -> None:
    await line.client.get("/v1/orders/7?view=full", headers={"x-tenant": "t"})

    [exchange] = await line.exchanges()
    assert (exchange.call, exchange.status, exchange.query) == ("GET /v1/orders/{name}", 200, ("view",))
    assert exchange.received == Shape({"orderId": None, "note": None, "status": None})
    assert exchange.sent == Shape(None)
    assert exchange.headers is not None
    assert "x-tenant" in exchange.headers
    assert "host" not in exchange.headers


async def test_values_of_enums_are_noted_by_name(line: Line) -> None:
    await line.client.post("/v1/orders", json={"status": "STATUS_PAID"})

    log = await line.log()
    assert [each.element for each in log.reads] == ["shop.v1.Status.STATUS_OPEN"]
    assert [each.element for each in log.writes or ()] == ["shop.v1.Status.STATUS_PAID"]


async def test_an_operation_of_a_document_is_noted_with_all_members(line: Line) -> None:
    await line.client.post("/carts/7", json={"items": [{"sku": "a"}, {"count": 2}]})

    [exchange] = await line.exchanges()
    assert exchange.call == "POST /carts/{id}"
    assert exchange.sent == Shape({"items": [{"sku": None}, {"count": None}]})
    assert exchange.received == Shape({"orderId": None, "note": None, "status": None, "extra": None})


async def test_what_nothing_describes_passes_and_is_counted(line: Line) -> None:
    answer = await line.client.get("/metrics")

    assert (answer.status_code, (await line.exchanges()), line.collector.others) == (200, (), 1)


async def test_a_read_mask_is_noted(line: Line) -> None:
    await line.client.get("/v1/orders/7?read_mask=note,status")
    await line.client.get("/v1/orders/7", headers={"X-Goog-FieldMask": "note"})

    assert {exchange.mask for exchange in (await line.exchanges())} == {("note", "status"), ("note",)}


async def test_a_coded_body_passes_coded_and_is_read_decoded(line: Line) -> None:
    body = gzip.compress(b'{"note": "x"}')

    async def coded(_: web.BaseRequest) -> web.StreamResponse:
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        return web.Response(body=body, headers=headers)

    line.provider.answer = coded
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    answer = await line.client.post("/v1/orders", content=body, headers=headers)

    assert answer.json() == {"note": "x"}
    assert line.provider.asked[0][3] == body
    [exchange] = await line.exchanges()
    assert (exchange.sent, exchange.received) == (Shape({"note": None}), Shape({"note": None}))


async def test_of_a_body_that_is_no_json_nothing_is_known(line: Line) -> None:
    await line.client.post("/v1/orders", content=b"a=b", headers={"content-type": "application/x-www-form-urlencoded"})
    await line.client.post("/v1/orders", content=b"{", headers={"content-type": "application/json"})

    assert {exchange.sent for exchange in (await line.exchanges())} == {None}


async def test_a_body_that_is_too_long_passes_and_is_not_looked_at(line: Line) -> None:
    text = b'{"note": "' + b"x" * passing.BODY_BYTES + b'"}'

    async def echo(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=line.provider.asked[-1][3], content_type="application/json")

    line.provider.answer = echo
    answer = await line.client.post("/v1/orders", content=text, headers={"content-type": "application/json"})

    assert answer.content == text
    [exchange] = await line.exchanges()
    assert (exchange.sent, exchange.received) == (None, None)


async def test_a_stream_passes_while_it_goes_on(line: Line) -> None:
    is_read = asyncio.Event()

    async def streamed(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"data: 1\n\n")
        await is_read.wait()
        await response.write(b"data: 2\n\n")
        return response

    line.provider.answer = streamed
    async with line.client.stream("GET", "/carts/7") as answer:
        chunks = answer.aiter_bytes()
        assert await anext(chunks) == b"data: 1\n\n"
        is_read.set()
        assert await anext(chunks) == b"data: 2\n\n"


async def test_statuses_redirects_and_cookies_pass(line: Line) -> None:
    async def elsewhere(_: web.BaseRequest) -> web.StreamResponse:
        response = web.Response(status=302, headers={"Location": "/elsewhere"})
        response.set_cookie("a", "1")
        response.set_cookie("b", "2")
        return response

    line.provider.answer = elsewhere
    answer = await line.client.get("/carts/7")

    assert (answer.status_code, answer.headers["location"]) == (302, "/elsewhere")
    assert len(answer.headers.get_list("set-cookie")) == 2
    assert (await line.exchanges())[0].status == 302


async def test_an_upgrade_is_refused(line: Line) -> None:
    answer = await line.client.get("/carts/7", headers={"connection": "Upgrade", "upgrade": "websocket"})

    assert (answer.status_code, line.provider.asked) == (501, [])


async def test_a_provider_that_does_not_answer_is_told(described: Described, unused_tcp_port: int) -> None:
    proxy = HttpProxy(f"http://127.0.0.1:{unused_tcp_port}", Collector(described))
    port = await proxy.start("127.0.0.1", 0)
    async with httpx2.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{port}/carts/7")
    await proxy.stop()

    assert (answer.status_code, "no answer of the target" in answer.text) == (502, True)


async def test_the_path_of_the_target_comes_first(described: Described) -> None:
    provider, collector = Provider(order), Collector(described)
    runner = web.ServerRunner(web.Server(provider.handle))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    proxy = HttpProxy(f"http://127.0.0.1:{runner.addresses[0][1]}/v1/", collector)
    port = await proxy.start("127.0.0.1", 0)
    async with httpx2.AsyncClient() as client:
        await client.get(f"http://127.0.0.1:{port}/orders/7")
    await proxy.stop()
    await runner.cleanup()

    assert provider.asked[0][1] == "/v1/orders/7"
    [exchange] = collector.log(Observation("web", "2026-11-01", "log"), complete=True).exchanges
    assert exchange.call == "GET /v1/orders/{name}"
