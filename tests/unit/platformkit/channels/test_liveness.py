"""Whether the other side of a channel is there at all."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
import pytest

from platformkit.channels import HttpChannel, MemoryChannel, grpc_channel
from platformkit.channels.liveness import answers

SECONDS = 5.0
AT_ONCE = 0.05


@asynccontextmanager
async def process(answer: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A process that accepts connections and answers with some bytes, or with nothing at all."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).partition(b" HTTP")[0])
        writer.write(answer)
        await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


@pytest.mark.parametrize("status", [200, 404, 503])
async def test_a_process_answers_over_http_whatever_it_says(status: int) -> None:
    answer = f"HTTP/1.1 {status} Whatever\r\ncontent-length: 0\r\n\r\n".encode()
    async with process(answer) as (url, asked), HttpChannel(url) as channel:
        assert await answers(channel, SECONDS)
    assert asked == [b"GET /livez"]


async def test_a_process_that_accepts_connections_only_does_not_answer() -> None:
    async with process(b"") as (url, _), HttpChannel(url) as channel:
        assert not await answers(channel, AT_ONCE)


async def test_a_port_that_nobody_listens_on_does_not_answer() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        async with HttpChannel(f"http://127.0.0.1:{reserved.getsockname()[1]}") as channel:
            assert not await answers(channel, SECONDS)


async def test_a_server_without_the_health_service_answers_all_the_same() -> None:
    server = grpc.aio.server()
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc_channel(f"127.0.0.1:{port}") as channel:
        assert await answers(channel, SECONDS)
    await server.stop(None)


async def test_a_channel_that_was_closed_does_not_answer() -> None:
    channel = MemoryChannel()
    await channel.close()
    assert not await answers(channel, SECONDS)


async def test_a_servicer_that_is_out_of_reach_does_not_answer() -> None:
    async with MemoryChannel() as channel:
        channel.reachable = False
        assert not await answers(channel, SECONDS)
        assert channel.get_state() is grpc.ChannelConnectivity.TRANSIENT_FAILURE
