"""Finding out whether a service is ready to serve."""

from __future__ import annotations

import asyncio

import httpx

from servanda.supervision.launch import Launch
from servanda.supervision.ports import LOOPBACK

_POLL_SECONDS = 0.03
_REQUEST_SECONDS = 2.0


async def until_ready(launch: Launch) -> None:
    """Return as soon as the ready URL of a service answers 200 or, if it has none, all its ports accept connections."""
    if launch.ready:
        await _until_answered(launch.ready)
    else:
        for port in launch.ports.values():
            await _until_accepted(port)


async def _until_answered(url: str) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=_REQUEST_SECONDS) as client:
        while True:
            try:
                # The status is enough: a body may go on for ever.
                async with asyncio.timeout(_REQUEST_SECONDS), client.stream("GET", url) as response:
                    if response.status_code == httpx.codes.OK:
                        return
            except (httpx.TransportError, TimeoutError):
                pass  # not yet
            await asyncio.sleep(_POLL_SECONDS)


async def _until_accepted(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection(LOOPBACK, port)
        except OSError:
            await asyncio.sleep(_POLL_SECONDS)
            continue
        writer.close()
        await writer.wait_closed()
        return
