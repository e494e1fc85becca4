"""A proposal for the element that takes the place of one that changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto

from servanda.interfaces.protobuf.declaration import declaration, json_name
from servanda.interfaces.protobuf.location import Located
from servanda.interfaces.protobuf.schema import Element

_LAST: Final = 536_870_911
"""The highest field number (2^29 - 1)."""
_IMPLEMENTATION: Final = (19_000, 19_999)
"""Field numbers that the implementation keeps for itself. Source: "Assigning Field Numbers" of the proto3 guide."""


def successor(located: Located) -> str:
    """Return a definition that says what the element says now, beside the element as it was.

    It has a name of its own, and a field has the next free number. Where there is no such thing it is a comment.
    """
    now = located.now
    if not isinstance(now, Element):
        return "// and its successor under a name of its own"
    if isinstance(now.proto, FieldDescriptorProto):
        if now.proto.extendee:
            return "// and its successor, an extension with a number of its own"
        number = _free_number(located)
        if number > _LAST:
            return "// and its successor in another message: no number is free"
        return declaration(_renamed(now, _field_name(located, now), number))
    return declaration(_renamed(now, f"New{now.name}", None))


def _field_name(located: Located, now: Element[Any]) -> str:
    parent = located.was.parent if isinstance(located.was, Element) else None
    siblings = parent.proto.field if parent is not None and isinstance(parent.proto, DescriptorProto) else ()
    return f"new_{now.name}" if any(field.name == now.name for field in siblings) else now.name


def _renamed(element: Element[Any], name: str, number: int | None) -> Element[Any]:
    proto = type(element.proto)()
    proto.CopyFrom(element.proto)
    proto.name = name
    if number is not None:
        proto.number = number
        if proto.json_name == json_name(element.name):
            proto.ClearField("json_name")
    outer, dot, _ = element.nested_name.rpartition(".")
    return replace(element, proto=proto, nested_name=f"{outer}{dot}{name}")


def _free_number(located: Located) -> int:
    # Numbers of either state: one that was deleted is not free.
    parents = [place.parent for place in (located.was, located.now) if isinstance(place, Element)]
    messages = [parent.proto for parent in parents if parent is not None and isinstance(parent.proto, DescriptorProto)]
    taken = sorted(interval for message in messages for interval in _taken(message))
    highest = max((field.number for message in messages for field in message.field), default=0)
    found = _free_from(highest + 1, taken)
    return found if found <= _LAST else _free_from(1, taken)


def _free_from(number: int, taken: list[tuple[int, int]]) -> int:
    for start, end in taken:
        if start <= number <= end:
            number = end + 1
    return number


def _taken(message: DescriptorProto) -> Iterator[tuple[int, int]]:
    yield _IMPLEMENTATION
    yield from ((field.number, field.number) for field in message.field)
    yield from ((each.start, each.end - 1) for each in message.reserved_range)
    yield from ((each.start, each.end - 1) for each in message.extension_range)
