"""Comparison of two outcomes, aspect by aspect."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from google.protobuf.message import Message

from servanda.parity.identifiers import Identifiers
from servanda.parity.outcome import OK, Outcome

# https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
_HTTP: Final[Mapping[str, int]] = {
    "OK": 200,
    "CANCELLED": 499,
    "UNKNOWN": 500,
    "INVALID_ARGUMENT": 400,
    "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "PERMISSION_DENIED": 403,
    "UNAUTHENTICATED": 401,
    "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400,
    "ABORTED": 409,
    "OUT_OF_RANGE": 400,
    "UNIMPLEMENTED": 501,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DATA_LOSS": 500,
}
_TIMESTAMP: Final = "google.protobuf.Timestamp"
_SHOWN: Final = 200
CLOCK_SECONDS: Final = 120
"""How far apart two times may be that each side took from its clock."""


class Aspect(StrEnum):
    """Parts of an answer that are compared."""

    STATUS = "status"
    HTTP_STATUS = "HTTP status"
    MESSAGE = "message"
    PRESENCE = "presence"
    TEXT = "error text"
    DETAILS = "details"
    METADATA = "metadata"
    FORM = "form"
    DEADLINES = "deadlines"
    UNKNOWN_FIELDS = "unknown fields"


@dataclass(frozen=True, slots=True)
class Difference:
    """One aspect in which two outcomes differ.

    Attributes:
        aspect: The aspect.
        path: Field of the response, name of the metadata or place in the details; empty for the whole.
        grpc: What gRPC told, as a person reads it.
        http: What HTTP told.
        plain: The same difference as one of a call that carries nothing beside its message, if it can be one.
    """

    aspect: Aspect
    path: str
    grpc: str
    http: str
    plain: Difference | None = None


@dataclass(frozen=True, slots=True)
class _Same:
    """Judge of two values, for one call."""

    identifiers: Identifiers
    sent: frozenset[str]

    def __call__(self, grpc: Any, http: Any) -> bool:
        if isinstance(grpc, str) and isinstance(http, str):
            return self.identifiers.are_one(grpc, http, self.sent)
        if isinstance(grpc, dict) and isinstance(http, dict):
            return grpc.keys() == http.keys() and all(self(grpc[key], http[key]) for key in grpc)
        if isinstance(grpc, list) and isinstance(http, list):
            return len(grpc) == len(http) and all(map(self, grpc, http))
        if isinstance(grpc, float) and isinstance(http, float) and math.isnan(grpc):
            return math.isnan(http)
        return type(grpc) is type(http) and bool(grpc == http)


def differences(
    grpc: Outcome, http: Outcome, identifiers: Identifiers, sent: frozenset[str] = frozenset()
) -> tuple[Difference, ...]:
    """Return how two outcomes of one call differ.

    Args:
        grpc: Outcome over gRPC.
        http: Outcome over HTTP.
        identifiers: What the sides made for themselves; more is learned on the way.
        sent: Texts of the request.
    """
    return tuple(_differences(grpc, http, _Same(identifiers, sent)))


def _differences(grpc: Outcome, http: Outcome, same: _Same) -> Iterator[Difference]:
    if grpc.unreadable or http.unreadable:
        yield Difference(Aspect.FORM, "", grpc.unreadable or grpc.code, http.unreadable or http.code)
        return
    if grpc.code != http.code:
        yield Difference(Aspect.STATUS, "", _told(grpc), _told(http))
        return
    if http.http_status not in (_HTTP[http.code], *([200, 201, 204] if http.code == OK else [])):
        yield Difference(Aspect.HTTP_STATUS, "", f"{http.code} is {_HTTP[http.code]}", str(http.http_status))
    if grpc.response is not None and http.response is not None:
        yield from _of_messages(grpc.response, http.response, "", same)
    if not same(grpc.text, http.text):
        yield Difference(Aspect.TEXT, "", _short(grpc.text), _short(http.text))
    yield from _of_details(grpc, http, same)
    for name, value in grpc.metadata.items():
        told = http.metadata.get(name)
        if told is None or not same(value, told):
            yield Difference(Aspect.METADATA, name, _short(value), "absent" if told is None else _short(told))


def _of_messages(grpc: Message, http: Message, path: str, same: _Same) -> Iterator[Difference]:
    if grpc.DESCRIPTOR.full_name == _TIMESTAMP and _are_of_clocks(grpc, http):
        return
    for field in grpc.DESCRIPTOR.fields:
        inside = f"{path}.{field.name}".removeprefix(".")
        one, two = getattr(grpc, field.name), getattr(http, field.name)
        if field.has_presence and grpc.HasField(field.name) != http.HasField(field.name):
            there = {True: "set", False: "not set"}
            here, other = grpc.HasField(field.name), http.HasField(field.name)
            yield Difference(Aspect.PRESENCE, inside, there[here], there[other])
        elif field.is_repeated:
            yield from _of_many(field, one, two, inside, same)
        elif field.message_type is not None:
            if not field.has_presence or grpc.HasField(field.name):
                yield from _of_messages(one, two, inside, same)
        elif not same(one, two):
            yield Difference(Aspect.MESSAGE, inside, _short(one), _short(two))


def _of_many(field: Any, one: Any, two: Any, path: str, same: _Same) -> Iterator[Difference]:
    kind = field.message_type
    if len(one) != len(two):
        yield Difference(Aspect.MESSAGE, path, f"{len(one)} items", f"{len(two)} items")
    elif kind is not None and kind.GetOptions().map_entry:
        if not same(_plain_map(one), _plain_map(two)):
            yield Difference(Aspect.MESSAGE, path, _short(_plain_map(one)), _short(_plain_map(two)))
    elif kind is not None:
        for index, (each, other) in enumerate(zip(one, two, strict=True)):
            yield from _of_messages(each, other, f"{path}[{index}]", same)
    elif not same(list(one), list(two)):
        yield Difference(Aspect.MESSAGE, path, _short(list(one)), _short(list(two)))


def _of_details(grpc: Outcome, http: Outcome, same: _Same) -> Iterator[Difference]:
    kinds = [[str(each.get("@type", "")) for each in outcome.details] for outcome in (grpc, http)]
    if kinds[0] != kinds[1]:
        yield Difference(Aspect.DETAILS, "", _short(list(grpc.details)), _short(list(http.details)))
        return
    for kind, one, two in zip(kinds[0], grpc.details, http.details, strict=True):
        yield from _of_documents(one, two, kind.rpartition(".")[2], same)


def _of_documents(one: Any, two: Any, path: str, same: _Same) -> Iterator[Difference]:
    # Down to the member that differs, so that nobody has to accept the others with it.
    if isinstance(one, Mapping) and isinstance(two, Mapping) and one.keys() == two.keys():
        for name in one:
            yield from _of_documents(one[name], two[name], f"{path}.{name}", same)
    elif isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        for index, (each, other) in enumerate(zip(one, two, strict=True)):
            yield from _of_documents(each, other, f"{path}[{index}]", same)
    elif not same(one, two):
        yield Difference(Aspect.DETAILS, path, _short(one), _short(two))


def _plain_map(value: Any) -> dict[str, Any]:
    return {str(key): each.SerializeToString() if isinstance(each, Message) else each for key, each in value.items()}


def _are_of_clocks(grpc: Any, http: Any) -> bool:
    return bool(grpc.seconds > 0 and http.seconds > 0 and abs(grpc.seconds - http.seconds) <= CLOCK_SECONDS)


def _told(outcome: Outcome) -> str:
    return f"{outcome.code}: {_short(outcome.text)}" if outcome.text else outcome.code


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}... ({len(text)} characters)"
