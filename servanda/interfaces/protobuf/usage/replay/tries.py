"""Elements of which no contract shows a value, tried with values of their types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from google.protobuf.descriptor import MethodDescriptor

from servanda.interfaces.effect import Access
from servanda.interfaces.protobuf.usage.replay.comparison import Wire, arrivals, field_arrives
from servanda.interfaces.protobuf.usage.replay.exchanges import text_arrives
from servanda.interfaces.protobuf.usage.replay.fate import Fate
from servanda.interfaces.protobuf.usage.replay.samples import held, sample_message, samples, single_samples
from servanda.interfaces.protobuf.usage.replay.types import Successors
from servanda.interfaces.usage.use import Use
from servanda.pact.descriptors import FieldType, MessageType, map_value
from servanda.protobuf_runtime import is_repeated
from servanda.transport import transport_kind
from servanda.verdict import Transport

Used = Mapping[tuple[str, Access], frozenset[str]]
"""Elements by the document that says so, and by what the consumer does with them."""


class Tries:
    """Elements of one state, tried on the present one.

    Args:
        states: Both states.
        used: All that consumers are known to use.
    """

    def __init__(self, states: Successors, used: Used) -> None:
        self._states = states
        self._used = used

    def fate(self, use: Use) -> Fate | None:
        """Return what becomes of an element that a consumer uses; ``None`` if that cannot be tried."""
        owner, _, name = use.element.rpartition(".")
        former = self._states.former
        message = former.message(owner)
        if message is not None and name in message.fields_by_name:
            return self._field(use, message.fields_by_name[name])
        if former.message(use.element) is not None:
            return self._message(use)
        if use.element in former.methods:
            return self._rpc(use, former.methods[use.element])
        if use.element in former.enums:
            return self._enum(use, use.element, "")
        if owner in former.enums:
            return self._enum(use, owner, name)
        return self._service(use)

    def _field(self, use: Use, field: FieldType) -> Fate | None:
        owner = use.element.rpartition(".")[0]
        target = self._states.message(owner)
        if target is None:
            return None
        inner = (map_value(field) or field).message_type
        values = list(samples(field))
        is_text = is_placed(use) or (use.access is Access.WRITE and owner in self._queried)
        if values and is_json(use) and is_text:
            return Fate.of_trials(self._texts(field, target))
        if inner is not None and not values:
            values = [held(field, sample_message(inner, self._of(use).__contains__))]
        return Fate.of_trials(field_arrives(field, value, target, _wire(use)) for value in values)

    def _texts(self, field: FieldType, target: MessageType) -> Iterator[bool]:
        for value in samples(field):
            entries = value if is_repeated(field) else [value]
            yield text_arrives(field, target, [_text(field, entry) for entry in entries])

    @cached_property
    def _queried(self) -> frozenset[str]:
        """Return the messages that requests hold in their address alone, as none of their routes has a body."""
        routes = self._states.former.routes
        with_body = _closure(route.method.input_type for route in routes if route.body)
        return _closure(route.method.input_type for route in routes if not route.body) - with_body

    def _of(self, use: Use) -> frozenset[str]:
        return self._used.get((use.evidence.document, use.access), frozenset())

    def _message(self, use: Use) -> Fate | None:
        message, target = self._states.former.message(use.element), self._states.message(use.element)
        if message is None or target is None:
            return None
        return Fate.KEPT if self._arrives(use, (message, target), use.access) else None

    def _arrives(self, use: Use, types: tuple[MessageType, MessageType], access: Access) -> bool:
        """Try a message that holds what its consumer uses of it."""
        message, target = types
        used = self._used.get((use.evidence.document, access), frozenset())
        sample = sample_message(message, used.__contains__)
        return all(arrives for _, arrives in arrivals(sample, target, Wire(access, is_json(use))))

    def _rpc(self, use: Use, method: MethodDescriptor) -> Fate | None:
        """Try the messages of an rpc that is still reached; what is not is for the rules."""
        if is_json(use):
            reached = [now.method if now is not None else None for _, now in self._states.routes(method.full_name)]
        else:
            reached = [self._states.method(method.full_name)]
        kept = [
            now is not None
            and self._arrives(use, (method.input_type, now.input_type), Access.WRITE)
            and self._arrives(use, (method.output_type, now.output_type), Access.READ)
            for now in reached
        ]
        # Of several routes nobody noted which one is taken.
        return Fate.of_trials(kept) if any(kept) else None

    def _service(self, use: Use) -> Fate | None:
        """Try the rpcs of a service that the same document says are called."""
        called = self._used.get((use.evidence.document, use.access), frozenset())
        methods = self._states.former.methods
        rpcs = [methods[name] for name in called if name in methods and name.rpartition(".")[0] == use.element]
        return Fate.KEPT if rpcs and all(self._rpc(use, each) is Fate.KEPT for each in rpcs) else None

    def _enum(self, use: Use, enum: str, value: str) -> Fate | None:
        """Try an enum, or one of its values, in the fields of which the same document tells."""
        fate = Fate.of_trials(
            field_arrives(field, held(field, number), target, _wire(use))
            for field, target in self._fields_of(use, enum)
            for number in single_samples(map_value(field) or field)
            if not value or value in _names(map_value(field) or field, number)
        )
        return fate if value or fate is Fate.KEPT else None

    def _fields_of(self, use: Use, enum: str) -> Iterator[tuple[FieldType, MessageType]]:
        """Yield the fields with values of an enum that the same document tells of, each with its present message."""
        for element in sorted(self._of(use)):
            owner, _, name = element.rpartition(".")
            message, target = self._states.former.message(owner), self._states.message(owner)
            field = message.fields_by_name.get(name) if message is not None else None
            type_ = (map_value(field) or field).enum_type if field is not None else None
            if field is not None and target is not None and type_ is not None and type_.full_name == enum:
                yield field, target


def is_json(use: Use) -> bool:
    """Tell whether JSON travels; nobody masks the fields of an event, so that a name in one is the JSON's own."""
    return transport_kind(use.transport).carries_names or (use.named and use.transport == Transport.KAFKA)


def is_placed(use: Use) -> bool:
    """Tell whether the place in an address tells an element, and no name of it travels."""
    return transport_kind(use.transport).carries_names and not use.named


def _closure(messages: Iterable[MessageType]) -> frozenset[str]:
    """Return the full names of messages and of all that they are made of."""
    found: set[str] = set()
    waiting = list(messages)
    while waiting:
        message = waiting.pop()
        if message.full_name not in found:
            found.add(message.full_name)
            inner = ((map_value(field) or field).message_type for field in message.fields)
            waiting += [each for each in inner if each is not None]
    return frozenset(found)


def _wire(use: Use) -> Wire:
    access = Access.READ if use.access is Access.READ else Access.WRITE
    return Wire(access, is_json(use))


def _names(field: FieldType, number: int) -> set[str]:
    return {value.name for value in field.enum_type.values if value.number == number} if field.enum_type else set()


def _text(field: FieldType, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if field.enum_type is not None:
        return next(each.name for each in field.enum_type.values if each.number == value)
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
