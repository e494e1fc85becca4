"""Notes what a consumer's tests read of the messages that they are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from google.protobuf.message import Message

from servanda.extras import naming_extra
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.protobuf.usage.pacts import asked, operation
from servanda.interfaces.protobuf.usage.routes import Route
from servanda.interfaces.protobuf.usage.values import Touch, of_message, of_path
from servanda.interfaces.usage.log import Noted
from servanda.recording.usage.documents import ObservedObject
from servanda.recording.usage.messages import Note, ObservedMessage
from servanda.verdict import Transport

if TYPE_CHECKING:
    import grpc

_Message = TypeVar("_Message", bound=Message)


class UsageRecorder:
    """Recorder of the elements that the tests of one consumer read, as they run one after the other.

    Attributes:
        consumer: Whose tests they are.
        interface: Finds what HTTP requests mean; ``None`` if there is no interface at hand.
        reads: Everything that was read so far.
        writes: Everything that was sent and called so far; ``None`` if nobody noted that.
    """

    def __init__(self, consumer: str, interface: Callable[[], Catalogue | None] = lambda: None) -> None:
        self.consumer = consumer
        self.interface = interface
        self.reads: set[Noted] = set()
        self.writes: set[Noted] | None = None

    def in_test(self, test: str) -> Observe:
        """Return what to wrap messages with in a test, by its identifier."""
        return Observe(self, test)


class Observe:
    """Wraps what a test hands to the consumer's code, so that it is noted what that code reads."""

    def __init__(self, recorder: UsageRecorder, test: str) -> None:
        self._recorder, self._test = recorder, test

    def __call__(self, message: _Message, transport: Transport = Transport.GRPC) -> _Message:
        """Return the message, observed: use it in place of the message itself."""
        note = self._note_in(transport)
        note(message.DESCRIPTOR.full_name)
        return cast("_Message", ObservedMessage(message, note))

    def sent(self, request: Message, transport: Transport = Transport.GRPC, *, method: str = "") -> None:
        """Note what a request sets, and the rpc that it is sent to (``/package.Service/Method``).

        The channels below do this by themselves.
        """
        called = method.lstrip("./").replace("/", ".")
        placed = self._placed(called) if transport == Transport.HTTP and called else frozenset[str]()
        self._note_sent(_called(called), transport)
        touched = (replace(touch, placed=touch.element in placed) for touch in of_message(request))
        self._note_sent(touched, transport)

    def http(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: object = None
    ) -> Callable[[Any], Any]:
        """Note a request that is made without generated messages, by what it asks for.

        Args:
            method: For example ``GET``.
            path: Without the query.
            query: Its parameters.
            body: Its JSON.

        Returns:
            What makes an observed document of the answer's JSON: use it in place of the document itself. An answer to
            what is no rpc of the interface stays as it is: of such a request only that it was made is noted.
        """
        interface = self._recorder.interface()
        for route in interface.routes if interface is not None else ():
            variables = route.match(method, path)
            if variables is not None:
                parameters = {name: (value,) for name, value in (query or {}).items()}
                self._note_sent(_called(route.method.full_name), Transport.HTTP)
                self._note_sent(asked(route, variables, parameters, body), Transport.HTTP)
                return lambda answer: self._observed(route, answer)
        self._note_sent([Touch(operation(method, path))], Transport.HTTP)
        return lambda answer: answer

    def _observed(self, route: Route, answer: Any) -> Any:
        whole = {route.response_body: answer} if route.response_body else answer
        if not isinstance(whole, Mapping):
            return answer
        observed = ObservedObject(route.method.output_type, whole, self._note_in(Transport.HTTP))
        return observed[route.response_body] if route.response_body else observed

    def _note_in(self, transport: Transport) -> Note:
        return lambda element: self._recorder.reads.add(Noted(element, transport, self._test))

    def _placed(self, method: str) -> frozenset[str]:
        """Return what an rpc takes from the path over HTTP, so that no name of it travels."""
        interface = self._recorder.interface()
        return frozenset(
            touch.element
            for route in (interface.routes if interface is not None else ())
            if route.method.full_name == method
            for name in route.variables
            for touch in of_path(route.method.input_type, name)
        )

    def sends_nothing(self) -> None:
        """Say that the consumer sends and calls nothing, as one that only listens to events."""
        self._note_sent([], Transport.KAFKA)

    def _note_sent(self, touches: Iterable[Touch], transport: Transport) -> None:
        noted = {
            Noted(touch.element, transport, self._test, placed=touch.placed)
            for touch in touches
            if touch.known and not touch.element.startswith("google.")
        }
        self._recorder.writes = (self._recorder.writes or set()) | noted

    def interceptors(self) -> list[grpc.aio.ClientInterceptor]:
        """Return those for ``grpc.aio`` channels: unary requests are noted, and every response arrives observed."""
        with naming_extra():
            from servanda.recording.usage.channels import AioInterceptor  # noqa: PLC0415 - it needs gRPC

        return [AioInterceptor(self)]

    def channel(self, channel: grpc.Channel) -> grpc.Channel:
        """Return the same for a channel of the blocking API."""
        import grpc  # noqa: PLC0415 - who has a channel has gRPC

        from servanda.recording.usage.channels import Interceptor  # noqa: PLC0415 - the same

        return grpc.intercept_channel(channel, Interceptor(self))

    def aio_channel(self, channel: grpc.aio.Channel, transport: Transport = Transport.GRPC) -> grpc.aio.Channel:
        """Return the same for any implementation of ``grpc.aio.Channel``, also one that speaks HTTP."""
        from servanda.recording.usage.channels import ObservedChannel  # noqa: PLC0415 - who has a channel has gRPC

        return ObservedChannel(channel, self, transport)


def _called(method: str) -> Iterable[Touch]:
    """Return the rpc and its service; nothing if nobody says which."""
    return (Touch(method.rpartition(".")[0]), Touch(method)) if method else ()
