"""Base of the channels of this package: they implement ``send``, and are a grpc.aio.Channel for it."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self

import grpc
from typing_extensions import override

from platformkit.channels.call import Incoming, Method, Outgoing, TaskCall
from platformkit.channels.errors import channel_closed, failed
from platformkit.context import capped, handed_on


class UnaryChannel(grpc.aio.Channel):
    """A channel for unary calls; the streaming kinds raise UNIMPLEMENTED when they are called."""

    def __init__(self) -> None:
        self._closed = asyncio.Event()
        self._calls: set[asyncio.Task[Incoming]] = set()
        self._given_up: set[asyncio.Task[Incoming]] = set()

    @abstractmethod
    async def send(self, outgoing: Outgoing) -> Incoming:
        """Make one call.

        Raises:
            UnreachableError: The call certainly did not happen.
            grpc.aio.AioRpcError: The call failed.
        """

    @override
    async def close(self, grace: float | None = None) -> None:
        """Take no more calls, and let those on their way end; after ``grace`` seconds their callers get UNAVAILABLE."""
        self._closed.set()
        calls = set(self._calls)
        if calls and grace:
            await asyncio.wait(calls, timeout=grace)
        self._given_up |= self._calls
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)

    def start(self, outgoing: Outgoing) -> grpc.aio.UnaryUnaryCall[Any, Any]:
        """Begin a call, unless the channel is closed.

        Raises:
            grpc.aio.UsageError: The channel is closed.
        """
        if self._closed.is_set():
            raise grpc.aio.UsageError("Channel is closed.")
        call = asyncio.create_task(self._sent(outgoing))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        return TaskCall(call, outgoing.timeout)

    async def _sent(self, outgoing: Outgoing) -> Incoming:
        try:
            return await self.send(outgoing)
        except asyncio.CancelledError:
            # The caller of a call that the channel gives up did not cancel anything, and has to be told.
            if asyncio.current_task() in self._given_up:
                raise channel_closed() from None
            raise

    @override
    def get_state(self, try_to_connect: bool = False) -> grpc.ChannelConnectivity:
        return grpc.ChannelConnectivity.SHUTDOWN if self._closed.is_set() else grpc.ChannelConnectivity.READY

    @override
    async def wait_for_state_change(self, last_observed_state: grpc.ChannelConnectivity) -> None:
        if self.get_state() is last_observed_state:
            await self._closed.wait()

    @override
    async def channel_ready(self) -> None:
        """Returns at once: these channels connect when they have something to send."""

    @override
    async def __aenter__(self) -> Self:
        return self

    @override
    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        await self.close()

    @override
    def unary_unary(
        self,
        method: str,
        request_serializer: Callable[[Any], bytes] | None = None,
        response_deserializer: Callable[[bytes], Any] | None = None,
        _registered_method: bool | None = False,  # generated stubs pass it by name
    ) -> grpc.aio.UnaryUnaryMultiCallable[Any, Any]:
        return _UnaryUnary(self, Method(method, request_serializer or _same, response_deserializer or _same))

    @override
    def unary_stream(self, method: str, *_: Any, **__: Any) -> Any:
        return _unsupported("server streaming", method, self)

    @override
    def stream_unary(self, method: str, *_: Any, **__: Any) -> Any:
        return _unsupported("client streaming", method, self)

    @override
    def stream_stream(self, method: str, *_: Any, **__: Any) -> Any:
        return _unsupported("bidirectional streaming", method, self)


class _UnaryUnary(grpc.aio.UnaryUnaryMultiCallable[Any, Any]):
    def __init__(self, channel: UnaryChannel, method: Method) -> None:
        self._channel = channel
        self._method = method

    @override
    def __call__(
        self,
        request: Any,
        *,
        timeout: float | None = None,
        metadata: Iterable[tuple[str, str | bytes]] | None = None,
        credentials: grpc.CallCredentials | None = None,
        wait_for_ready: bool | None = None,
        compression: grpc.Compression | None = None,
    ) -> grpc.aio.UnaryUnaryCall[Any, Any]:
        return self._channel.start(Outgoing(self._method, request, capped(timeout), handed_on(metadata)))


def _same(message: Any) -> Any:
    return message


def _unsupported(kind: str, method: str, channel: UnaryChannel) -> Callable[..., Any]:
    def call(*_: Any, **__: Any) -> Any:
        raise failed(
            grpc.StatusCode.UNIMPLEMENTED,
            f"{type(channel).__name__} carries unary calls only, and {method} is {kind}; call it over gRPC",
            "STREAMING_NOT_SUPPORTED",
        )

    return call
