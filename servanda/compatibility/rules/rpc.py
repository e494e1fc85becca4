"""Rules about services and their rpcs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from google.protobuf.descriptor_pb2 import MethodDescriptorProto, MethodOptions, ServiceDescriptorProto

from servanda.compatibility.rules.rule import Handler, Objection, Pair, at_element
from servanda.compatibility.schema import Element
from servanda.compatibility.schema.element import methods

Service = Element[ServiceDescriptorProto]
Method = Element[MethodDescriptorProto]

_INPUT = (MethodDescriptorProto.INPUT_TYPE_FIELD_NUMBER,)
_OUTPUT = (MethodDescriptorProto.OUTPUT_TYPE_FIELD_NUMBER,)
_IDEMPOTENCY = (MethodDescriptorProto.OPTIONS_FIELD_NUMBER, MethodOptions.IDEMPOTENCY_LEVEL_FIELD_NUMBER)


def no_delete(pair: Pair[Service]) -> Iterator[Objection]:
    """Rpcs that are gone."""
    left = methods(pair.current)
    for name, gone in methods(pair.previous).items():
        if name not in left:
            yield at_element(pair, f"RPC {name!r} was deleted.", name=gone.full_name)


def same_request_type(pair: Pair[Method]) -> Iterator[Objection]:
    """Another request message."""
    yield from _same(pair, "request type", lambda method: method.input_type.removeprefix("."), _INPUT)


def same_response_type(pair: Pair[Method]) -> Iterator[Objection]:
    """Another response message."""
    yield from _same(pair, "response type", lambda method: method.output_type.removeprefix("."), _OUTPUT)


def same_idempotency_level(pair: Pair[Method]) -> Iterator[Objection]:
    """Another promise about repetition."""

    def read(method: MethodDescriptorProto) -> str:
        return MethodOptions.IdempotencyLevel.Name(method.options.idempotency_level)

    yield from _same(pair, "idempotency level", read, _IDEMPOTENCY)


def same_streaming(side: str) -> Handler:
    """The handler for one side ("client" or "server") that has to stream as before."""

    def handler(pair: Pair[Method]) -> Iterator[Objection]:
        def read(method: MethodDescriptorProto) -> str:
            streams = method.client_streaming if side == "client" else method.server_streaming
            return "streaming" if streams else "unary"

        yield from _same(pair, f"{side} side", read, ())

    return handler


def _same(
    pair: Pair[Method], what: str, read: Callable[[MethodDescriptorProto], str], place: tuple[int, ...]
) -> Iterator[Objection]:
    before, after = read(pair.previous.proto), read(pair.current.proto)
    if before != after:
        yield at_element(pair, f"The {what} changed from {before!r} to {after!r}.", places=(place,))
