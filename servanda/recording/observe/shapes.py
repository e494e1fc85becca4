"""Members of messages without their values: see :class:`servanda.interfaces.usage.exchange.Shape`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from google.protobuf.message import Message

from servanda.pact.descriptors import FieldType, MessageType, map_value
from servanda.protobuf_runtime import is_repeated

Bare: TypeAlias = "Mapping[str, Bare] | list[Bare] | None"
"""A value without scalars; a list holds one item for all its items."""
ANY_KEY: Final = "*"
"""Name of all entries of a map: its keys are values."""
MOST_MEMBERS: Final = 2_000
MOST_ITEMS: Final = 16
"""Different items of a list that are told apart."""
MOST_CHARACTERS: Final = 100_000
"""Characters of the names of all members of a message."""
_LIBRARY: Final = "google."


class TooManyMembersError(Exception):
    """A message has more different members than are noted."""


def of_message(message: Message, *, apart: bool = False) -> Bare:
    """Return the fields that a message sets, by their names in the definition.

    Args:
        message: The message.
        apart: Whether different items are told apart, so that it shows what each of them leaves out.

    Raises:
        TooManyMembersError: There are too many different items.
    """
    if message.DESCRIPTOR.full_name.startswith(_LIBRARY):
        return None
    return {field.name: _of_field(field, value, apart=apart) for field, value in message.ListFields()}


def _of_field(field: FieldType, value: object, *, apart: bool) -> Bare:
    if map_value(field) is not None and isinstance(value, Mapping):
        return _entries((_of_entry(each, apart=apart) for each in value.values()), apart=apart)
    if is_repeated(field) and isinstance(value, Iterable):
        return _items((_of_entry(each, apart=apart) for each in value), apart=apart)
    return _of_entry(value, apart=apart)


def _of_entry(value: object, *, apart: bool) -> Bare:
    return of_message(value, apart=apart) if isinstance(value, Message) else None


def of_json(value: object, message: MessageType | None = None, *, apart: bool = False) -> Bare:
    """Return the members of a JSON value.

    Args:
        value: The value.
        message: The protobuf message that it stands for, if it stands for one: what that does not know is left out.
        apart: Whether different items are told apart, so that it shows what each of them leaves out.

    Raises:
        TooManyMembersError: There are too many different items.
    """
    if isinstance(value, list):
        return _items((of_json(each, message, apart=apart) for each in value), apart=apart)
    if not isinstance(value, Mapping):
        return None
    if message is None:
        return {str(name): of_json(each, apart=apart) for name, each in value.items()}
    if message.full_name.startswith(_LIBRARY):
        return None
    return dict(_known(value, message, apart=apart))


def _known(value: Mapping[str, object], message: MessageType, *, apart: bool) -> Iterator[tuple[str, Bare]]:
    by_json_name = {field.json_name: field for field in message.fields}
    for name, each in value.items():
        field = message.fields_by_name.get(name) or by_json_name.get(name)
        if field is None:
            continue
        in_map = map_value(field)
        inner = (in_map or field).message_type
        if in_map is not None and isinstance(each, Mapping):
            entries = (of_json(entry, inner, apart=apart) if inner else None for entry in each.values())
            yield name, _entries(entries, apart=apart)
        elif inner is not None:
            yield name, of_json(each, inner, apart=apart)
        else:
            yield name, [None] if isinstance(each, list) else None


def _items(values: Iterable[Bare], *, apart: bool) -> list[Bare]:
    return _different(values) if apart else [_together(values)]


def _entries(values: Iterable[Bare], *, apart: bool) -> Bare:
    """Return the entries of a map, whose keys are values: the names of different ones are numbers."""
    if not apart:
        return {ANY_KEY: _together(values)}
    return {str(number): each for number, each in enumerate(_different(values))}


def _different(values: Iterable[Bare]) -> list[Bare]:
    found: dict[str, Bare] = {}
    for value in values:
        found[key(value)] = value
        if len(found) > MOST_ITEMS:
            raise TooManyMembersError
    return list(found.values())


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
