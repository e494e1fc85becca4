"""JSON Schemas of messages, as the HTTP edge reads and writes them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from buf.validate import validate_pb2
from google.api import field_behavior_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from platformkit.openapi.constraints import (
    Schema,
    array_keywords,
    enum_keywords,
    map_keywords,
    number_keywords,
    rules_of,
    string_keywords,
)
from platformkit.transcoding.fields import FLOATS, INTEGERS, SPECIAL_FLOATS, map_entry, plain

_PATH: Final = r"[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)*"
_WELL_KNOWN: Final[Mapping[str, Schema]] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.Duration": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,9})?s$"},
    "google.protobuf.FieldMask": {"type": "string", "pattern": rf"^({_PATH}(,{_PATH})*)?$"},
    "google.protobuf.Struct": {"type": "object"},
    "google.protobuf.Value": {},
    "google.protobuf.ListValue": {"type": "array"},
    "google.protobuf.Empty": {"type": "object", "additionalProperties": False},
    "google.protobuf.Any": {
        "type": "object",
        "properties": {"@type": {"type": "string"}},
        "required": ["@type"],
    },
}
PARTIAL: Final = ".partial"
"""Ends the name of a schema of a change; no message is called so, since their names begin with a capital."""
_WIDE: Final = frozenset({FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT64})
_RULES_OF_INTEGERS: Final = {
    FieldDescriptor.TYPE_INT32: "int32",
    FieldDescriptor.TYPE_UINT32: "uint32",
    FieldDescriptor.TYPE_SINT32: "sint32",
    FieldDescriptor.TYPE_FIXED32: "fixed32",
    FieldDescriptor.TYPE_SFIXED32: "sfixed32",
}


class Schemas:
    """The schemas of messages, each once, and references to them.

    Args:
        comments: Comments of the interfaces, by the full name of what they are about.
        closed: Full names of the messages in which the edge refuses what it does not know.
    """

    def __init__(self, comments: Mapping[str, str], closed: Collection[str]) -> None:
        self._comments = comments
        self._closed = closed
        self._components: dict[str, Schema] = {}

    @property
    def components(self) -> dict[str, Schema]:
        """Return the schemas that references point to, by full name."""
        return dict(sorted(self._components.items()))

    def reference(self, message: Descriptor, *, partial: bool = False) -> Schema:
        """Return a reference to the schema of a message.

        Args:
            message: The message.
            partial: Whether it is a change, in which only what validation asks for has to stand.
        """
        if message.full_name in _WELL_KNOWN:
            return dict(_WELL_KNOWN[message.full_name])
        name = message.full_name + (PARTIAL if partial else "")
        if name not in self._components:
            # Taken before it is made, because a message may contain itself.
            self._components[name] = {}
            self._components[name] = self.message(message, partial=partial)
        return {"$ref": f"#/components/schemas/{name}"}

    def message(self, message: Descriptor, *, without: Collection[str] = (), partial: bool = False) -> Schema:
        """Return the schema of a message itself.

        Args:
            message: The message.
            without: Names of fields that are left out.
            partial: As for ``reference``.
        """
        fields = [field for field in message.fields if field.name not in without]
        required = [field.json_name for field in fields if _is_required(field, partial=partial)]
        schema: Schema = {"type": "object"} | self._description(message.full_name)
        schema["properties"] = {field.json_name: self.property(field, partial=partial) for field in fields}
        if required:
            schema["required"] = required
        if message.full_name in self._closed:
            schema["additionalProperties"] = False
        return schema

    def property(self, field: FieldDescriptor, *, partial: bool = False) -> Schema:
        """Return the schema of a field with what is said about it."""
        behaviors = field.GetOptions().Extensions[field_behavior_pb2.field_behavior]
        plain_value = field.message_type is None and not field.is_repeated
        if plain_value and field_behavior_pb2.REQUIRED in behaviors and not partial:
            schema = self.filled(field)
        else:
            schema = self.value(field, partial=partial) | self._description(field.full_name)
        if field_behavior_pb2.OUTPUT_ONLY in behaviors:
            schema["readOnly"] = True
        if field_behavior_pb2.INPUT_ONLY in behaviors:
            schema["writeOnly"] = True
        return schema

    def value(self, field: FieldDescriptor, *, partial: bool = False) -> Schema:
        """Return the schema of a field's value; what lists and maps contain is never a change of something."""
        rules = rules_of(field)
        entry = map_entry(field)
        if entry is not None:
            values = self._single(entry.fields_by_name["value"], rules.map.values)
            return {"type": "object", "additionalProperties": values} | map_keywords(rules.map)
        if field.is_repeated:
            return {"type": "array", "items": self._single(field, rules.repeated.items)} | array_keywords(
                rules.repeated
            )
        return self._single(field, rules, partial=partial)

    def filled(self, field: FieldDescriptor) -> Schema:
        """Return the schema of a plain field that is never empty, since it is required or a part of the path."""
        rules = validate_pb2.FieldRules()
        rules.CopyFrom(rules_of(field))
        rules.ignore = validate_pb2.IGNORE_UNSPECIFIED
        schema = self._single(field, rules) | self._description(field.full_name)
        return {"minLength": 1} | schema if schema.get("type") == "string" and "enum" not in schema else schema

    def _single(self, field: FieldDescriptor, rules: validate_pb2.FieldRules, *, partial: bool = False) -> Schema:
        field = plain(field)
        if field.message_type is not None:
            return self.reference(field.message_type, partial=partial)
        kind, keywords = _scalar(field, rules)
        if rules.ignore == validate_pb2.IGNORE_ALWAYS:
            return kind
        if rules.ignore == validate_pb2.IGNORE_IF_ZERO_VALUE and keywords:
            return kind | {"anyOf": [{"const": _zero(field)}, keywords]}
        return kind | keywords

    def _description(self, name: str) -> Schema:
        comment = self._comments.get(name)
        return {"description": comment} if comment else {}


def reachable(messages: Collection[Descriptor]) -> frozenset[str]:
    """Full names of these messages and of all that they contain."""
    found: dict[str, Descriptor] = {}
    pending = list(messages)
    while pending:
        message = pending.pop()
        if message.full_name not in found:
            found[message.full_name] = message
            pending.extend(_contained(message))
    return frozenset(found)


def _contained(message: Descriptor) -> Iterator[Descriptor]:
    return (field.message_type for field in message.fields if field.message_type is not None)


def _scalar(field: FieldDescriptor, rules: validate_pb2.FieldRules) -> tuple[Schema, Schema]:
    """Return what every value of the type is, and what the rules ask for besides."""
    if field.enum_type is not None:
        return {"type": "string"}, enum_keywords(field.enum_type, rules.enum)
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return {"type": "boolean"}, {"const": rules.bool.const} if rules.bool.HasField("const") else {}
    if field.cpp_type in INTEGERS:
        return _integer(field, rules)
    if field.cpp_type in FLOATS:
        return _float(field, rules)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return {"type": "string", "contentEncoding": "base64"}, {}
    return {"type": "string"}, string_keywords(rules.string)


def _integer(field: FieldDescriptor, rules: validate_pb2.FieldRules) -> tuple[Schema, Schema]:
    low, high = INTEGERS[field.cpp_type]
    if field.cpp_type in _WIDE:
        # ProtoJSON writes 64 bits as a string, since many readers of JSON have no such integer.
        pattern = "^-?[0-9]{1,19}$" if low < 0 else "^[0-9]{1,20}$"
        return {"type": "string", "format": "int64" if low < 0 else "uint64", "pattern": pattern}, {}
    bounds = {"minimum": low, "maximum": high} | number_keywords(getattr(rules, _RULES_OF_INTEGERS[field.type]))
    return {"type": "integer", "format": "int32" if low < 0 else "int64"}, bounds


def _float(field: FieldDescriptor, rules: validate_pb2.FieldRules) -> tuple[Schema, Schema]:
    name = "double" if field.cpp_type == FieldDescriptor.CPPTYPE_DOUBLE else "float"
    number = {"type": "number", "format": name} | number_keywords(getattr(rules, name))
    return {"anyOf": [number, {"enum": sorted(SPECIAL_FLOATS)}]}, {}


def _zero(field: FieldDescriptor) -> Any:
    if field.enum_type is not None:
        return field.enum_type.values[0].name
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return False
    return 0 if field.cpp_type in INTEGERS else ""


def _is_required(field: FieldDescriptor, *, partial: bool) -> bool:
    rules = rules_of(field)
    behaviors = field.GetOptions().Extensions[field_behavior_pb2.field_behavior]
    if rules.required or (field_behavior_pb2.REQUIRED in behaviors and not partial):
        return True
    # Absent is the zero value for such a field, and here the zero value is refused.
    refused = rules.string.min_len > 0 or rules.string.HasField("len") or rules.repeated.min_items > 0
    return not field.has_presence and rules.ignore == validate_pb2.IGNORE_UNSPECIFIED and refused
