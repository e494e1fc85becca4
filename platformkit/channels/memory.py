"""A servicer in the same process, called as over a network: bytes in between, nothing shared."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import grpc
from typing_extensions import override

from platformkit.channels.base import UnaryChannel
from platformkit.channels.call import Incoming, Metadata, Outgoing
from platformkit.channels.errors import unreachable
from platformkit.channels.memory_context import MemoryContext
from platformkit.status import out_of_time

_Handlers = Mapping[str, "grpc.RpcMethodHandler[Any, Any]"]


class MemoryServer:
    """Takes servicers as a grpc.aio.Server does, from the generated ``add_<Service>Servicer_to_server``."""

    def __init__(self) -> None:
        self._handlers: dict[str, grpc.RpcMethodHandler[Any, Any]] = {}

    def add_generic_rpc_handlers(self, generic_rpc_handlers: Iterable[grpc.GenericRpcHandler]) -> None:
        """Do nothing: generated code registers each method as well."""

    def add_registered_method_handlers(self, service_name: str, method_handlers: _Handlers) -> None:
        """Serve the methods of a service."""
        self._handlers.update({f"/{service_name}/{name}": handler for name, handler in method_handlers.items()})

    def handler(self, method: str) -> grpc.RpcMethodHandler[Any, Any] | None:
        """Return who answers a method; None if nobody does."""
        return self._handlers.get(method)


class MemoryChannel(UnaryChannel):
    """A channel to servicers in this process.

    It serves a service's own HTTP edge, and unit tests: set ``reachable`` to False and it behaves like a channel whose
    other side cannot be connected to.

    Args:
        interceptors: What every call passes on its way to the servicer, as on a grpc.aio.Server.
    """

    def __init__(self, interceptors: Sequence[grpc.aio.ServerInterceptor] = ()) -> None:
        super().__init__()
        self._server = MemoryServer()
        self._interceptors = tuple(interceptors)
        self.reachable = True

    @property
    def server(self) -> grpc.aio.Server:
        """Return what the generated ``add_<Service>Servicer_to_server`` takes."""
        return cast("grpc.aio.Server", self._server)

    @override
    def get_state(self, try_to_connect: bool = False) -> grpc.ChannelConnectivity:
        return super().get_state() if self.reachable else grpc.ChannelConnectivity.TRANSIENT_FAILURE

    @override
    async def send(self, outgoing: Outgoing) -> Incoming:
        if not self.reachable:
            raise unreachable("cannot connect to a servicer in memory that is set not to be reachable")
        path = outgoing.method.path
        context = MemoryContext(outgoing.metadata, outgoing.timeout)
        work = asyncio.create_task(
            self._served(path, outgoing.method.serialize(outgoing.request), context),
            # The servicer knows of its caller what travels, and no more.
            context=contextvars.Context(),
        )
        try:
            async with asyncio.timeout(outgoing.timeout):
                body = await work
        except TimeoutError:
            context.set_code(grpc.StatusCode.DEADLINE_EXCEEDED)
            raise out_of_time() from None
        except asyncio.CancelledError:
            context.set_code(grpc.StatusCode.CANCELLED)
            raise
        finally:
            context.finish()
        return Incoming(outgoing.method.deserialize(body), context.initial, context.trailing)

    async def _served(self, path: str, body: bytes, context: MemoryContext) -> bytes:
        handler = await self._find(path, context.metadata)
        if handler is None or handler.request_streaming or handler.response_streaming:
            raise grpc.aio.AioRpcError(
                grpc.StatusCode.UNIMPLEMENTED, grpc.aio.Metadata(), grpc.aio.Metadata(), details="Method not found!"
            )
        behaviour = cast("Callable[[Any, MemoryContext], Any]", handler.unary_unary)
        deserialize = cast("Callable[[bytes], Any]", handler.request_deserializer)
        serialize = cast("Callable[[Any], bytes]", handler.response_serializer)
        try:
            answer = behaviour(deserialize(body), context)
            response = await answer if inspect.isawaitable(answer) else answer
        except grpc.aio.AbortError:
            raise context.error() from None
        except Exception as error:  # as a gRPC server: whatever the servicer raises is the caller's UNKNOWN
            context.set_code(grpc.StatusCode.UNKNOWN)
            context.set_details(f"Unexpected {type(error)}: {error}")
            raise context.error() from error
        if context.code() is not grpc.StatusCode.OK:
            raise context.error()
        return serialize(response)

    async def _find(self, path: str, metadata: Metadata) -> grpc.RpcMethodHandler[Any, Any] | None:
        details = cast("grpc.HandlerCallDetails", _Details(path, metadata))

        async def found(call: grpc.HandlerCallDetails) -> Any:
            return self._server.handler(call.method)

        continuation: Any = found
        for interceptor in reversed(self._interceptors):
            continuation = _intercepted(interceptor, continuation)
        handler: grpc.RpcMethodHandler[Any, Any] | None = await continuation(details)
        return handler


@dataclass(frozen=True, slots=True)
class _Details:
    method: str
    invocation_metadata: Metadata


def _intercepted(interceptor: grpc.aio.ServerInterceptor, continuation: Any) -> Any:
    async def found(details: grpc.HandlerCallDetails) -> Any:
        return await interceptor.intercept_service(continuation, details)

    return found
