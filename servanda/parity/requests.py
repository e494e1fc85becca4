"""Requests worth sending: valid ones, ones at the edge of what the rules allow, and ones beyond."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from google.api import field_behavior_pb2
from google.protobuf import duration_pb2, json_format, message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message

from servanda.interfaces.protobuf.constraints.seeds import Seeds, seeds_of
from servanda.interfaces.protobuf.constraints.values import values
from servanda.interfaces.protobuf.constraints.wire import PROTOVALIDATE, option_in
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.protobuf.usage.routes import Route
from servanda.parity.beside import Beside
from servanda.parity.call import Call
from servanda.parity.http_form import templates
from servanda.parity.identifiers import Identifiers
from servanda.parity.spelling import Spelling

if TYPE_CHECKING:
    import protovalidate

_RULES: Final = "buf.validate.FieldRules"
_NO_SIDE_EFFECTS: Final = 1
_MOST_VALUES: Final = 400
_DEEPEST: Final = 4
_UNKNOWN: Final = 15_000
# How often a request is meant to be valid, one of its fields is left out, a text refers to what an answer told, a
# request is not in the canonical spelling, and a text is one that nobody sent before.
_VALID, _ABSENT, _REFERRING, _RESPELLED, _VARIED = 0.7, 0.35, 0.35, 0.5, 0.7
_LEFT_OUT: Final = 0.03
# How often the path of a request names what an answer told.
_ADDRESSING: Final = 0.85
# How often a value is the simplest one, which is the default of its type where the rules allow that.
_SIMPLEST: Final = 0.2
_MOST_VARIATIONS: Final = 4
# How often a call carries an unknown field, or a deadline if it declares no side effects: whether a call whose time was
# up had any, no answer tells.
_UNKNOWN_FIELD, _DEADLINE = 0.06, 0.06
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_TEXTS: Final = ("", "é中\U0001f600", "e\u0301", "a/b?c#d%e", " a ", "a+b", "a\tb", "%2F", "null")
_DOCUMENTS: Final = ({"a": None, "b": [1, 1.5, "x", {}], "é": {"c": True}}, {"": ""})
_FREE_FORM: Final[Mapping[str, Sequence[Any]]] = MappingProxyType(
    {
        "google.protobuf.Any": ({},),
        "google.protobuf.Struct": _DOCUMENTS,
        "google.protobuf.ListValue": ([], [None, [], {}], [1e300, -0.5, 2**53]),
        "google.protobuf.Value": (None, False, 0, "", [], {}, 1e-7, *_DOCUMENTS),
    }
)
_WITH_NANOS: Final = frozenset({"google.protobuf.Timestamp", "google.protobuf.Duration"})
# Fields 1 and 2 of both: seconds and nanos.
_OUT_OF_RANGE: Final = (
    duration_pb2.Duration(seconds=253_402_300_800_000).SerializeToString(),
    duration_pb2.Duration(seconds=1, nanos=-1).SerializeToString(),
    duration_pb2.Duration(nanos=1_000_000_000).SerializeToString(),
)


class Requests:
    """Calls of rpcs, drawn by a seed.

    Args:
        routes: The bindings to call, at least one.
        seed: The same seed gives the same calls, as long as the answers are the same.
    """

    def __init__(self, routes: Sequence[Route], seed: int) -> None:
        self.routes = tuple(routes)
        """Bindings that are still called."""
        self.source = random.Random(seed)  # noqa: S311 - nothing secret
        """Source of every draw."""
        self.identifiers = Identifiers()
        """Values that answers told, for later requests."""
        self._addressed: frozenset[str] = frozenset()
        self._values: dict[str, tuple[list[Any], list[Any]]] = {}

    def call(self, number: int) -> Call:
        """Return the next call."""
        source = self.source
        route = source.choice(self.routes)
        self._addressed = frozenset(name.rpartition(".")[2] for name in route.variables)
        grpc, http = self._messages(route.method.input_type, valid=source.random() < _VALID, depth=0)
        for path, template in templates(route).items():
            if source.random() > _LEFT_OUT:
                self._fill(path, template, grpc, http)
        spelling = source.choice(tuple(Spelling)) if source.random() < _RESPELLED else Spelling.CANONICAL
        return Call(number, route, grpc, http, spelling, self._beside(route.method))

    def _beside(self, method: MethodDescriptor) -> Beside:
        """Return what a call carries beside its message: nothing, as a rule."""
        drawn = self.source.random()
        if drawn < _UNKNOWN_FIELD:
            return Beside.UNKNOWN_FIELD
        if drawn < _UNKNOWN_FIELD + _DEADLINE and has_no_effect(method):
            return self.source.choice((Beside.EXPIRED_DEADLINE, Beside.SHORT_DEADLINE))
        return Beside.NOTHING

    def _fill(self, path: str, template: str, grpc: Message, http: Message) -> None:
        """Give a variable of a path a value of its shape."""
        *above, name = path.split(".")
        known = self.identifiers.some(name, self.source)
        value = "".join(self.source.choices(_LETTERS, k=6))
        filled = template.replace("**", f"{value}/a b").replace("*", value)
        pair = known if known is not None and self.source.random() < _ADDRESSING else (filled, filled)
        for message, text in zip((grpc, http), pair, strict=True):
            inside: Any = message
            for each in above:
                inside = getattr(inside, each)
            setattr(inside, name, text)

    def leave_out(self, method: MethodDescriptor) -> None:
        """Call a method no more."""
        self.routes = tuple(route for route in self.routes if route.method.full_name != method.full_name)

    def _messages(self, kind: Descriptor, *, valid: bool, depth: int) -> tuple[Message, Message]:
        """Return a message for each side; the two differ in what the sides made themselves."""
        grpc, http = (message_factory.GetMessageClass(kind)() for _ in range(2))
        for field in kind.fields:
            if depth > _DEEPEST or self.source.random() < self._chance_of_absence(field):
                continue
            if field.containing_oneof is not None and grpc.WhichOneof(field.containing_oneof.name) is not None:
                continue
            self._set(field, grpc, http, valid=valid, depth=depth)
        return grpc, http

    def _chance_of_absence(self, field: FieldDescriptor) -> float:
        # Without what its path holds a request is no request of its route.
        return _LEFT_OUT if field.name in self._addressed or _is_required(field) else _ABSENT

    def _set(self, field: FieldDescriptor, grpc: Message, http: Message, *, valid: bool, depth: int) -> None:
        kind = field.message_type
        known = self.identifiers.some(field.name, self.source)
        is_text = field.cpp_type == FieldDescriptor.CPPTYPE_STRING and not field.is_repeated
        referring = _ADDRESSING if field.name in self._addressed else _REFERRING
        if known is not None and is_text and self.source.random() < referring:
            _put(field, grpc, known[0])
            _put(field, http, known[1])
            return
        if kind is not None and not kind.full_name.startswith("google.protobuf.") and not kind.GetOptions().map_entry:
            count = self.source.randint(0, 3) if field.is_repeated else 1
            for _ in range(count):
                one, two = self._messages(kind, valid=valid, depth=depth + 1)
                _add(field, grpc, one)
                _add(field, http, two)
            return
        value = self._value(field, valid=valid)
        if value is not None:
            _put(field, grpc, value)
            _put(field, http, value)

    def _value(self, field: FieldDescriptor, *, valid: bool) -> Any:
        """Return content of one field: what its rules accept, or anything; ``None`` if it is to stay away."""
        good, bad = self._judged(field)
        candidates = good if valid or not bad else [*good, *bad] if self.source.random() < 0.5 else bad
        if not candidates:
            return None
        if not _is_required(field) and self.source.random() < _SIMPLEST:
            # Default values are where presence is lost.
            return candidates[0]
        chosen = self.source.choice(candidates)
        return self._varied(field, chosen) if isinstance(chosen, str) and candidates is good else chosen

    def _varied(self, field: FieldDescriptor, text: str) -> str:
        """Return a text like this one that nobody sent before, if the rules accept one: stores keep texts apart."""
        for _ in range(_MOST_VARIATIONS if self.source.random() < _VARIED else 0):
            at = self.source.randint(0, len(text))
            other = text[:at] + "".join(self.source.choices(_LETTERS, k=4)) + text[at:]
            message = self._empty(field)
            if _put(field, message, other) and not self._refuses(field, message):
                return other
        return text

    def _judged(self, field: FieldDescriptor) -> tuple[list[Any], list[Any]]:
        """Return what the rules of a field accept, and what they refuse."""
        if field.full_name not in self._values:
            good: list[Any] = []
            bad: list[Any] = []
            ruled = bool(_rules(field))
            for content in islice(self._contents(field), _MOST_VALUES):
                message = self._empty(field)
                if _put(field, message, content):
                    is_bad = content in _OUT_OF_RANGE or (ruled and self._refuses(field, message))
                    (bad if is_bad else good).append(content)
            self._values[field.full_name] = good, bad
        return self._values[field.full_name]

    def _empty(self, field: Any) -> Message:
        return message_factory.GetMessageClass(field.containing_type)()

    def _contents(self, field: FieldDescriptor) -> Any:
        seeds = seeds_of(_rules(field))
        kind = field.message_type
        if kind is not None and kind.GetOptions().map_entry:
            keys = list(islice(_lasting(kind.fields_by_name["key"], seeds), 12))
            inside = list(islice(_lasting(kind.fields_by_name["value"], seeds), 12))
            yield from ({key: each} for key in keys for each in inside)
            yield dict.fromkeys(keys, inside[0])
        elif field.is_repeated:
            single = list(islice(_lasting(field, seeds), 40))
            yield from ([each] for each in single)
            yield from (single[:end] for end in (2, 3, len(single)))
            yield from ([single[0]] * size for size in seeds.sizes if size <= _UNKNOWN)
        else:
            if kind is not None and kind.full_name == "google.protobuf.FieldMask":
                seeds.texts.update(dict.fromkeys(_paths(field.containing_type)))
            if field.type == FieldDescriptor.TYPE_STRING:
                yield from _TEXTS
            if kind is not None and kind.full_name in _FREE_FORM:
                yield from (_parsed(kind, each) for each in _FREE_FORM[kind.full_name])
                return
            yield from _lasting(field, seeds)
            if kind is not None and kind.full_name in _WITH_NANOS:
                # Beyond what they can mean: only bytes can say it.
                yield from _OUT_OF_RANGE

    def _refuses(self, field: FieldDescriptor, message: Message) -> bool:
        import protovalidate  # noqa: PLC0415 - the help of the command needs none

        try:
            found = self._validator.collect_violations(message)
        except (protovalidate.CompilationError, RuntimeError, ValueError, TypeError):
            # Rules that cannot be judged here judge nothing; the service has the last word on both sides.
            return False
        paths = (violation.proto.field for violation in found)
        return any(path is not None and path.elements and path.elements[0].field_name == field.name for path in paths)

    @cached_property
    def _validator(self) -> protovalidate.Validator:
        import protovalidate  # noqa: PLC0415 - the help of the command needs none

        return protovalidate.Validator()


def callable_routes(catalogue: Catalogue, only: str = "", *, reading_only: bool = False) -> tuple[Route, ...]:
    """Return the HTTP bindings of unary rpcs.

    Args:
        catalogue: The rpcs.
        only: Part of the full name of those that are wanted.
        reading_only: Whether only those are wanted that declare no side effects.
    """
    return tuple(
        route
        for route in catalogue.routes
        if only in route.method.full_name
        and not (route.method.client_streaming or route.method.server_streaming)
        and (has_no_effect(route.method) or not reading_only)
    )


def has_no_effect(method: MethodDescriptor) -> bool:
    """Tell whether an rpc declares that it has no side effects (``idempotency_level = NO_SIDE_EFFECTS``)."""
    return bool(method.GetOptions().idempotency_level == _NO_SIDE_EFFECTS)


def _lasting(field: Any, seeds: Seeds) -> Iterator[Any]:
    """Yield values of a field, without moments near the present one: a seed gives the same calls at any time."""
    return (value.content for value in values(field, seeds) if not value.shown.endswith(" now"))


def _rules(field: Any) -> list[Message]:
    """Return the constraints of a field, as the workspace itself declares their messages."""
    raw = option_in(field.GetOptions(), PROTOVALIDATE)
    try:
        kind = field.file.pool.FindMessageTypeByName(_RULES)
    except KeyError:
        return []
    return [message_factory.GetMessageClass(kind).FromString(raw)] if raw else []


def _parsed(kind: Any, document: Any) -> bytes:
    message = message_factory.GetMessageClass(kind)()
    json_format.ParseDict(document, message)
    return message.SerializeToString()


def _paths(kind: Any) -> list[str]:
    """Return the paths that a mask beside messages may name: their fields, two levels deep."""
    paths: list[str] = []
    for field in kind.fields:
        for inner in field.message_type.fields if field.message_type is not None else ():
            paths.append(inner.name)
            paths += [f"{inner.name}.{each.name}" for each in (inner.message_type.fields if inner.message_type else ())]
    return paths


def _is_required(field: FieldDescriptor) -> bool:
    behaviors = field.GetOptions().Extensions[field_behavior_pb2.field_behavior]
    return field_behavior_pb2.REQUIRED in behaviors


def _add(field: FieldDescriptor, message: Message, value: Message) -> None:
    if field.is_repeated:
        getattr(message, field.name).append(value)
    else:
        getattr(message, field.name).CopyFrom(value)


def _put(field: FieldDescriptor, message: Message, content: Any) -> bool:
    """Set a field; tell whether the content has a form in it."""
    kind = field.message_type
    try:
        if kind is not None and kind.GetOptions().map_entry:
            held = getattr(message, field.name)
            inner = kind.fields_by_name["value"].message_type
            for key, value in content.items():
                if inner is None:
                    held[key] = value
                else:
                    held[key].ParseFromString(value)
        elif field.is_repeated:
            held = getattr(message, field.name)
            for each in content:
                held.append(each) if kind is None else held.add().ParseFromString(each)
        elif kind is not None:
            target = getattr(message, field.name)
            target.SetInParent()
            target.MergeFromString(content)
        else:
            setattr(message, field.name, content)
    except (TypeError, ValueError, UnicodeError):
        return False
    return True
