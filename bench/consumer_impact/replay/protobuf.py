"""Interactions over gRPC, HTTP and Kafka against a provider of changed protobuf definitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import DecodeError

from bench.consumer_impact.replay.differing import difference
from bench.consumer_impact.replay.masks import misled
from bench.consumer_impact.replay.projection import LostError, Meaning, project
from bench.consumer_impact.replay.routes import Call, RefusedError, received
from bench.consumer_impact.replay.state import State
from bench.consumer_impact.replay.types import BEHAVIOR, INPUT_ONLY, OUTPUT_ONLY, messages_in
from bench.consumer_impact.scenario.interactions import Event, Grpc, Http


def grpc(exchange: Grpc, before: State, after: State, meaning: Meaning) -> str:
    """Say why a call breaks; empty if it holds."""
    old, new = before.types.method(exchange.method), after.types.method(exchange.method)
    assert old is not None, exchange.method
    if new is None:
        return f"{exchange.method} is not implemented"
    if _streams(old) != _streams(new):
        return f"{exchange.method} streams otherwise"
    sent = _message(before, old.input_type.full_name, exchange.request)
    kind = after.types.message(new.input_type.full_name)
    assert kind is not None
    try:
        arrived = kind.FromString(sent.SerializeToString())
    except DecodeError as error:
        return f"the request cannot be decoded: {error}"
    refused = "" if exchange.is_invalid else _unwritten(sent, arrived, after, meaning)
    if refused or exchange.status:
        return refused
    masked = misled(sent, (old.output_type, new.output_type), new.input_type, meaning)
    if masked:
        return masked
    expected = _message(before, old.output_type.full_name, exchange.response or {})
    return _unread_binary(expected, new.output_type.full_name, before, after, meaning)


def http(exchange: Http, before: State, after: State, meaning: Meaning) -> str:
    """Say why a request to a route of ``google.api.http`` breaks; empty if it holds."""
    old = received(exchange, before.types)
    assert old is not None, exchange.path
    try:
        new = received(exchange, after.types)
    except RefusedError as error:
        return "" if exchange.is_invalid else str(error)
    if new is None:
        return f"there is no route {exchange.method} {exchange.path}"
    if meaning.name(old.method.full_name) != new.method.full_name:
        return f"{exchange.method} {exchange.path} means {new.method.full_name} now"
    if _streams(old.method) != _streams(new.method):
        return f"{new.method.full_name} streams otherwise"
    refused = "" if exchange.is_invalid else _unwritten(old.message, new.message, after, meaning)
    if refused or not exchange.is_answered:
        return refused
    return _unanswered(exchange, (old, new), before, after, meaning)


def _streams(method: Any) -> tuple[bool, bool]:
    return method.client_streaming, method.server_streaming


def _unanswered(exchange: Http, calls: tuple[Call, Call], before: State, after: State, meaning: Meaning) -> str:
    old, new = calls
    if old.response_body != new.response_body:
        return "the body of the response is another part of it"
    answers = (old.method.output_type, new.method.output_type)
    masked = misled(old.message, answers, new.method.input_type, meaning)
    if masked:
        return masked
    expected = _message(before, old.method.output_type.full_name, exchange.answer or {})
    answer = exchange.answer or {}
    return _unread_json(expected, answer, new.method.output_type.full_name, after, meaning, exchange.like)


def event(exchange: Event, before: State, after: State, meaning: Meaning) -> str:
    """Say why a consumer of an event breaks; empty if it does not."""
    expected = _message(before, exchange.message, exchange.content)
    name = meaning.name(exchange.message)
    kind = after.types.message(name)
    if kind is None:
        return f"{exchange.message} is gone"
    told = after.transport_of(kind.DESCRIPTOR)
    if not told:
        return f"{name} is no event any more"
    try:
        sent = project(expected, kind, meaning, twice=True)
    except LostError as error:
        return str(error)
    problem = _metadata(exchange, before, (name, told, sent))
    if problem:
        return problem
    if exchange.encoding == "json":
        return _unread_json(expected, exchange.content, name, after, meaning)
    return _unread_binary(expected, name, before, after, meaning)


def _metadata(exchange: Event, before: State, now: tuple[str, Mapping[str, Any], Any]) -> str:
    name, told, sent = now
    headers = {f"ce_{header}" for header in told["headers"]}
    kind = before.types.message(exchange.message)
    assert kind is not None
    former = before.transport_of(kind.DESCRIPTOR)
    if former["topic"] != told["topic"]:
        return f"the topic is {told['topic']} now, not {former['topic']}"
    promised = {f"ce_{header}" for header in former["headers"]}
    actual = {"ce_type": name, "key": _key(sent, told["key"])}
    for field, value in exchange.metadata.items():
        if field in actual and actual[field] != value:
            return f"{field} is {actual[field]!r} now, not {value!r}"
        if field in promised and field not in headers:
            return f"the header {field} is gone"
    return ""


def _key(message: Any, path: str) -> str:
    value = message
    for name in path.split(".") if path else ():
        value = getattr(value, name, "")
    return str(value) if path else ""


def _message(state: State, name: str, content: Mapping[str, Any]) -> Any:
    kind = state.types.message(name)
    assert kind is not None, name
    return json_format.ParseDict(dict(content), kind(), descriptor_pool=state.types.pool)


def _unwritten(sent: Any, arrived: Any, after: State, meaning: Meaning) -> str:
    """Say what does not arrive, or why the provider refuses what does; empty if all is well."""
    try:
        meant = project(sent, type(arrived), meaning)
    except LostError as error:
        return f"{error}: it does not arrive"
    if _known(arrived) != _known(meant):
        return "something arrives as something else"
    ignored = next(_with_behavior(arrived, OUTPUT_ONLY), "")
    if ignored:
        return f"{ignored} is ignored in requests"
    return after.refusal(arrived)


def _known(message: Any) -> bytes:
    copied = type(message)()
    copied.CopyFrom(message)
    copied.DiscardUnknownFields()
    return bytes(copied.SerializeToString(deterministic=True))


def _with_behavior(message: Any, behavior: int) -> Iterator[str]:
    for field, value in message.ListFields():
        if behavior in field.GetOptions().Extensions[BEHAVIOR]:
            yield field.full_name
        for inner in messages_in(field, value):
            yield from _with_behavior(inner, behavior)


def _answer(expected: Any, name: str, after: State, meaning: Meaning) -> Any:
    kind = after.types.message(name)
    assert kind is not None, name
    answer = project(expected, kind, meaning, twice=True)
    hidden = next(_with_behavior(answer, INPUT_ONLY), "")
    if hidden:
        raise LostError(f"{hidden} is never answered")
    return answer


def _unread_binary(expected: Any, name: str, before: State, after: State, meaning: Meaning) -> str:
    try:
        answer = _answer(expected, name, after, meaning)
        kind = before.types.message(expected.DESCRIPTOR.full_name)
        assert kind is not None
        read = kind.FromString(answer.SerializeToString())
    except LostError as error:
        return str(error)
    except DecodeError as error:
        return f"the response cannot be decoded: {error}"
    return "" if _known(read) == _known(expected) else "something that is read is not what it was"


def _unread_json(
    expected: Any, content: Any, name: str, after: State, meaning: Meaning, like: Sequence[str] = ()
) -> str:
    try:
        answer = _answer(expected, name, after, meaning)
    except LostError as error:
        return str(error)
    return difference(content, json_format.MessageToDict(answer, descriptor_pool=after.types.pool), like)
