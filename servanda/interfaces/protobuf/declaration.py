"""Elements as a person writes them in a proto file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    EnumValueDescriptorProto,
    FieldDescriptorProto,
    FieldOptions,
    MethodDescriptorProto,
    OneofDescriptorProto,
)
from google.protobuf.message import Message

from servanda.interfaces.protobuf.schema import Element
from servanda.interfaces.protobuf.schema.features import Label, Type, is_map, syntax

_SHOWN = 20
_DEPRECATED = "deprecated = true"
_LAST_NUMBERS = {536870911: "max", 2147483647: "max"}


def declaration(element: Element[Message], *, deprecated: bool = False) -> str:
    """Return the definition of an element; of what is long only the head.

    Args:
        element: What is declared.
        deprecated: Whether to add the option that marks it as deprecated. A oneof has none, so a comment says it.
    """
    match element.proto:
        case FieldDescriptorProto() as proto:
            return _field(element, proto, deprecated=deprecated)
        case EnumValueDescriptorProto(name=name, number=number):
            return f"{name} = {number}{_list([_DEPRECATED] if deprecated else [])};"
        case MethodDescriptorProto() as proto:
            head = _rpc(proto, element.file.package)
            return f"{head} {{\n  option {_DEPRECATED};\n}}" if deprecated else f"{head};"
        case OneofDescriptorProto(name=name):
            return f"oneof {name} {{ ... }}{'  // deprecated' if deprecated else ''}"
    head = f"{kind(element)} {element.name}"
    return f"{head} {{\n  option {_DEPRECATED};\n  ...\n}}" if deprecated else f"{head} {{ ... }}"


def kind(element: Element[Message]) -> str:
    """Return the word for the sort of an element, such as ``field`` or ``enum value``."""
    if getattr(element.proto, "extendee", ""):
        return "extension"
    name = type(element.proto).__name__.removesuffix("DescriptorProto").lower()
    return {"": "message", "enumvalue": "enum value", "method": "rpc"}.get(name, name)


def reserved(proto: DescriptorProto | EnumDescriptorProto) -> str:
    """Return what a message or an enum reserves, as one line; empty if it reserves nothing."""
    # The end of a range is left out of it in a message, and is part of it in an enum.
    beyond = 1 if isinstance(proto, DescriptorProto) else 0
    numbers = (_range(each.start, each.end - beyond) for each in proto.reserved_range)
    names = (f'"{name}"' for name in proto.reserved_name)
    written = (_first(numbers, len(proto.reserved_range)), _first(names, len(proto.reserved_name)))
    return " ".join(f"reserved {each};" for each in written if each)


def extensions(proto: DescriptorProto) -> str:
    """Return the numbers that a message leaves to extensions, as one line; empty if there are none."""
    ranges = (_range(each.start, each.end - 1) for each in proto.extension_range)
    written = _first(ranges, len(proto.extension_range))
    return f"extensions {written};" if written else ""


def _first(parts: Iterator[str], count: int) -> str:
    """Return the first parts of a list: each of many findings shows it, and nobody reads thousands of numbers."""
    shown = ", ".join(islice(parts, _SHOWN))
    return f"{shown} /* and {count - _SHOWN:,} more */" if count > _SHOWN else shown


def json_name(name: str) -> str:
    """Return the name in JSON of a field that declares none. Source: "ProtoJSON Format"."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def _range(start: int, end: int) -> str:
    return str(start) if start == end else f"{start} to {_LAST_NUMBERS.get(end, str(end))}"


def _field(element: Element[Any], proto: FieldDescriptorProto, *, deprecated: bool) -> str:
    options = [*_field_options(proto), *([_DEPRECATED] if deprecated else [])]
    line = f"{_label(element)}{_type(element)} {proto.name} = {proto.number}{_list(options)};"
    extended = proto.extendee
    return f"extend {_short(extended, element.file.package)} {{ {line} }}" if extended else line


def _label(element: Element[FieldDescriptorProto]) -> str:
    proto = element.proto
    if proto.label == Label.LABEL_REPEATED:
        return "" if is_map(element) else "repeated "
    if proto.label == Label.LABEL_REQUIRED:
        return "required "
    is_written = proto.proto3_optional or syntax(element.file.proto) == "proto2"
    in_oneof = proto.HasField("oneof_index") and not proto.proto3_optional
    return "optional " if is_written and not in_oneof else ""


def _type(element: Element[FieldDescriptorProto]) -> str:
    if is_map(element) and element.parent is not None:
        name = element.proto.type_name.rpartition(".")[2]
        entry = element.file.messages[f"{element.parent.nested_name}.{name}"].proto
        key, value = (_type_name(field, element.file.package) for field in entry.field)
        return f"map<{key}, {value}>"
    return _type_name(element.proto, element.file.package)


def _type_name(proto: FieldDescriptorProto, package: str) -> str:
    return _short(proto.type_name, package) or Type.Name(proto.type).removeprefix("TYPE_").lower()


def _field_options(proto: FieldDescriptorProto) -> Iterator[str]:
    if proto.HasField("default_value"):
        is_text = proto.type in {Type.TYPE_STRING, Type.TYPE_BYTES}
        yield f'default = "{proto.default_value}"' if is_text else f"default = {proto.default_value}"
    if proto.json_name and proto.json_name != json_name(proto.name) and not proto.extendee:
        yield f'json_name = "{proto.json_name}"'
    if proto.options.HasField("jstype"):
        yield f"jstype = {FieldOptions.JSType.Name(proto.options.jstype)}"
    if proto.options.HasField("ctype"):
        yield f"ctype = {FieldOptions.CType.Name(proto.options.ctype)}"


def _rpc(proto: MethodDescriptorProto, package: str) -> str:
    sent, answered = (
        ("stream " if streams else "") + _short(name, package)
        for streams, name in (
            (proto.client_streaming, proto.input_type),
            (proto.server_streaming, proto.output_type),
        )
    )
    return f"rpc {proto.name}({sent}) returns ({answered})"


def _short(full_name: str, package: str) -> str:
    name = full_name.removeprefix(".")
    return name.removeprefix(f"{package}.") if package else name


def _list(options: list[str]) -> str:
    return f" [{', '.join(options)}]" if options else ""
