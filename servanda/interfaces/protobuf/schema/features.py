"""Behaviour that syntax or edition gives an element: presence, encoding, openness.

Source: "Feature Settings for Editions" of the Protocol Buffers documentation; proto2 and proto3 are editions with fixed
features.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import Literal

from google.protobuf import empty_pb2, unknown_fields
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    Edition,
    EnumDescriptorProto,
    FeatureSet,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from google.protobuf.message import Message

from servanda.interfaces.protobuf.schema.element import Element, File

# Extensions of FeatureSet and fields in them (google/protobuf/cpp_features.proto, java_features.proto).
PB_CPP, PB_CPP_STRING_TYPE = 1000, 2
PB_JAVA, PB_JAVA_UTF8_VALIDATION = 1001, 2
_JAVA_VERIFY = 2

Type = FieldDescriptorProto.Type
Label = FieldDescriptorProto.Label

_PROTO2 = FeatureSet(
    field_presence=FeatureSet.EXPLICIT,
    enum_type=FeatureSet.CLOSED,
    repeated_field_encoding=FeatureSet.EXPANDED,
    utf8_validation=FeatureSet.NONE,
    message_encoding=FeatureSet.LENGTH_PREFIXED,
    json_format=FeatureSet.LEGACY_BEST_EFFORT,
)
_PROTO3 = FeatureSet(
    field_presence=FeatureSet.IMPLICIT,
    enum_type=FeatureSet.OPEN,
    repeated_field_encoding=FeatureSet.PACKED,
    utf8_validation=FeatureSet.VERIFY,
    message_encoding=FeatureSet.LENGTH_PREFIXED,
    json_format=FeatureSet.ALLOW,
)
_EDITION_2023 = FeatureSet(
    field_presence=FeatureSet.EXPLICIT,
    enum_type=FeatureSet.OPEN,
    repeated_field_encoding=FeatureSet.PACKED,
    utf8_validation=FeatureSet.VERIFY,
    message_encoding=FeatureSet.LENGTH_PREFIXED,
    json_format=FeatureSet.ALLOW,
)


class CppStringType(enum.IntEnum):
    """``pb.CppFeatures.StringType``."""

    VIEW = 1
    CORD = 2
    STRING = 3


class Cardinality(enum.StrEnum):
    """Number of occurrences of a field, and whether its absence can be told from its default."""

    EXPLICIT = "optional with explicit presence"
    IMPLICIT = "optional with implicit presence"
    REQUIRED = "required"
    REPEATED = "repeated"
    MAP = "map"


def syntax(file: FileDescriptorProto) -> str:
    """``proto2``, ``proto3`` or ``editions``; a file that says nothing is proto2."""
    return file.syntax or "proto2"


Feature = Literal["enum_type", "field_presence", "json_format", "message_encoding", "utf8_validation"]


def feature(element: Element[Message], name: Feature) -> int:
    """Return the value of a feature of ``FeatureSet`` as the element inherits it."""
    for settings in _settings(element):
        if settings.HasField(name):
            return int(getattr(settings, name))
    return int(getattr(_defaults(element.file), name))


def cpp_string_type(element: Element[Message]) -> CppStringType:
    """Return the value of ``(pb.cpp).string_type`` as the element inherits it."""
    for settings in _settings(element):
        value = _custom(settings, PB_CPP, PB_CPP_STRING_TYPE)
        if value:
            return CppStringType(value)
    newer = element.file.proto.edition >= Edition.EDITION_2024
    return CppStringType.VIEW if newer else CppStringType.STRING


def java_verifies_utf8(element: Element[Message]) -> bool:
    """Tell whether ``(pb.java).utf8_validation`` demands verification where the element stands."""
    for settings in _settings(element):
        value = _custom(settings, PB_JAVA, PB_JAVA_UTF8_VALIDATION)
        if value:
            return value == _JAVA_VERIFY
    return False


def _custom(settings: FeatureSet, extension: int, field: int) -> int:
    """Return a varint of a language's own feature set, 0 if unset; the runtime ships no classes for them."""
    data = _unknown(settings, extension)
    value = _unknown(empty_pb2.Empty.FromString(data), field) if isinstance(data, bytes) else None
    return value if isinstance(value, int) else 0


def _unknown(message: Message, number: int) -> object:
    found = unknown_fields.UnknownFieldSet(message)
    return next((found[index].data for index in range(len(found)) if found[index].field_number == number), None)


def kind(field: Element[FieldDescriptorProto]) -> Type.ValueType:
    """Return the field's type; a message that is encoded with delimiters counts as a group, whatever the syntax."""
    declared = field.proto.type
    if declared != Type.TYPE_MESSAGE or syntax(field.file.proto) != "editions":
        return declared
    if is_map(field) or in_map_entry(field):
        return declared
    delimited = feature(field, "message_encoding") == FeatureSet.DELIMITED
    return Type.TYPE_GROUP if delimited else declared


def kind_name(field: Element[FieldDescriptorProto]) -> str:
    """Return the kind as a person writes it."""
    value = kind(field)
    if value == Type.TYPE_GROUP and syntax(field.file.proto) != "proto2":
        return "message (delimited encoding)"
    return Type.Name(value).removeprefix("TYPE_").lower()


def cardinality(field: Element[FieldDescriptorProto]) -> Cardinality:
    """Tell how often the field can occur."""
    proto = field.proto
    if proto.label == Label.LABEL_REPEATED:
        return Cardinality.MAP if is_map(field) else Cardinality.REPEATED
    if proto.label == Label.LABEL_REQUIRED:
        return Cardinality.REQUIRED
    editions = syntax(field.file.proto) == "editions"
    if editions and feature(field, "field_presence") == FeatureSet.LEGACY_REQUIRED:
        return Cardinality.REQUIRED
    explicit = (
        proto.type in {Type.TYPE_MESSAGE, Type.TYPE_GROUP}
        or proto.HasField("oneof_index")
        or bool(proto.extendee)
        or feature(field, "field_presence") == FeatureSet.EXPLICIT
    )
    return Cardinality.EXPLICIT if explicit else Cardinality.IMPLICIT


def is_map(field: Element[FieldDescriptorProto]) -> bool:
    """Tell whether the field is a map."""
    proto = field.proto
    if proto.label != Label.LABEL_REPEATED or proto.type != Type.TYPE_MESSAGE or field.parent is None:
        return False
    entry_name = proto.type_name.rpartition(".")[2]
    entry = field.file.messages.get(f"{field.parent.nested_name}.{entry_name}")
    return entry is not None and entry.proto.options.map_entry and proto.type_name == f".{entry.full_name}"


def is_closed(declared: Element[EnumDescriptorProto]) -> bool:
    """Tell whether an unknown number is no value of the enum."""
    return feature(declared, "enum_type") == FeatureSet.CLOSED


def in_map_entry(field: Element[FieldDescriptorProto]) -> bool:
    """Tell whether the field is the key or the value of a map."""
    parent = field.parent
    return parent is not None and isinstance(parent.proto, DescriptorProto) and parent.proto.options.map_entry


def _settings(element: Element[Message]) -> Iterator[FeatureSet]:
    """Feature sets from the element outwards; a field of a oneof inherits from the oneof first."""
    proto = element.proto
    yield proto.options.features  # type: ignore[attr-defined]  # every descriptor with options has features in them
    if isinstance(proto, FieldDescriptorProto) and proto.HasField("oneof_index") and element.parent is not None:
        message = element.parent.proto
        if isinstance(message, DescriptorProto):
            yield message.oneof_decl[proto.oneof_index].options.features
    outer = element.parent
    while outer is not None:
        yield outer.proto.options.features  # type: ignore[attr-defined]  # the same
        outer = outer.parent
    yield element.file.proto.options.features


def _defaults(file: File) -> FeatureSet:
    return {"proto2": _PROTO2, "proto3": _PROTO3}.get(syntax(file.proto), _EDITION_2023)
