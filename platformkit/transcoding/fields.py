"""Fields by their path, and their values as the text that a path or a query carries."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor

FieldPath = tuple[FieldDescriptor, ...]

_PACKAGE: Final = "google.protobuf."
WRAPPERS: Final = frozenset(
    f"{_PACKAGE}{kind}Value"
    for kind in ("Bool", "Bytes", "Double", "Float", "Int32", "Int64", "String", "UInt32", "UInt64")
)
TEXTUAL: Final = frozenset({f"{_PACKAGE}Duration", f"{_PACKAGE}FieldMask", f"{_PACKAGE}Timestamp"})
"""Messages whose JSON is a string."""
FREE_FORM: Final = frozenset({f"{_PACKAGE}Any", f"{_PACKAGE}ListValue", f"{_PACKAGE}Struct", f"{_PACKAGE}Value"})
"""Messages whose JSON follows no descriptor."""

_SPECIAL: Final = WRAPPERS | TEXTUAL | FREE_FORM

INTEGERS: Final = {
    FieldDescriptor.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, 2**64 - 1),
}
FLOATS: Final = frozenset({FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT})
SPECIAL_FLOATS: Final = frozenset({"NaN", "Infinity", "-Infinity"})

INTEGER: Final = re.compile(r"-?[0-9]{1,20}")
NUMBER: Final = re.compile(r"-?[0-9]{1,400}(?:\.[0-9]{1,400})?(?:[eE][+-]?[0-9]{1,4})?")


def is_unicode(text: str) -> bool:
    """Tell whether a text has a form in UTF-8: half of a surrogate pair, which JSON can escape, has none."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def by_name(message: Descriptor, name: str) -> FieldDescriptor | None:
    """Return the field with this proto name or JSON name."""
    if not is_unicode(name):
        # upb's tables end in a SystemError when they are asked for such a name.
        return None
    return (
        message.fields_by_name.get(name) or message.fields_by_camelcase_name.get(name) or _by_json_name(message, name)
    )


def _by_json_name(message: Descriptor, name: str) -> FieldDescriptor | None:
    return next((field for field in message.fields if field.json_name == name), None)


def resolve(message: Descriptor, path: str) -> FieldPath | None:
    """Return the fields from the message down to the one that a dotted path names; None if there is no such field."""
    fields: list[FieldDescriptor] = []
    inside: Descriptor | None = message
    for name in path.split("."):
        field = by_name(inside, name) if inside is not None else None
        if field is None:
            return None
        fields.append(field)
        inside = nested(field)
    return tuple(fields)


def map_entry(field: FieldDescriptor) -> Descriptor | None:
    """Return the entry of a map field, with its fields ``key`` and ``value``; None if the field is no map."""
    message = field.message_type
    return message if message is not None and message.GetOptions().map_entry else None


def nested(field: FieldDescriptor) -> Descriptor | None:
    """Return the message of a field that holds one message with fields of its own in JSON, else None."""
    message = field.message_type
    return message if message is not None and not field.is_repeated and message.full_name not in _SPECIAL else None


def is_text(field: FieldDescriptor) -> bool:
    """Tell whether each value of the field can be written as the text of a query parameter."""
    return field.message_type is None or field.message_type.full_name in WRAPPERS | TEXTUAL


def plain(field: FieldDescriptor) -> FieldDescriptor:
    """Return the field itself, or the field inside a wrapper message."""
    message = field.message_type
    return message.fields_by_name["value"] if message is not None and message.full_name in WRAPPERS else field


def dotted(fields: FieldPath) -> str:
    """Return the path in proto names."""
    return ".".join(field.name for field in fields)


def json_dotted(fields: FieldPath) -> str:
    """Return the path in JSON names, as query parameters are called."""
    return ".".join(field.json_name for field in fields)


def value_of_text(field: FieldDescriptor, text: str) -> Any:
    """Return the JSON value of one text.

    Raises:
        ValueError: The text is no such value; the message says what is expected.
    """
    kind = plain(field).cpp_type
    if kind == FieldDescriptor.CPPTYPE_BOOL:
        if text not in {"true", "false"}:
            raise ValueError(f"expected true or false, got {text!r}")
        return text == "true"
    if kind in INTEGERS:
        if INTEGER.fullmatch(text) is None:
            raise ValueError(f"expected an integer, got {text!r}")
        return int(text)
    if kind in FLOATS:
        if text not in SPECIAL_FLOATS and NUMBER.fullmatch(text) is None:
            raise ValueError(f"expected a number, got {text!r}")
        return text if text in SPECIAL_FLOATS else float(text)
    if kind == FieldDescriptor.CPPTYPE_ENUM and INTEGER.fullmatch(text):
        return int(text)
    return text


def text_of_value(value: Any) -> str:
    """Return the text of one JSON value; undoes ``value_of_text``."""
    return value if isinstance(value, str) else json.dumps(value)
