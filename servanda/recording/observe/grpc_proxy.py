"""Proxy for gRPC over HTTP/2 without TLS: all messages pass as they are, in streams as well."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any, Final

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import DecodeError, Message

from servanda.errors import RecordingError
from servanda.interfaces.protobuf.usage.values import of_message
from servanda.interfaces.usage.exchange import Shape, Side
from servanda.pact.descriptors import FieldType, message_class
from servanda.protobuf_runtime import is_repeated
from servanda.recording.observe import shapes
from servanda.recording.observe.collector import MOST_WAYS, Collector, Passed, enum_values
from servanda.recording.observe.shapes import TooManyMembersError
from servanda.verdict import Transport

_LIMIT: Final = 64 * 1024 * 1024
_OPTIONS: Final = (("grpc.max_receive_message_length", _LIMIT), ("grpc.max_send_message_length", _LIMIT))
_OWN_METADATA: Final = frozenset({"user-agent"})
_MASK: Final = "google.protobuf.FieldMask"
_GRACE_SECONDS: Final = 5.0


class GrpcProxy(grpc.GenericRpcHandler):
    """A server that passes every call on, and notes the calls of described rpcs.

    Args:
        target: Address of the provider, ``host:port``.
        collector: Where to note them.
    """

    def __init__(self, target: str, collector: Collector) -> None:
        self._target, self._collector = target, collector
        self._server = grpc.aio.server(handlers=[self], options=_OPTIONS)
        self._channel: grpc.aio.Channel | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen, on a free port if ``port`` is 0, and return the port.

        Raises:
            RecordingError: The port cannot be bound.
        """
        self._channel = grpc.aio.insecure_channel(self._target, options=_OPTIONS)
        try:
            bound = self._server.add_insecure_port(f"{host}:{port}")
        except RuntimeError as error:
            raise RecordingError(f"cannot listen: {error}", where=f"{host}:{port}") from error
        await self._server.start()
        return bound

    async def stop(self) -> None:
        """Let calls end for a few seconds, then serve no longer."""
        await self._server.stop(_GRACE_SECONDS)
        if self._channel is not None:
            await self._channel.close()

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[bytes, bytes]:
        """Return the handler of one call; on the wire every call is a stream each way."""
        path = str(handler_call_details.method)
        return grpc.stream_stream_rpc_method_handler(self._passing(path))

    def _passing(self, path: str) -> Callable[[AsyncIterator[bytes], Any], AsyncIterator[bytes]]:
        async def handle(requests: AsyncIterator[bytes], context: Any) -> AsyncIterator[bytes]:
            method = self._collector.interfaces.catalogue.methods.get(path.lstrip("/").replace("/", "."))
            enums = self._collector.interfaces.catalogue.enums
            watched = _Watched(method, enums) if method is not None else None
            failure: grpc.aio.AioRpcError | None = None
            try:
                async for message in self._pass_on(path, requests, context, watched, method):
                    yield message
            except grpc.aio.AioRpcError as error:
                failure = error
            finally:
                # Before the consumer hears of the end: then it may be over with the proxy.
                self._note(watched, failure)
            if failure is not None:
                trailing = tuple(failure.trailing_metadata() or ())
                await context.abort(failure.code(), failure.details() or "", trailing)

        return handle

    def _note(self, watched: _Watched | None, failure: grpc.aio.AioRpcError | None) -> None:
        if watched is None:
            self._collector.pass_by()
            return
        is_refused = failure is not None and failure.code() is grpc.StatusCode.INVALID_ARGUMENT
        for passed in watched.passed(is_refused=is_refused):
            self._collector.add(passed)

    async def _pass_on(
        self,
        path: str,
        requests: AsyncIterator[bytes],
        context: Any,
        watched: _Watched | None,
        method: MethodDescriptor | None,
    ) -> AsyncIterator[bytes]:
        assert self._channel is not None, "started before"  # noqa: S101 - for the type checker

        async def sent() -> AsyncIterator[bytes]:
            async for message in requests:
                if watched is not None:
                    watched.send(message)
                yield message

        metadata = [(name, value) for name, value in context.invocation_metadata() if name not in _OWN_METADATA]
        passing: Any
        asked: AsyncIterator[bytes] | bytes | None = None
        if method is not None and not method.client_streaming:
            # Sent together with the start of the call: on a call that was refused before it is written, a message of a
            # stream fails, and hides the status.
            passing, asked = self._channel.unary_stream(path), await anext(sent(), None)
        if asked is None:
            passing, asked = self._channel.stream_stream(path), sent()
        call = passing(asked, timeout=context.time_remaining(), metadata=metadata)
        try:
            await context.send_initial_metadata(await call.initial_metadata())
            async for message in call:
                if watched is not None:
                    watched.receive(message)
                yield message
            context.set_trailing_metadata(await call.trailing_metadata())
        finally:
            call.cancel()


class _Watched:
    """The messages of one call: of each direction the members, whenever they passed."""

    def __init__(self, method: MethodDescriptor, enums: frozenset[str]) -> None:
        self._method, self._enums = method, enums
        self._asked, self._answered = (message_class(each) for each in (method.input_type, method.output_type))
        # By their members: a stream that never ends has few different messages.
        self._sent: dict[str, tuple[Shape | None, tuple[str, ...]]] = {}
        self._received: shapes.Bare = None
        self._is_received = True
        self._values: set[tuple[Side, str]] = set()

    def send(self, content: bytes) -> None:
        message = _decoded(self._asked, content)
        if message is None or len(self._sent) > MOST_WAYS:
            self._sent[""] = (None, ())
            return
        try:
            shape = shapes.of_message(message, apart=True)
        except TooManyMembersError:
            self._sent[""] = (None, ())
            return
        self._sent[shapes.key(shape)] = (Shape(shape), _read_mask(message))
        self._note(message, Side.WRITES)

    def receive(self, content: bytes) -> None:
        message = _decoded(self._answered, content)
        if message is None:
            self._is_received = False
            return
        self._received = shapes.merged(self._received, shapes.of_message(message))
        self._note(message, Side.READS)

    def _note(self, message: Message, side: Side) -> None:
        self._values.update(enum_values(of_message(message), self._enums, side))

    def passed(self, *, is_refused: bool) -> list[Passed]:
        """Return what passed, as one call for each different request."""
        received = Shape(self._received) if self._is_received else None
        sent = list(self._sent.values()) or [(Shape(None), ())]
        name, values = self._method.full_name, tuple(sorted(self._values))
        passed = Passed(name, Transport.GRPC, received=received, touched=values, refused=is_refused)
        return [replace(passed, sent=each, mask=mask) for each, mask in sent]


def _decoded(kind: type[Message], content: bytes) -> Message | None:
    try:
        return kind.FromString(content)
    except DecodeError:
        return None


def _read_mask(request: Message) -> tuple[str, ...]:
    """Return the paths of a mask that a request holds; beside a resource a mask says what to change."""
    kinds = [field.message_type.full_name for field in request.DESCRIPTOR.fields if field.message_type is not None]
    if any(not kind.startswith("google.") for kind in kinds):
        return ()
    masks = [value for field, value in request.ListFields() if _is_mask(field)]
    return tuple(path for mask in masks for path in mask.paths)


def _is_mask(field: FieldType) -> bool:
    return not is_repeated(field) and field.message_type is not None and field.message_type.full_name == _MASK
