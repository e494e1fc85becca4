"""Channels and interceptors that note what is sent, and hand out responses that tell what is read of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from types import TracebackType
from typing import Any, NoReturn, Protocol, Self

import grpc
from google.protobuf.message import Message

from servanda.errors import ConfigurationError
from servanda.verdict import Transport


class Observer(Protocol):
    """Receiver of requests that also wraps responses."""

    def __call__(self, message: Any, transport: Transport = Transport.GRPC) -> Any:
        """Return the message, observed."""

    def sent(self, request: Message, transport: Transport = Transport.GRPC, *, method: str = "") -> None:
        """Note that a request was sent."""


class AioInterceptor(grpc.aio.UnaryUnaryClientInterceptor):
    """For channels of ``grpc.aio`` that take interceptors."""

    def __init__(self, observe: Observer) -> None:
        self._observe = observe

    async def intercept_unary_unary(
        self,
        continuation: Callable[[Any, Any], Awaitable[Any]],
        client_call_details: Any,
        request: Any,
    ) -> Any:
        """Note the request, and observe the response."""
        self._observe.sent(request, method=_text(client_call_details.method))
        return self._observe(await (await continuation(client_call_details, request)))


class Interceptor(grpc.UnaryUnaryClientInterceptor):
    """For channels of the blocking API."""

    def __init__(self, observe: Observer) -> None:
        self._observe = observe

    def intercept_unary_unary(
        self, continuation: Callable[[Any, Any], Any], client_call_details: Any, request: Any
    ) -> Any:
        """Note the request, and observe the response."""
        self._observe.sent(request, method=_text(client_call_details.method))
        return _ObservedCall(continuation(client_call_details, request), self._observe)


class ObservedChannel(grpc.aio.Channel):
    """For every other implementation of ``grpc.aio.Channel``, whatever carries its calls.

    Only unary calls are observed; a stream is refused: what nobody watches would count as not used.
    """

    def __init__(self, channel: grpc.aio.Channel, observe: Observer, transport: Transport) -> None:
        self._channel, self._observe, self._transport = channel, observe, transport

    def unary_unary(self, method: str, *arguments: Any, **options: Any) -> Any:
        """Return a callable whose requests are noted and whose responses are observed."""
        inner = self._channel.unary_unary(method, *arguments, **options)

        def call(request: Message, **how: Any) -> _ObservedAioCall:
            self._observe.sent(request, self._transport, method=method)
            return _ObservedAioCall(inner(request, **how), self._observe, self._transport)

        return call

    def unary_stream(self, method: str, *_: Any, **__: Any) -> Any:
        """Return a call that raises: stubs ask for all their calls, used or not."""
        return _refused(method)

    def stream_unary(self, method: str, *_: Any, **__: Any) -> Any:
        """Return a call that raises: stubs ask for all their calls, used or not."""
        return _refused(method)

    def stream_stream(self, method: str, *_: Any, **__: Any) -> Any:
        """Return a call that raises: stubs ask for all their calls, used or not."""
        return _refused(method)

    async def close(self, grace: float | None = None) -> None:
        """Close the channel."""
        await self._channel.close(grace)

    def get_state(self, try_to_connect: bool = False) -> grpc.ChannelConnectivity:
        """Do as the channel does."""
        return self._channel.get_state(try_to_connect)

    async def wait_for_state_change(self, last_observed_state: grpc.ChannelConnectivity) -> None:
        """Do as the channel does."""
        await self._channel.wait_for_state_change(last_observed_state)

    async def channel_ready(self) -> None:
        """Do as the channel does."""
        await self._channel.channel_ready()

    async def __aenter__(self) -> Self:
        await self._channel.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._channel.__aexit__(kind, error, trace)


class _ObservedCall:
    """A call whose result is observed; all else of it is as it was."""

    def __init__(self, call: Any, observe: Observer) -> None:
        self._call, self._observe = call, observe

    def __getattr__(self, name: str) -> Any:
        return getattr(self._call, name)

    def result(self, timeout: float | None = None) -> Any:
        return self._observe(self._call.result(timeout))


class _ObservedAioCall:
    """The same for a call that is awaited."""

    def __init__(self, call: Any, observe: Observer, transport: Transport) -> None:
        self._call, self._observe, self._transport = call, observe, transport

    def __getattr__(self, name: str) -> Any:
        return getattr(self._call, name)

    def __await__(self) -> Generator[Any, None, Any]:
        response = yield from self._call.__await__()
        return self._observe(response, self._transport)


def _refused(method: str) -> Callable[..., NoReturn]:
    def call(*_: Any, **__: Any) -> NoReturn:
        raise ConfigurationError(
            "streams are not observed",
            where=method,
            hint="use the channel itself, and observe each message: observe('consumer')(message)",
        )

    return call


def _text(method: str | bytes) -> str:
    return method.decode() if isinstance(method, bytes) else method
