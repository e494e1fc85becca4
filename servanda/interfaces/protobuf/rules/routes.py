"""Routes that google.api.http gives an rpc, and which of them takes all requests of another.

Source: "HttpRule" in google/api/http.proto (AIP-127).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from google.protobuf.descriptor_pb2 import FieldDescriptorProto, MethodDescriptorProto
from google.protobuf.message import Message

from servanda.interfaces.protobuf.options import DEFAULT_HOST, HTTP, Options
from servanda.interfaces.protobuf.schema import Element, State
from servanda.interfaces.protobuf.schema.element import methods

Method = Element[MethodDescriptorProto]
Key = TypeVar("Key")

_VARIABLE = re.compile(r"\{(?P<field>[^{}=]+)(?:=(?P<pattern>[^{}]*))?\}")
_VERBS = ("get", "put", "post", "delete", "patch")
ONE, REST = "*", "**"
ANY_VERB = "*"


@dataclass(frozen=True, slots=True)
class Place:
    """Segments of a path that belong together.

    Attributes:
        first: Index of the first.
        end: Index after the last; ``None`` if there may be any number.
    """

    first: int
    end: int | None


@dataclass(frozen=True, slots=True)
class Types:
    """Messages that an rpc takes and answers.

    Attributes:
        names: The messages by name, and whether they come as streams.
        forms: The same with the fields of the messages instead of their names; ``None`` if one is not there.
    """

    names: tuple[object, ...]
    forms: tuple[object, ...] | None

    def are_those_of(self, other: Types) -> bool:
        """Tell whether callers over HTTP see no difference."""
        return self.names == other.names or (self.forms is not None and self.forms == other.forms)


@dataclass(frozen=True, slots=True)
class Route:
    """One way to call an rpc over HTTP.

    Attributes:
        verb: HTTP method, or the kind of a custom pattern.
        path: Path template as it is written.
        body: Request field that is the body; ``*`` for all that the path does not bind, empty for none.
        response_body: Response field that is the body; empty for the whole response.
    """

    verb: str
    path: str
    body: str
    response_body: str

    @property
    def address(self) -> tuple[str, str]:
        """Return verb and path, as a caller has to know them; ``{x}`` and ``{x=*}`` are one path."""
        return self.verb, self.path.replace(f"={ONE}}}", "}")

    def __str__(self) -> str:
        return f"{self.verb} {self.path}"

    @property
    def binding(self) -> str:
        """Return the route as one line of the option; a verb that has no field of its own is a custom pattern."""
        known = self.verb.lower() in _VERBS
        head = (
            f'{self.verb.lower()}: "{self.path}"' if known else f'custom {{ kind: "{self.verb}" path: "{self.path}" }}'
        )
        parts = {"body": self.body, "response_body": self.response_body}
        return " ".join([head, *(f'{name}: "{part}"' for name, part in parts.items() if part)])

    @property
    def pattern(self) -> tuple[list[str], str]:
        """Return segments of the path, variables replaced by their patterns, and what follows the colon."""
        plain = _VARIABLE.sub(lambda found: found["pattern"] or ONE, self.path)
        front, colon, suffix = plain.rpartition(":")
        return (front if colon else plain).removeprefix("/").split("/"), suffix if colon else ""

    @property
    def variables(self) -> Mapping[str, Place]:
        """Return fields that the path holds, each with its place in it."""
        found: dict[str, Place] = {}
        for variable in _VARIABLE.finditer(self.path):
            first = _VARIABLE.sub(lambda each: each["pattern"] or ONE, self.path[: variable.start()]).count("/")
            segments = (variable["pattern"] or ONE).split("/")
            found[variable["field"].strip()] = Place(first, None if segments[-1] == REST else first + len(segments))
        return found

    def takes_verb(self, verb: str) -> bool:
        """Tell whether requests with this verb are meant; a custom pattern may leave it open."""
        return self.verb in (verb, ANY_VERB)

    def is_written_like(self, other: Route) -> bool:
        """Tell whether a caller sends the same for both, whatever the fields of the path are called."""
        parts = self.verb, self.pattern, self.body, self.response_body
        return parts == (other.verb, other.pattern, other.body, other.response_body)

    def includes(self, other: Route) -> bool:
        """Tell whether every request of another route, body and host apart, is one of this route as well."""
        (segments, suffix), (others, other_suffix) = self.pattern, other.pattern
        return self.takes_verb(other.verb) and suffix == other_suffix and _includes(segments, others)


def _includes(segments: Sequence[str], others: Sequence[str]) -> bool:
    for index, segment in enumerate(segments):
        if segment == REST:  # what follows may be anything, nothing included, up to what is behind it
            behind, left = segments[index + 1 :], others[index:]
            end = len(left) - len(behind)
            return end >= 0 and all(map(_takes, behind, left[end:]))
        if index == len(others) or others[index] == REST:
            return False
        if not _takes(segment, others[index]):
            return False
    return len(segments) == len(others)


def _takes(segment: str, other: str) -> bool:
    return other != REST and (segment == other or (segment == ONE and bool(other)))


def routes(method: Method, options: Options) -> tuple[Route, ...]:
    """Return the routes of an rpc, the main one first; none if it has no annotation."""
    return options.once(method, HTTP, _routes)


def _routes(rule: Message | None) -> tuple[Route, ...]:
    return tuple(_bindings(rule)) if rule is not None else ()


# ``Any``: the class of the rule is made when an image is read, so that nothing knows its fields beforehand.
def _bindings(rule: Any) -> Iterator[Route]:
    yield _route(rule)
    for each in rule.additional_bindings:
        yield _route(each)


def _route(rule: Any) -> Route:
    pattern = rule.WhichOneof("pattern")
    if pattern in _VERBS:
        return Route(pattern.upper(), getattr(rule, pattern), rule.body, rule.response_body)
    return Route(rule.custom.kind, rule.custom.path, rule.body, rule.response_body)


class Routes:
    """All routes of one state.

    Args:
        state: The state.
        options: Reader of its options.
    """

    def __init__(self, state: State, options: Options) -> None:
        self._state = state
        self._options = options

    def of(self, method: Method) -> tuple[Route, ...]:
        """Return the routes of an rpc, the main one first."""
        return routes(method, self._options)

    def host(self, method: Method) -> str:
        """Return the host that the service of an rpc names by ``google.api.default_host``; empty if it names none."""
        return self._options.text(method.parent, DEFAULT_HOST) if method.parent is not None else ""

    def __iter__(self) -> Iterator[tuple[Method, Route]]:
        for service in self._state.services.values():
            for method in methods(service).values():
                for route in self.of(method):
                    yield method, route

    def bound(self, message: str) -> frozenset[str]:
        """Return the fields that the path has in every route of every rpc that takes a message."""
        return self._bound.get(message, frozenset())

    @cached_property
    def _bound(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for service in self._state.services.values():
            for method in methods(service).values():
                paths = [frozenset(route.variables) for route in self.of(method)] or [frozenset()]
                message = method.proto.input_type.removeprefix(".")
                found[message] = frozenset.intersection(found.get(message, paths[0]), *paths)
        return found

    def of_types(self, types: Types) -> Iterator[tuple[Method, Route]]:
        """Yield the routes of all rpcs that take and answer the same: messages of the same names, or of one form."""
        yield from self._by_types.get(types.names, ())
        if types.forms is not None:
            yield from self._by_forms.get(types.forms, ())

    def types(self, method: Method) -> Types:
        """Return what an rpc of this state takes and answers."""
        path, proto = method.file.path, method.proto
        request, response = (self._form(each, path) for each in (proto.input_type, proto.output_type))
        streams = proto.client_streaming, proto.server_streaming
        forms = None if request is None or response is None else (request, response, *streams)
        return Types((proto.input_type, proto.output_type, *streams), forms)

    def _form(self, name: str, path: str) -> frozenset[object] | None:
        message = self._state.find_message(name.removeprefix("."), path)
        return frozenset(_field_form(each) for each in message.proto.field) if message is not None else None

    @cached_property
    def _by_types(self) -> Mapping[tuple[object, ...], list[tuple[Method, Route]]]:
        return self._grouped(lambda types: types.names)

    @cached_property
    def _by_forms(self) -> Mapping[tuple[object, ...] | None, list[tuple[Method, Route]]]:
        return self._grouped(lambda types: types.forms)

    def _grouped(self, key: Callable[[Types], Key]) -> dict[Key, list[tuple[Method, Route]]]:
        found: dict[Key, list[tuple[Method, Route]]] = {}
        for method, route in self:
            found.setdefault(key(self.types(method)), []).append((method, route))
        return found


def _field_form(field: FieldDescriptorProto) -> tuple[object, ...]:
    """Return all that JSON shows of a field."""
    return field.name, field.json_name, field.type, field.type_name, field.label, field.proto3_optional
