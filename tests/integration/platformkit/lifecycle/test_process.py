"""A service as a process: signals, exit codes, what it leaves behind."""

import asyncio
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from plt.audit.v1 import audit_pb2, audit_pb2_grpc

from platformkit.channels import HttpChannel, grpc_channel
from platformkit.discovery import Instance, RedisRegistry
from platformkit.redis import Keys, connect
from servanda.infra.isolation import Namespace
from tests.integration.services.forwarding import Forwarder

PROGRAM = Path(__file__).with_name("audit_process.py")
SECONDS = 30


@dataclass
class Audit:
    process: Process
    grpc_port: int
    http_port: int

    async def line(self, event: str) -> dict[str, Any]:
        """Reads the log up to the next line about this event."""
        assert self.process.stdout is not None
        async with asyncio.timeout(SECONDS):
            while text := await self.process.stdout.readline():
                line: dict[str, Any] = json.loads(text)
                if line["event"] == event:
                    return line
        raise AssertionError(f"the process ended before it said {event!r}")

    async def exit_code(self) -> int:
        async with asyncio.timeout(SECONDS):
            return await self.process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def _started(namespace: Namespace, **changes: str) -> AsyncIterator[Audit]:
    grpc_port, http_port = _free_port(), _free_port()
    environ = {
        **os.environ,
        "GRPC_PORT": str(grpc_port),
        "HTTP_PORT": str(http_port),
        "REDIS_URL": namespace.endpoints.redis.url,
        "NAMESPACE": namespace.name,
        "DRAIN_SECONDS": "20",
        "INTERNAL_TOKENS": "off",
        **changes,
    }
    process = await asyncio.create_subprocess_exec(sys.executable, str(PROGRAM), env=environ, stdout=PIPE)
    try:
        yield Audit(process, grpc_port, http_port)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _instances(namespace: Namespace) -> tuple[Instance, ...]:
    client = connect(namespace.endpoints.redis.url)
    try:
        return await RedisRegistry(client, Keys(namespace.name)).instances()
    finally:
        await client.aclose()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_process_cleanly_and_takes_it_out_of_discovery(
    servanda_namespace: Namespace, number: signal.Signals
) -> None:
    async with _started(servanda_namespace) as audit:
        await audit.line("registered")
        (instance,) = await _instances(servanda_namespace)
        assert (instance.grpc_port, instance.http_port) == (audit.grpc_port, audit.http_port)
        audit.process.send_signal(number)
        await audit.line("stopped")
        assert await audit.exit_code() == 0
        assert await _instances(servanda_namespace) == ()


async def _over_grpc(audit: Audit, subject: str) -> str:
    async with grpc_channel(f"127.0.0.1:{audit.grpc_port}") as channel:
        request = audit_pb2.ListEntriesRequest(subject=subject)
        return (await audit_pb2_grpc.AuditServiceStub(channel).ListEntries(request)).next_page_token


async def _over_http(audit: Audit, subject: str) -> str:
    async with HttpChannel(f"http://127.0.0.1:{audit.http_port}") as channel:
        request = audit_pb2.ListEntriesRequest(subject=subject)
        return (await audit_pb2_grpc.AuditServiceStub(channel).ListEntries(request)).next_page_token


@pytest.mark.parametrize("call", [pytest.param(_over_grpc, id="grpc"), pytest.param(_over_http, id="http")])
async def test_a_call_in_flight_is_answered_after_the_signal(
    servanda_namespace: Namespace, call: Callable[[Audit, str], Awaitable[str]], tmp_path: Path
) -> None:
    go_on = tmp_path / "go-on"
    os.mkfifo(go_on)
    async with _started(servanda_namespace) as audit:
        await audit.line("registered")
        answer = asyncio.ensure_future(call(audit, str(go_on)))
        await audit.line("waiting")
        audit.process.terminate()
        await audit.line("deregistered")
        await asyncio.to_thread(go_on.write_bytes, b"go on")
        assert await answer == "served"
        assert await audit.exit_code() == 0


@pytest.mark.parametrize("key", ["GRPC_PORT", "HTTP_PORT"])
async def test_a_second_process_on_a_port_refuses_to_start_and_says_which(
    servanda_namespace: Namespace, key: str
) -> None:
    async with _started(servanda_namespace) as first:
        await first.line("registered")
        port = str(first.grpc_port if key == "GRPC_PORT" else first.http_port)
        async with _started(servanda_namespace, **{key: port}) as second:
            line = await second.line("cannot start")
            assert line["what"] == f"port {port} on 127.0.0.1 is taken by another process"
            assert await second.exit_code() == 2


async def test_a_service_that_starts_while_redis_is_away_is_found_once_it_is_back(
    servanda_namespace: Namespace,
) -> None:
    redis = servanda_namespace.endpoints.redis
    async with Forwarder(redis.host, redis.port) as way:
        await way.cut()
        url = redis.url.replace(f":{redis.port}/", f":{way.port}/")
        async with _started(servanda_namespace, REDIS_URL=url) as audit:
            await audit.line("cannot register, trying again")
            await way.mend()
            await audit.line("registered")
            assert len(await _instances(servanda_namespace)) == 1
