"""The HTTP port of a service."""

from __future__ import annotations

import asyncio
import contextlib
import math
import socket
from collections.abc import Iterator

import uvicorn

from platformkit.lifecycle.application import Asgi
from platformkit.lifecycle.http_limits import DEFAULT_LIMITS, HttpLimits
from platformkit.lifecycle.http_protocol import bounded_protocol


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
        limits: Of messages and connections.
    """

    def __init__(
        self, application: Asgi, listener: socket.socket, grace_seconds: float, limits: HttpLimits = DEFAULT_LIMITS
    ) -> None:
        config = uvicorn.Config(
            application,
            http=bounded_protocol(limits),
            ws="none",
            lifespan="off",
            log_config=None,
            # What is no HTTP leaves a line of its own, see `BoundedProtocol`.
            log_level="error",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=math.ceil(grace_seconds),
            timeout_keep_alive=math.ceil(limits.idle_seconds),
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
