"""The HTTP port of a service."""

from __future__ import annotations

import asyncio
import contextlib
import math
import socket
from collections.abc import Iterator
from typing import Final

import uvicorn

from platformkit.lifecycle.application import Asgi

# Longer than clients keep idle connections (aiohttp: 15 s): if the server closed first, it could do so just when a
# client sends the next request, and nobody could tell whether that call happened.
_KEEP_ALIVE_SECONDS: Final = 75


class _Server(uvicorn.Server):
    """Leaves signals to the service, which has more to stop than this."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class HttpServer:
    """Serves an ASGI application on a socket that listens already.

    Args:
        application: What to serve.
        listener: Where; closed in the end.
        grace_seconds: What responses in flight are given to end.
    """

    def __init__(self, application: Asgi, listener: socket.socket, grace_seconds: float) -> None:
        config = uvicorn.Config(
            application,
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=math.ceil(grace_seconds),
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        )
        self._server = _Server(config)
        self._listener = listener
        self._serving: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to answer."""
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._listener]), name="http")

    async def stop(self) -> None:
        """Takes no new requests and waits for those in flight."""
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving
