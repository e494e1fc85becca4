"""Elements of both states by the name that a finding gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor_pb2 import EnumValueDescriptorProto, FieldDescriptorProto
from google.protobuf.message import Message

from servanda.interfaces.protobuf.rules.subject import Comparison
from servanda.interfaces.protobuf.schema import Element, File, State
from servanda.interfaces.protobuf.schema.element import fields, methods, oneofs, values

# ``Any``: descriptors of all kinds, told apart where they are used.
Place = Element[Any] | File | None
"""Something that a name stands for; ``None`` if there is none."""


@dataclass(frozen=True, slots=True)
class Located:
    """An element in both states.

    Attributes:
        element: The name that a finding gives it: a full name, or the path of a file.
        was: What it was.
        now: What it is.
        comparison: The states.
    """

    element: str
    was: Place
    now: Place
    comparison: Comparison

    @property
    def place(self) -> Place:
        """Return its earlier place; of something new, its present one."""
        return self.was or self.now


def locate(element: str, comparison: Comparison) -> Located:
    """Find an element in both states.

    Fields and enum values are the same if they have the same number, whatever they are called.
    """
    if element in comparison.previous.packages:
        return Located(element, None, None, comparison)
    # What only says something else in its comment is in no file that differs.
    for previous, current in (comparison.differing, (comparison.previous, comparison.current)):
        was, now = _find(element, previous), _find(element, current)
        if was is not None or now is not None:
            return Located(element, *_by_number(was, now, previous, current), comparison)
    return Located(element, None, None, comparison)


def file_of(place: Place) -> File | None:
    """Return the file in which something is declared; a file itself for a file."""
    return place.file if isinstance(place, Element) else place


def names_of(place: Place) -> tuple[str, ...]:
    """Return the names of an element: of an enum value those of its aliases too; none for a file."""
    if not isinstance(place, Element):
        return ()
    if isinstance(place.proto, EnumValueDescriptorProto) and isinstance(place.parent, Element):
        siblings = place.parent.proto.value  # type: ignore[attr-defined]  # values stand in enums only
        return tuple(value.name for value in siblings if value.number == place.proto.number)
    return (place.name,)


def _by_number(was: Place, now: Place, previous: State, current: State) -> tuple[Place, Place]:
    if isinstance(was, Element) and _is_numbered(was):
        return was, _counterpart(was, current)
    if was is None and isinstance(now, Element) and _is_numbered(now):
        return _counterpart(now, previous), now
    return was, now


def _is_numbered(element: Element[Message]) -> bool:
    return isinstance(element.proto, FieldDescriptorProto | EnumValueDescriptorProto)


def _counterpart(element: Element[Message], state: State) -> Place:
    proto, owner = element.proto, element.parent.full_name if element.parent is not None else ""
    if isinstance(proto, FieldDescriptorProto):
        if proto.extendee:
            return state.extensions.get((proto.extendee, proto.number))
        message = state.messages.get(owner)
        return fields(message).get(proto.number) if message is not None else None
    enum = state.enums.get(owner)
    named = values(enum).get(proto.number) if enum is not None and isinstance(proto, EnumValueDescriptorProto) else None
    return next(iter(named.values())) if named else None


def _find(element: str, state: State) -> Place:
    container, _, name = element.rpartition(".")
    return (
        state.files.get(element)
        or state.messages.get(element)
        or state.enums.get(element)
        or state.services.get(element)
        or _inside(container, name, state)
        or next((each for each in state.extensions.values() if each.full_name == element), None)
    )


def _inside(container: str, name: str, state: State) -> Place:
    if container in state.messages:
        message = state.messages[container]
        named = {field.proto.name: field for field in fields(message).values()}
        return named.get(name) or oneofs(message).get(name)
    if container in state.enums:
        known = values(state.enums[container]).values()
        return next((aliases[name] for aliases in known if name in aliases), None)
    return methods(state.services[container]).get(name) if container in state.services else None
