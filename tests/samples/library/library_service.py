"""A library: books over HTTP and gRPC, loans as events. The file ``FAULT`` makes it break one of its promises."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import grpc
from aiohttp import web
from confluent_kafka import Producer
from google.protobuf.wrappers_pb2 import StringValue

SHELF = Path(os.environ["SHELF"])
FAULT = Path(os.environ["FAULT"])


def broken(promise: str) -> bool:
    return FAULT.is_file() and FAULT.read_text() == promise


def title_of(book: str) -> str | None:
    path = SHELF / book
    return path.read_text() if path.is_file() else None


async def ready(_: web.Request) -> web.Response:
    return web.Response()


async def show(request: web.Request) -> web.Response:
    if broken("dies"):
        sys.stdout.write("out of shelf space\n")
        sys.stdout.flush()
        os._exit(9)
    if broken("hangs"):
        await asyncio.Event().wait()
    title = title_of(request.match_info["book"])
    if title is None:
        return web.json_response({"error": "no such book"}, status=404)
    document = {"id": request.match_info["book"], "title": title, "asked": dict(request.query)}
    if broken("drops title"):
        del document["title"]
    return web.json_response(document, headers={} if broken("loses header") else {"X-Shelf": "3"})


async def lend(request: web.Request) -> web.Response:
    book = request.match_info["book"]
    if not broken("sends nothing"):
        producer = Producer({"bootstrap.servers": os.environ["KAFKA"]})
        headers: list[tuple[str, str | bytes | None]] = [("content-type", b"application/json")]
        if not broken("loses header"):
            headers.append(("kind", b"loan"))
        key = "another" if broken("changes key") else book
        value = json.dumps({"book": book, "days": "14" if broken("retypes days") else 14}).encode()
        producer.produce(os.environ["LOANS_TOPIC"], value, key, headers=headers)
        await asyncio.to_thread(producer.flush)
    return web.Response(status=204)


async def find(request: StringValue, context: grpc.aio.ServicerContext[StringValue, StringValue]) -> StringValue:
    context.set_trailing_metadata((("x-shelf", "3"),))
    title = title_of(request.value)
    if title is None:
        await context.abort(grpc.StatusCode.NOT_FOUND, "no such book")
    return StringValue(value="" if broken("drops title") else title)


async def main() -> None:
    app = web.Application()
    app.add_routes(
        [
            web.get("/ready", ready),
            web.get("/books/{book}", show),
            web.post("/books/{book}/loan", lend),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    server = grpc.aio.server()
    handler = grpc.unary_unary_rpc_method_handler(find, StringValue.FromString, StringValue.SerializeToString)
    server.add_registered_method_handlers("library.v1.Library", {"Find": handler})
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("library.v1.Library", {"Find": handler}),))
    server.add_insecure_port(f"127.0.0.1:{os.environ['RPC_PORT']}")
    await server.start()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["WEB_PORT"])).start()
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    await stopping.wait()
    await server.stop(1)
    await runner.cleanup()


asyncio.run(main())
