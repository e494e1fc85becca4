"""Values that no log, trace, error or listing shows: those of fields with the option ``debug_redact``.

The interfaces say which fields hold secrets and personal data
(https://protobuf.dev/reference/protobuf/google.protobuf/#field-options). What becomes of their values in texts that
others write, such as the message of an exception, nobody can say in advance: so they are looked for in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

REDACTED: Final = "[redacted]"
_SHORTEST: Final = 3
"""Shorter values are in every text."""


def redacted(text: str, messages: Iterable[Message]) -> str:
    """Return a text in which nothing of what messages hold in annotated fields is left, in any case.

    A value of one or two characters stays, as it would be found in every text.
    """
    values = {form for message in messages for value in sensitive_values(message) for form in (value, _escaped(value))}
    found = sorted((value for value in values if len(value) >= _SHORTEST), key=len, reverse=True)
    if not found:
        return text
    return re.sub("|".join(map(re.escape, found)), REDACTED, text, flags=re.IGNORECASE)


def sensitive_values(message: Message) -> Iterator[str]:
    """Return the texts in annotated fields of a message, and of the messages in it."""
    for field, value in message.ListFields():
        if is_sensitive(field):
            yield from _texts(field, value)
        elif field.message_type is not None and holds_sensitive(field.message_type):
            for inner in _messages(field, value):
                yield from sensitive_values(inner)


def without_sensitive(message: Message) -> dict[str, Any]:
    """Return a message as JSON has it, with every value of an annotated field replaced."""
    copy = type(message)()
    copy.CopyFrom(message)
    _clear(copy)
    document: dict[str, Any] = json_format.MessageToDict(copy)
    _mark(message, document)
    return document


@cache
def holds_sensitive(descriptor: Descriptor) -> bool:
    """Tell whether a field of a message, or of a message in it, is annotated."""
    waiting, seen = [descriptor], {descriptor.full_name}
    while waiting:
        for field in waiting.pop().fields:
            if is_sensitive(field):
                return True
            if field.message_type is not None and field.message_type.full_name not in seen:
                seen.add(field.message_type.full_name)
                waiting.append(field.message_type)
    return False


@cache
def is_sensitive(field: FieldDescriptor) -> bool:
    """Tell whether a field is annotated."""
    return bool(field.GetOptions().debug_redact)


def _messages(field: FieldDescriptor, value: Any) -> Iterable[Message]:
    if not field.is_repeated:
        return (value,)
    return list(value.values()) if _is_map(field) else list(value)


def _is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and bool(field.message_type.GetOptions().map_entry)


def _texts(field: FieldDescriptor, value: Any) -> Iterator[str]:
    if _is_map(field):
        yield from (str(part) for entry in value.items() for part in entry)
    elif field.message_type is not None:
        for inner in _messages(field, value):
            yield from _all_texts(inner)
    else:
        yield from map(_text, value if field.is_repeated else (value,))


def _all_texts(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        yield from _texts(field, value)


def _text(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _escaped(value: str) -> str:
    # As it stands in the repr of an exception.
    return repr(value)[1:-1]


def _clear(message: Message) -> None:
    for field, value in message.ListFields():
        if is_sensitive(field):
            message.ClearField(field.name)
        elif field.message_type is not None and holds_sensitive(field.message_type):
            for inner in _messages(field, value):
                _clear(inner)


def _mark(message: Message, document: dict[str, Any]) -> None:
    for field, value in message.ListFields():
        if is_sensitive(field):
            document[field.json_name] = REDACTED
        elif field.message_type is not None and holds_sensitive(field.message_type):
            inner = document[field.json_name]
            if not field.is_repeated:
                _mark(value, inner)
            elif _is_map(field):
                for key, entry in value.items():
                    _mark(entry, inner[str(key)])
            else:
                for entry, place in zip(value, inner, strict=True):
                    _mark(entry, place)
