"""Notes what a consumer's tests read of the messages that they are given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar, cast

import grpc
from google.protobuf.message import Message

from treaty.impact.observations import Noted
from treaty.impact.observed import ObservedMessage
from treaty.impact.values import of_message
from treaty.verdict import Transport

_Message = TypeVar("_Message", bound=Message)


class Recorder:
    """What the tests of one consumer read, as they run one after the other.

    Attributes:
        consumer: Whose tests they are.
        reads: Everything that was read so far.
        writes: Everything that was sent and called so far; ``None`` if nobody noted that.
    """

    def __init__(self, consumer: str) -> None:
        self.consumer = consumer
        self.reads: set[Noted] = set()
        self.writes: set[Noted] | None = None

    def in_test(self, test: str) -> Observe:
        """What to wrap messages with in a test, by its identifier."""
        return Observe(self, test)


class Observe:
    """Wraps what a test hands to the consumer's code, so that it is noted what that code reads."""

    def __init__(self, recorder: Recorder, test: str) -> None:
        self._recorder, self._test = recorder, test

    def __call__(self, message: _Message, transport: Transport = Transport.GRPC) -> _Message:
        """The message, observed: use it in place of the message itself."""

        def note(element: str) -> None:
            self._recorder.reads.add(Noted(element, transport, self._test))

        note(message.DESCRIPTOR.full_name)
        return cast("_Message", ObservedMessage(message, note))

    def sent(self, request: Message, transport: Transport = Transport.GRPC, *, method: str = "") -> None:
        """Note what a request sets, and the rpc that it is sent to (``/package.Service/Method``).

        The channels below do this by themselves.
        """
        service, _, name = method.lstrip(".").lstrip("/").rpartition("/")
        called = [service, f"{service}.{name}"] if service else []
        self._note_sent([*called, *(touch.element for touch in of_message(request))], transport)

    def sends_nothing(self) -> None:
        """Say that the consumer sends and calls nothing, as one that only listens to events."""
        self._note_sent([], Transport.KAFKA)

    def _note_sent(self, elements: Iterable[str], transport: Transport) -> None:
        noted = {Noted(each, transport, self._test) for each in elements if not each.startswith("google.")}
        self._recorder.writes = (self._recorder.writes or set()) | noted

    def interceptors(self) -> list[grpc.aio.ClientInterceptor]:
        """For ``grpc.aio`` channels: requests of unary calls are noted, and every response arrives observed."""
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
        self._observe.sent(request, method=_text(client_call_details.method))
        return self._observe(await (await continuation(client_call_details, request)))


class _Interceptor(grpc.UnaryUnaryClientInterceptor):
    def __init__(self, observe: Observe) -> None:
        self._observe = observe

    def intercept_unary_unary(
        self, continuation: Callable[[Any, Any], Any], client_call_details: Any, request: Any
    ) -> Any:
        self._observe.sent(request, method=_text(client_call_details.method))
        return _ObservedCall(continuation(client_call_details, request), self._observe)


class _ObservedCall:
    """A call whose result is observed; all else of it is as it was."""

    def __init__(self, call: Any, observe: Observe) -> None:
        self._call, self._observe = call, observe

    def __getattr__(self, name: str) -> Any:
        return getattr(self._call, name)

    def result(self, timeout: float | None = None) -> Any:
        return self._observe(self._call.result(timeout))


def _text(method: str | bytes) -> str:
    return method.decode() if isinstance(method, bytes) else method
