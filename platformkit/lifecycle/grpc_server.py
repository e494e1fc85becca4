"""The gRPC port of a service: its servicers, health and reflection."""

from __future__ import annotations

from typing import Final

import grpc.aio
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from platformkit.channels.grpc_channel import METADATA_BYTES, PING_SECONDS
from platformkit.lifecycle import StartError
from platformkit.lifecycle.application import Servicer
from platformkit.lifecycle.guard import Guard
from platformkit.lifecycle.ports import require_free
from platformkit.tokens import InternalTokens

# Without the first a process that was left behind would share the port and take part of the calls, unseen.
_OPTIONS: Final = (
    ("grpc.so_reuseport", 0),
    # Callers ping while they wait; by default a server ends connections on which that happens every few seconds.
    ("grpc.http2.min_ping_interval_without_data_ms", round(PING_SECONDS * 1000 / 2)),
    ("grpc.max_metadata_size", METADATA_BYTES),
    ("grpc.absolute_max_metadata_size", METADATA_BYTES),
)


class GrpcServer:
    """Serves calls over gRPC, with the standard health and reflection services beside them.

    Args:
        servicers: What to serve.
        outages: Errors that mean that a store is away.
        tokens: Verifies who calls; None to let everybody call.
    """

    def __init__(
        self,
        servicers: tuple[Servicer, ...],
        outages: tuple[type[Exception], ...],
        tokens: InternalTokens | None = None,
    ) -> None:
        self._names = tuple(servicer.descriptor.full_name for servicer in servicers)
        self._server = grpc.aio.server(interceptors=[Guard(outages, tokens)], options=_OPTIONS)
        self._health = health.aio.HealthServicer()
        for servicer in servicers:
            servicer.add(servicer.implementation, self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        reflection.enable_server_reflection((*self._names, health.SERVICE_NAME, reflection.SERVICE_NAME), self._server)

    async def start(self, host: str, port: int) -> None:
        """Listens; calls are answered at once, health says NOT_SERVING until told otherwise.

        Raises:
            StartError: The port is taken.
        """
        require_free(host, port)
        await self._set(health_pb2.HealthCheckResponse.NOT_SERVING)
        try:
            self._server.add_insecure_port(f"{host}:{port}")
        except RuntimeError as error:
            raise StartError(f"cannot listen for gRPC on {host}:{port}", hint="check HOST and GRPC_PORT") from error
        await self._server.start()

    async def welcome(self) -> None:
        """Lets health say SERVING."""
        await self._set(health_pb2.HealthCheckResponse.SERVING)

    async def refuse(self) -> None:
        """Lets health say NOT_SERVING from now on, whatever comes."""
        await self._health.enter_graceful_shutdown()

    async def stop(self, grace_seconds: float) -> None:
        """Takes no new calls and gives those in flight this long to end."""
        await self._server.stop(grace_seconds)

    async def _set(self, status: int) -> None:
        for name in ("", *self._names):
            await self._health.set(name, status)
