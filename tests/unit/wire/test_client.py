from __future__ import annotations

import asyncio
import socket

import pytest

from servanda.wire import Address, Client, LateError, Request, Times, UnansweredError, UnreachableError
from servanda.wire.connection import Connection
from servanda.wire.response import Reading
from tests.unit.wire.conftest import OK, Server

GET = Request("GET", "/")


async def test_each_request_has_a_connection_of_its_own(server: Server) -> None:
    client = server.client()
    assert [(await client.send(GET)).body for _ in range(3)] == [b"ok"] * 3
    assert [len(asked) for asked in server.received] == [1, 1, 1]


async def test_a_connection_is_kept_where_that_is_wanted(server: Server) -> None:
    client = server.client(keeps=True)
    assert [(await client.send(GET)).body for _ in range(3)] == [b"ok"] * 3
    await client.close()
    assert [len(asked) for asked in server.received] == [3]


async def test_a_kept_connection_that_was_closed_is_replaced(server: Server) -> None:
    client, server.closes = server.client(keeps=True), True
    for _ in range(3):
        assert (await client.send(GET)).body == b"ok"
        await server.all_ended()
    await client.close()
    assert [len(asked) for asked in server.received] == [1, 1, 1]


async def test_a_request_that_a_kept_connection_did_not_answer_is_sent_again(server: Server) -> None:
    client, server.answers = server.client(keeps=True), [OK, b"", OK]
    assert [(await client.send(GET)).body for _ in range(2)] == [b"ok"] * 2
    await client.close()
    assert [len(asked) for asked in server.received] == [2, 1]


async def test_a_request_whose_answer_began_is_not_sent_again(server: Server) -> None:
    client, server.answers = server.client(keeps=True), [OK, b"HTTP/1.1 200 OK\r\n"]
    await client.send(GET)
    with pytest.raises(UnansweredError, match="ended without a response: the server closed it"):
        await client.send(GET)
    assert [len(asked) for asked in server.received] == [2]


async def test_a_request_on_a_connection_of_its_own_is_never_sent_again(server: Server) -> None:
    server.answers = [b""]
    with pytest.raises(UnansweredError, match="ended without a response"):
        await server.client().send(GET)
    assert [len(asked) for asked in server.received] == [1]


async def test_a_connection_with_more_than_an_answer_is_not_kept(server: Server) -> None:
    client, server.answers = server.client(keeps=True), [OK + b"junk"]
    assert [(await client.send(GET)).body for _ in range(2)] == [b"ok"] * 2
    await client.close()
    assert [len(asked) for asked in server.received] == [1, 1]


async def test_a_server_that_answers_before_it_has_read_all_is_heard() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        await ended.wait()
        writer.transport.abort()

    ended = asyncio.Event()
    async with await asyncio.start_server(serve, "127.0.0.1", 0, limit=1024) as listening:
        address = Address.of(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
        response = await Client(address, Times(20, 20), 100).send(Request("POST", "/", body=b"." * (64 << 20)))
        ended.set()
    assert response.status == 413


async def test_a_large_request_arrives_whole() -> None:
    body = bytes(range(256)) * 40_000
    arrived: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        arrived.append(await reader.readexactly(len(body)))
        writer.write(OK)
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        address = Address.of(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
        await Client(address, Times(20, 20), 100).send(Request("POST", "/", body=body))
    assert arrived == [body]


async def test_the_address_that_answers_is_found(server: Server) -> None:
    # On most systems the first one of this name is ::1.
    client = Client(Address.of(f"http://localhost:{server.port}"), Times(5, 5), 100)
    assert [(await client.send(GET)).body for _ in range(2)] == [b"ok"] * 2


async def test_the_address_that_answered_is_asked_first_from_then_on(server: Server) -> None:
    client = server.client()
    with socket.create_server(("127.0.0.1", 0)) as free:
        closed = free.getsockname()[1]
    client._found.extend((socket.AF_INET, socket.SOCK_STREAM, 0, ("127.0.0.1", port)) for port in (closed, server.port))
    assert (await client.send(GET)).body == b"ok"
    assert client._found[0][3] == ("127.0.0.1", server.port)


async def test_what_came_without_a_request_ends_a_kept_connection(server: Server) -> None:
    junk, sent = asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        await junk.wait()
        writer.write(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        sent.set()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        address = Address.of(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
        client = Client(address, Times(5, 5), 100, keeps=True)
        assert (await client.send(GET)).status == 200
        junk.set()
        await sent.wait()
        assert (await client.send(GET)).status == 200
        await client.close()


class EndedPipe:
    """A pipe whose other end answered, and closed the connection, before it read anything."""

    is_quiet = False

    async def send(self, data: bytes) -> None:
        raise ConnectionResetError

    async def receive(self) -> bytes:
        return b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"

    def close(self) -> None:
        """Nothing is open."""


async def test_an_answer_that_came_before_the_request_was_sent_is_read() -> None:
    response = await Connection(EndedPipe()).ask(b"GET / HTTP/1.1\r\n\r\n", Reading(100, head_only=False))
    assert response.status == 503


async def test_a_closed_port_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(UnreachableError, match=f"no connection to http://127.0.0.1:{port}: Connection refused"):
        await Client(Address.of(f"http://127.0.0.1:{port}"), Times(5, 5), 100).send(GET)


async def test_a_connection_that_is_not_made_is_told_with_the_time() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        client = Client(Address.of(f"http://127.0.0.1:{port}"), Times(5, 0.1), 100)
        with (
            socket.create_connection(("127.0.0.1", port)),
            pytest.raises(UnreachableError, match=rf"no connection to http://127.0.0.1:{port} within 0\.1 s"),
        ):
            await client.send(GET)


async def test_a_connection_that_takes_a_while_is_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        client = Client(Address.of(f"http://127.0.0.1:{port}"), Times(30, 30), 100)
        client._found.append((socket.AF_INET, socket.SOCK_STREAM, 0, ("127.0.0.1", port)))
        with socket.create_connection(("127.0.0.1", port)):
            asking = asyncio.create_task(client.send(GET))
            await asyncio.sleep(0)
            full.accept()[0].close()  # now there is room for the next one
            with await asyncio.to_thread(lambda: full.accept()[0]) as accepted:
                await asyncio.to_thread(accepted.recv, 100)
                accepted.sendall(OK)
                assert (await asking).body == b"ok"


async def test_an_answer_that_does_not_come_is_told_with_the_time(server: Server) -> None:
    server.answers = [b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nno"]
    with pytest.raises(LateError, match=r"no complete response within 0\.1 s"):
        await server.client(seconds=0.1).send(GET)
