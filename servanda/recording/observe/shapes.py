"""Members of messages without their values: see :class:`servanda.interfaces.usage.exchange.Shape`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from google.protobuf.message import Message

from servanda.pact.descriptors import FieldType, MessageType, map_value

Bare: TypeAlias = "Mapping[str, Bare] | list[Bare] | None"
"""A value without scalars; a list holds one item for all its items."""
ANY_KEY: Final = "*"
"""Name of all entries of a map: its keys are values."""
MOST_MEMBERS: Final = 2_000
MOST_CHARACTERS: Final = 100_000
"""Characters of the names of all members of a message."""
_LIBRARY: Final = "google."


class TooManyMembersError(Exception):
    """A message has more different members than are noted."""


def of_message(message: Message) -> Bare:
    """Return the fields that a message sets, by their names in the definition."""
    if message.DESCRIPTOR.full_name.startswith(_LIBRARY):
        return None
    return {field.name: _of_field(field, value) for field, value in message.ListFields()}


def _of_field(field: FieldType, value: object) -> Bare:
    in_map = map_value(field)
    if in_map is not None and isinstance(value, Mapping):
        return {ANY_KEY: _together(_of_entry(each) for each in value.values())}
    if field.is_repeated and isinstance(value, Iterable):
        return [_together(_of_entry(each) for each in value)]
    return _of_entry(value)


def _of_entry(value: object) -> Bare:
    return of_message(value) if isinstance(value, Message) else None


def of_json(value: object, message: MessageType | None = None) -> Bare:
    """Return the members of a JSON value.

    Args:
        value: The value.
        message: The protobuf message that it stands for, if it stands for one: what that does not know is left out.
    """
    if isinstance(value, list):
        return [_together(of_json(each, message) for each in value)]
    if not isinstance(value, Mapping):
        return None
    if message is None:
        return {str(name): of_json(each) for name, each in value.items()}
    if message.full_name.startswith(_LIBRARY):
        return None
    return dict(_known(value, message))


def _known(value: Mapping[str, object], message: MessageType) -> Iterator[tuple[str, Bare]]:
    by_json_name = {field.json_name: field for field in message.fields}
    for name, each in value.items():
        field = message.fields_by_name.get(name) or by_json_name.get(name)
        if field is None:
            continue
        in_map = map_value(field)
        inner = (in_map or field).message_type
        if in_map is not None and isinstance(each, Mapping):
            yield name, {ANY_KEY: _together(of_json(entry, inner) if inner else None for entry in each.values())}
        elif inner is not None:
            yield name, of_json(each, inner)
        else:
            yield name, [None] if isinstance(each, list) else None


def merged(one: Bare, other: Bare) -> Bare:
    """Return the members of both."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return {name: merged(one.get(name), other.get(name)) for name in {**one, **other}}
    if isinstance(one, list) and isinstance(other, list):
        return [_together([*one, *other])]
    return other if one is None else one


def _together(values: Iterable[Bare]) -> Bare:
    found: Bare = None
    for value in values:
        found = merged(found, value)
    return found


def bounded(value: Bare) -> Bare:
    """Return the same.

    Raises:
        TooManyMembersError: It has more members than are noted.
    """
    waiting, count, characters = [value], 0, 0
    while waiting:
        each = waiting.pop()
        inner = list(each.values()) if isinstance(each, Mapping) else each or []
        count += len(inner)
        characters += sum(map(len, each)) if isinstance(each, Mapping) else 0
        if count > MOST_MEMBERS or characters > MOST_CHARACTERS:
            raise TooManyMembersError
        waiting += inner
    return value


def key(value: Bare) -> str:
    """Return a text that is the same for the same members."""
    return json.dumps(value, sort_keys=True)
