"""Words for an element of a proto file, as remedies use them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from google.protobuf.descriptor_pb2 import DescriptorProto, EnumDescriptorProto, FieldDescriptorProto

from servanda.interfaces.protobuf.rules.subject import Comparison
from servanda.interfaces.protobuf.schema import State
from servanda.interfaces.protobuf.schema.features import Label

WORDS: Final = frozenset({"element", "name", "container", "number", "declaration", "deprecated"})
"""All words that a remedy may use."""
_TYPE_NAMES: Final = {
    value.number: value.name.removeprefix("TYPE_").lower()
    for value in FieldDescriptorProto.DESCRIPTOR.enum_types_by_name["Type"].values
}


def words(element: str, comparison: Comparison) -> Mapping[str, str]:
    """Return the words for an element, as it was; of a new one as it is.

    ``element`` is its full name (of a file its path), ``name`` the last part of it, ``container`` what it stands in,
    ``number`` the number of a field or value, ``declaration`` its definition in one line and ``deprecated`` the same,
    marked as deprecated.
    """
    for state in (comparison.previous, comparison.current):
        found = _declared(element, state)
        if found is not None:
            number, declaration, deprecated = found
            break
    else:
        number, declaration, deprecated = "", element, f"{element}  // deprecated"
    container, _, name = element.rpartition("/" if element.endswith(".proto") else ".")
    return {
        "element": element,
        "name": name,
        "container": container or element,
        "number": number,
        "declaration": declaration,
        "deprecated": deprecated,
    }


def _declared(element: str, state: State) -> tuple[str, str, str] | None:
    """Number, declaration and deprecated declaration of an element of a state."""
    container, _, name = element.rpartition(".")
    if container in state.messages:
        return _in_message(name, state.messages[container].proto)
    if container in state.enums:
        return _in_enum(name, state.enums[container].proto)
    if container in state.services:
        for method in state.services[container].proto.method:
            if method.name == name:
                return _block(f"rpc {name}({_last(method.input_type)}) returns ({_last(method.output_type)})")
    for kind, known in (("message", state.messages), ("enum", state.enums), ("service", state.services)):
        if element in known:
            return _block(f"{kind} {name}")
    return None


def _in_message(name: str, message: DescriptorProto) -> tuple[str, str, str] | None:
    for field in message.field:
        if field.name == name:
            label = "repeated " if field.label == Label.LABEL_REPEATED else ""
            kind = _last(field.type_name) or _TYPE_NAMES[field.type]
            return _line(f"{label}{kind} {name} = {field.number}", str(field.number))
    for oneof in message.oneof_decl:
        if oneof.name == name:
            return "", f"oneof {name} {{ ... }}", f"oneof {name} {{ ... }}  // deprecated"
    return None


def _in_enum(name: str, enum: EnumDescriptorProto) -> tuple[str, str, str] | None:
    for value in enum.value:
        if value.name == name:
            return _line(f"{name} = {value.number}", str(value.number))
    return None


def _line(declaration: str, number: str) -> tuple[str, str, str]:
    return number, f"{declaration};", f"{declaration} [deprecated = true];"


def _block(head: str) -> tuple[str, str, str]:
    return "", f"{head} {{ ... }}", f"{head} {{\n  option deprecated = true;\n  ...\n}}"


def _last(name: str) -> str:
    return name.rpartition(".")[2]
