"""Requests that a filter of the provider changes before they are sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeAlias

import grpc
import pytest
from aiohttp import web
from google.protobuf.wrappers_pb2 import StringValue

from servanda.configuration import Configuration, Limits, Service
from servanda.errors import ConfigurationError, VerificationError
from servanda.supervision import Placeholders, System
from servanda.verdict import Transport
from servanda.verification.provider_code import ProviderCode
from servanda.verification.reach import Reach
from tests.samples.library.contracts import Document, a_book_over_http, a_title_over_grpc, contract
from tests.unit.verification.handles import Handle

Asked: TypeAlias = list[dict[str, Any]]
BOOK = a_book_over_http(
    request={
        "method": "POST",
        "path": "/books",
        "query": {"q": ["a"]},
        "headers": {"X-Old": ["1"], "Authorization": ["example"], "X-Kept": ["1, 2"]},
        "body": {"content": {"id": 1}, "contentType": "application/json", "encoded": False},
    }
)


@pytest.fixture
async def asked() -> AsyncIterator[tuple[Asked, int]]:
    """What an HTTP server was asked, and its port."""
    found: Asked = []

    async def serve(request: web.Request) -> web.Response:
        query, headers = list(request.query.items()), {name.lower(): each for name, each in request.headers.items()}
        lines = [value for name, value in request.headers.items() if name.lower() == "authorization"]
        body = await request.text()
        found.append(
            {"method": request.method, "path": request.path, "query": query, "headers": headers, "body": body}
            | {"authorization": lines}
        )
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield found, runner.addresses[0][1]
    await runner.cleanup()


@pytest.fixture
async def send(configuration: Configuration, tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Sends the request of an interaction through a filter, or without one, and returns the reasons."""
    async with ProviderCode(Limits()) as code, AsyncExitStack() as stack:
        reaches: dict[tuple[int, str], Reach] = {}

        async def send(port: int, name: str, document: Document = BOOK, values: Any = None, **more: Any) -> Any:
            source = f"tests.unit.verification.sample_filters:{name}" if name else ""
            transports = {Transport.HTTP: "port", Transport.GRPC: "port"}
            service = Service("library", ("run",), transports=transports, request_filter=source, **more)
            handle = Handle(service, {"TOKEN": "t0p"}, ports={"port": port, "other": port})
            system = System({handle.instance: handle}, Placeholders({}))
            reach = reaches.setdefault((port, name), Reach("library", system, configuration, code, Limits(), stack))
            exchange = await reach.begin(contract(tmp_path, document).interactions[0])
            return await exchange(values or {})

        yield send


async def test_a_filter_authorizes_requests_with_values_of_states(asked: tuple[Asked, int], send: Any) -> None:
    found, port = asked
    await send(
        port, "authorize", values={"user": "u-1"}, headers={"Authorization": "static", "X-Static": "{env.TOKEN}"}
    )
    assert found[0]["authorization"] == ["Bearer t0p u-1"]
    assert found[0]["headers"]["x-static"] == "t0p"
    assert found[0]["headers"]["x-kept"] == "1, 2"


async def test_a_filter_may_change_all_of_a_request(asked: tuple[Asked, int], send: Any) -> None:
    found, port = asked
    await send(port, "rewrite")
    assert (found[0]["method"], found[0]["path"]) == ("PUT", "/v2/books")
    assert found[0]["query"] == [("q", "a"), ("page", "1"), ("page", "2"), ("full", "")]
    assert found[0]["body"] == '{"id": 1, "by": "a book"}'
    assert "x-old" not in found[0]["headers"]
    assert found[0]["headers"]["content-type"] == "application/json"


async def test_a_filter_authorizes_calls(send: Any) -> None:
    received: list[dict[str, str | bytes]] = []

    async def title(_: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        received.append(dict(context.invocation_metadata() or ()))
        return StringValue(value="Emma").SerializeToString()

    server = grpc.aio.server()
    handler: grpc.RpcMethodHandler[bytes, bytes] = grpc.unary_unary_rpc_method_handler(title)
    interaction = a_title_over_grpc()
    called = interaction["pluginConfiguration"]["protobuf"]["service"].lstrip(".")
    service, _, method = called.partition("/")
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {method: handler}),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        await send(port, "authorize", interaction, headers={"X-Static": "1"})
        with pytest.raises(VerificationError, match="made 'method' something else, expected '/"):
            await send(port, "rename", interaction)
    finally:
        await server.stop(0)
    assert received[0]["authorization"] == "Bearer t0p"
    assert received[0]["x-static"] == "1"
    assert len(received) == 1


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("fail", "failed: KeyError: '/books'"),
        ("leave", "failed: SystemExit: 0"),
        ("misread", "failed: TypeError: it returned a value of type list, expected the request or None"),
        ("misname", "the request filter returned 'header', expected none but body, description, headers"),
        ("misshape", "made 'headers' something else, expected a text or a list of texts for each name"),
        ("misplace", "made 'path' something else, expected a text"),
        ("mistype", "failed: TypeError: it made a body of type dict, expected bytes, a text or None"),
    ],
)
async def test_what_a_filter_does_is_told_and_nothing_is_sent(
    asked: tuple[Asked, int], send: Any, name: str, message: str
) -> None:
    with pytest.raises(VerificationError) as raised:
        await send(asked[1], name)
    assert message in str(raised.value)
    assert asked[0] == []


async def test_a_filter_that_cannot_be_imported_is_told(asked: tuple[Asked, int], send: Any) -> None:
    for _ in range(2):
        with pytest.raises(ConfigurationError, match=r"the request filter '.*:nobody' cannot be imported"):
            await send(asked[1], "nobody")


async def test_a_route_serves_the_paths_that_begin_with_it(asked: tuple[Asked, int], send: Any) -> None:
    found, port = asked
    routes = {
        Transport.HTTP: {
            "/": "http://127.0.0.1:1",
            "/books": f"http://127.0.0.1:{port}/base",
            "/books/new": "other",
            "/book": "http://127.0.0.1:1",
        }
    }
    for path in ("/books", "/books/7", "/books/new", "/books?x=1"):
        await send(port, "", a_book_over_http(request={"method": "GET", "path": path}), routes=routes)
    assert [each["path"] for each in found] == ["/base/books", "/base/books/7", "/books/new", "/base/books"]
    (reason,) = await send(port, "", a_book_over_http(request={"method": "GET", "path": "/bookshop"}), routes=routes)
    assert reason.message.startswith("no connection to http://127.0.0.1:1")
