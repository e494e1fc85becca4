"""Notes what a consumer's tests read of the messages that they are given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

import grpc
from google.protobuf.message import Message

from treaty.impact.observations import Read
from treaty.impact.observed import ObservedMessage
from treaty.verdict import Transport

_Message = TypeVar("_Message", bound=Message)


class Recorder:
    """What the tests of one consumer read, as they run one after the other.

    Attributes:
        consumer: Whose tests they are.
        reads: Everything that was read so far.
    """

    def __init__(self, consumer: str) -> None:
        self.consumer = consumer
        self.reads: set[Read] = set()

    def in_test(self, test: str) -> Observe:
        """What to wrap messages with in a test, by its identifier."""
        return Observe(self.reads, test)


class Observe:
    """Wraps what a test hands to the consumer's code, so that it is noted what that code reads."""

    def __init__(self, reads: set[Read], test: str) -> None:
        self._reads, self._test = reads, test

    def __call__(self, message: _Message, transport: Transport = Transport.GRPC) -> _Message:
        """The message, observed: use it in place of the message itself."""

        def note(element: str) -> None:
            self._reads.add(Read(element, transport, self._test))

        note(message.DESCRIPTOR.full_name)
        return cast("_Message", ObservedMessage(message, note))

    def interceptors(self) -> list[grpc.aio.ClientInterceptor]:
        """For ``grpc.aio`` channels: every response of a unary call arrives observed."""
        return [_AioInterceptor(self)]

    def channel(self, channel: grpc.Channel) -> grpc.Channel:
        """The same for a channel of the blocking API."""
        return grpc.intercept_channel(channel, _Interceptor(self))


class _AioInterceptor(grpc.aio.UnaryUnaryClientInterceptor):
    def __init__(self, observe: Observe) -> None:
        self._observe = observe

    async def intercept_unary_unary(
        self,
        continuation: Callable[[Any, Any], Awaitable[Any]],
        client_call_details: Any,
        request: Any,
    ) -> Any:
        return self._observe(await (await continuation(client_call_details, request)))


class _Interceptor(grpc.UnaryUnaryClientInterceptor):
    def __init__(self, observe: Observe) -> None:
        self._observe = observe

    def intercept_unary_unary(
        self, continuation: Callable[[Any, Any], Any], client_call_details: Any, request: Any
    ) -> Any:
        return _ObservedCall(continuation(client_call_details, request), self._observe)


class _ObservedCall:
    """A call whose result is observed; all else of it is as it was."""

    def __init__(self, call: Any, observe: Observe) -> None:
        self._call, self._observe = call, observe

    def __getattr__(self, name: str) -> Any:
        return getattr(self._call, name)

    def result(self, timeout: float | None = None) -> Any:
        return self._observe(self._call.result(timeout))
