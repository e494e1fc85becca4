"""Rules about services and their rpcs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from google.protobuf.descriptor_pb2 import MethodDescriptorProto, MethodOptions, ServiceDescriptorProto

from servanda.interfaces.effect import BREAKS_USERS, BREAKS_USERS_IF_REPLAY_FAILS, MAY_AFFECT_USERS
from servanda.interfaces.protobuf.rules.categories import EVERY_LEVEL, SOURCE
from servanda.interfaces.protobuf.rules.subject import Pair, Subject, at_element
from servanda.interfaces.protobuf.schema import Element
from servanda.interfaces.protobuf.schema.element import methods
from servanda.interfaces.rule import Handler, Objection, Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS, BOTH_WAYS_IF_READ, BOTH_WAYS_IF_WRITTEN, REFUSAL

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
    """Object to another request message."""
    yield from _same(pair, "request type", lambda method: method.input_type.removeprefix("."), _INPUT)


def same_response_type(pair: Pair[Method]) -> Iterator[Objection]:
    """Object to another response message."""
    yield from _same(pair, "response type", lambda method: method.output_type.removeprefix("."), _OUTPUT)


def same_idempotency_level(pair: Pair[Method]) -> Iterator[Objection]:
    """Object to another promise about repetition."""

    def read(method: MethodDescriptorProto) -> str:
        return MethodOptions.IdempotencyLevel.Name(method.options.idempotency_level)

    yield from _same(pair, "idempotency level", read, _IDEMPOTENCY)


def same_streaming(side: str) -> Handler:
    """Return the handler for one side ("client" or "server") that has to stream as before."""

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


RULES: tuple[Rule, ...] = (
    Rule(
        id="RPC_NO_DELETE",
        purpose="Checks that rpcs are not deleted from a service.",
        why="Every call ends with UNIMPLEMENTED, and code that calls the method of the stub does not compile.",
        categories=SOURCE,
        subject=Subject.SERVICE,
        handler=no_delete,
        breaks=REFUSAL,
        effect=BREAKS_USERS_IF_REPLAY_FAILS,
        remedy=Remedy(
            expand="Keep serving $name, mark it deprecated, and offer what replaces it beside it.",
            migrate="Let every consumer call the replacement; 'servanda usage $element' names those that call $name.",
            contract="Delete rpc $name in a release of a new major version.",
            before="$declaration",
            after="$deprecated",
        ),
    ),
    Rule(
        id="RPC_SAME_REQUEST_TYPE",
        purpose="Checks that rpcs keep their request type.",
        why=(
            "The provider reads the request of an old caller as a message of another type: fields are lost, mixed up "
            "or cannot be parsed."
        ),
        categories=EVERY_LEVEL,
        subject=Subject.METHOD,
        handler=same_request_type,
        breaks=BOTH_WAYS_IF_WRITTEN,
        effect=BREAKS_USERS_IF_REPLAY_FAILS,
        remedy=Remedy(
            expand="Keep $name with its request type, and add an rpc of another name for the new request.",
            migrate=(
                "Let every caller send the new request to the new rpc; 'servanda usage $element' names those that "
                "call $name."
            ),
            contract="Delete rpc $name with its old request type in a release of a new major version.",
            before="$declaration",
            after="$deprecated\n$successor",
        ),
    ),
    Rule(
        id="RPC_SAME_RESPONSE_TYPE",
        purpose="Checks that rpcs keep their response type.",
        why=(
            "An old caller reads the response as a message of another type: it finds defaults, wrong values or a "
            "parse error."
        ),
        categories=EVERY_LEVEL,
        subject=Subject.METHOD,
        handler=same_response_type,
        breaks=BOTH_WAYS_IF_READ,
        effect=BREAKS_USERS_IF_REPLAY_FAILS,
        remedy=Remedy(
            expand="Keep $name with its response type, and add an rpc of another name for the new response.",
            migrate=(
                "Let every caller read the response of the new rpc; 'servanda usage $element' names those that call "
                "$name."
            ),
            contract="Delete rpc $name with its old response type in a release of a new major version.",
            before="$declaration",
            after="$deprecated\n$successor",
        ),
    ),
    Rule(
        id="RPC_SAME_CLIENT_STREAMING",
        purpose="Checks that clients of an rpc keep streaming, or not.",
        why=(
            "The stub takes one request where it took a stream, or the reverse: code does not compile, and calls end "
            "with INTERNAL or UNIMPLEMENTED, by language."
        ),
        categories=EVERY_LEVEL,
        subject=Subject.METHOD,
        handler=same_streaming("client"),
        breaks=BOTH_WAYS,
        effect=BREAKS_USERS,
        remedy=Remedy(
            expand="Keep the client side of $name, and add an rpc of another name that takes the request the new way.",
            migrate=(
                "Let every client send its requests to the new rpc; 'servanda usage $element' names those that call "
                "$name."
            ),
            contract="Delete rpc $name when no client sends to it.",
            before="$declaration",
            after="$deprecated\n$successor",
        ),
    ),
    Rule(
        id="RPC_SAME_SERVER_STREAMING",
        purpose="Checks that servers of an rpc keep streaming, or not.",
        why=(
            "The client waits for exactly one response and gets a stream, or the reverse: code does not compile, and "
            "a second message ends the call with an error."
        ),
        categories=EVERY_LEVEL,
        subject=Subject.METHOD,
        handler=same_streaming("server"),
        breaks=BOTH_WAYS,
        effect=BREAKS_USERS,
        remedy=Remedy(
            expand="Keep the server side of $name, and add an rpc of another name that answers the new way.",
            migrate=(
                "Let every client read the answers of the new rpc; 'servanda usage $element' names those that call "
                "$name."
            ),
            contract="Delete rpc $name when no client waits for its answer.",
            before="$declaration",
            after="$deprecated\n$successor",
        ),
    ),
    Rule(
        id="RPC_SAME_IDEMPOTENCY_LEVEL",
        purpose="Checks that rpcs keep their promise about repetition.",
        why=(
            "Clients and proxies decide by it whether to repeat, cache or send a call by GET, so they repeat what "
            "must happen once, or their GET is answered with 405."
        ),
        categories=EVERY_LEVEL,
        subject=Subject.METHOD,
        handler=same_idempotency_level,
        breaks=REFUSAL,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep the promise of $name, and add an rpc of another name with the new idempotency level.",
            migrate=(
                "Let every client call the new rpc, and turn its retries and caches for $name off; 'servanda usage "
                "$element' names the callers."
            ),
            contract="Delete rpc $name when no client relies on the old promise.",
            before="$declaration",
            after="$deprecated\n$successor",
        ),
    ),
)
