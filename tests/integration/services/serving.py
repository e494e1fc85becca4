"""A service on real ports and real stores, inside the process of the test."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx2

from platformkit.lifecycle import Settings
from platformkit.lifecycle.application import Factory
from platformkit.lifecycle.serve import serve

READY_SECONDS = 20.0


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def serving(
    name: str, factory: Factory, environ: Mapping[str, str], *, grpc: bool = True
) -> AsyncIterator[Settings]:
    """Serves until the block ends, and then drains.

    Args:
        name: Name of the service.
        factory: Builds its application.
        environ: Its environment, but for the ports.
        grpc: Whether it answers over gRPC, or over HTTP alone.
    """
    ports = {"HTTP_PORT": str(free_port()), "GRPC_PORT": str(free_port()) if grpc else "", "DRAIN_SECONDS": "1"}
    settings = Settings.from_environ(name, {**environ, **ports})
    stop = asyncio.Event()
    process = asyncio.create_task(serve(settings, factory, stop))
    try:
        await _ready(f"http://127.0.0.1:{settings.http_port}/readyz", process)
        yield settings
    finally:
        stop.set()
        await process


async def _ready(url: str, process: asyncio.Task[None]) -> None:
    last = "no answer"
    try:
        async with asyncio.timeout(READY_SECONDS), httpx2.AsyncClient() as client:
            while not process.done():
                try:
                    response = await client.get(url)
                except httpx2.TransportError:
                    await asyncio.sleep(0.02)
                    continue
                if response.status_code == 200:
                    return
                last = response.text
                await asyncio.sleep(0.02)
            process.result()
    except TimeoutError:
        raise AssertionError(f"{url} after {READY_SECONDS} s: {last}") from None
