"""Definitions with rules, made small: one field or one message of a state, with what its rules are written in."""

from __future__ import annotations

from dataclasses import dataclass, field

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    Edition,
    EnumDescriptorProto,
    FeatureSet,
    FieldDescriptorProto,
    FileDescriptorProto,
)

from servanda.interfaces.protobuf.constraints.wire import PROTOVALIDATE, option, option_in
from servanda.interfaces.protobuf.schema import Element, File, State
from servanda.interfaces.protobuf.schema.element import fields
from servanda.interfaces.protobuf.schema.features import Cardinality, Label, Type, cardinality, is_closed

_WELL_KNOWN = "google.protobuf."
_MESSAGES = frozenset({Type.TYPE_MESSAGE, Type.TYPE_GROUP})


class IncompleteStateError(Exception):
    """A type that a definition uses is not in the state, as in an image without imports."""


@dataclass(slots=True)
class Definitions:
    """A file with a copy of one definition and of all that it is made of, whatever files of the state that is in.

    Attributes:
        state: The state.
        file: The file as far as it has come.
        nested_rules: Whether messages within the definition keep the rules that they have of their own.
        hollow: Whether messages within it are copied without their fields: enough for whoever asks only for presence.
    """

    state: State
    file: FileDescriptorProto
    nested_rules: bool = False
    hollow: bool = False
    _copied: dict[str, str] = field(default_factory=dict)

    def message(self, name: str, members: list[tuple[Element[FieldDescriptorProto], bytes]], rules: bytes = b"") -> str:
        """Add a message with copies of these fields, each with its rules, and return its full name.

        Raises:
            IncompleteStateError: The state does not have the type of a field.
        """
        copy = self.file.message_type.add(name=name)
        if rules:
            copy.options.MergeFromString(option(PROTOVALIDATE, rules))
        oneofs: dict[int, int] = {}
        for member, its_rules in members:
            self._field(member, copy, its_rules, oneofs)
        return f"{self.file.package}.{name}"

    def _field(
        self, member: Element[FieldDescriptorProto], holder: DescriptorProto, rules: bytes, oneofs: dict[int, int]
    ) -> None:
        proto, occurs = member.proto, cardinality(member)
        copy = holder.field.add(name=proto.name, number=proto.number, type=proto.type, json_name=proto.json_name)
        copy.label = Label.LABEL_REPEATED if proto.label == Label.LABEL_REPEATED else Label.LABEL_OPTIONAL
        if proto.type in _MESSAGES:
            copy.type = Type.TYPE_MESSAGE
        if proto.type_name:
            copy.type_name = self._type(member, holder)
        parent = member.parent
        if proto.HasField("oneof_index") and not proto.proto3_optional and parent is not None:
            declared = parent.proto.oneof_decl[proto.oneof_index]  # type: ignore[attr-defined]  # a message
            if proto.oneof_index not in oneofs:
                oneofs[proto.oneof_index] = len(holder.oneof_decl)
                holder.oneof_decl.add(name=declared.name)
            copy.oneof_index = oneofs[proto.oneof_index]
        elif copy.label != Label.LABEL_REPEATED and proto.type not in _MESSAGES:
            explicit = occurs is not Cardinality.IMPLICIT
            copy.options.features.field_presence = FeatureSet.EXPLICIT if explicit else FeatureSet.IMPLICIT
            if proto.HasField("default_value") and explicit:
                copy.default_value = proto.default_value
        if rules:
            copy.options.MergeFromString(option(PROTOVALIDATE, rules))

    def _type(self, member: Element[FieldDescriptorProto], holder: DescriptorProto) -> str:
        name = member.proto.type_name.removeprefix(".")
        if name.startswith(_WELL_KNOWN):
            return f".{name}"
        if member.proto.type == Type.TYPE_ENUM:
            return self._enum(name, member.file)
        entry = self.state.find_message(name, member.file.path)
        if entry is None:
            raise IncompleteStateError(name)
        if entry.proto.options.map_entry:
            return self._entry(entry, holder)
        if name not in self._copied:
            self._copied[name] = f".{self.file.package}.{self._new_name(name)}"
            inner = [] if self.hollow else [(each, self._rules(each)) for each in fields(entry).values()]
            rules = option_in(entry.proto.options, PROTOVALIDATE) if self.nested_rules else b""
            self.message(self._copied[name].rpartition(".")[2], inner, rules)
        return self._copied[name]

    def _entry(self, entry: Element[DescriptorProto], holder: DescriptorProto) -> str:
        copy = holder.nested_type.add(name=entry.name)
        copy.options.map_entry = True
        for each in fields(entry).values():
            self._field(each, copy, b"", {})
            copy.field[-1].options.ClearField("features")
        return f".{self.file.package}.{holder.name}.{entry.name}"

    def _rules(self, member: Element[FieldDescriptorProto]) -> bytes:
        return option_in(member.proto.options, PROTOVALIDATE) if self.nested_rules else b""

    def _enum(self, name: str, near: File) -> str:
        if name not in self._copied:
            declared = self.state.find_enum(name, near.path)
            if declared is None:
                raise IncompleteStateError(name)
            self._copied[name] = f".{self.file.package}.{self._new_name(name)}"
            self.file.enum_type.append(_bare(declared, self._copied[name].rpartition(".")[2]))
        return self._copied[name]

    def _new_name(self, name: str) -> str:
        return f"T{len(self._copied)}_{name.rpartition('.')[2]}"


def new_file(name: str, dependencies: list[str]) -> FileDescriptorProto:
    """Return a file without definitions, in which each field says itself whether it has presence."""
    return FileDescriptorProto(
        name=f"servanda/{name}.proto",
        package=f"servanda.{name}",
        dependency=dependencies,
        syntax="editions",
        edition=Edition.EDITION_2023,
    )


def _bare(declared: Element[EnumDescriptorProto], name: str) -> EnumDescriptorProto:
    """Return an enum without options; its values get other names, as they would share a scope with other enums."""
    bare = EnumDescriptorProto(name=name)
    for value in declared.proto.value:
        bare.value.add(name=f"{name}_{value.name}", number=value.number)
    bare.options.features.enum_type = FeatureSet.CLOSED if is_closed(declared) else FeatureSet.OPEN
    if len({value.number for value in declared.proto.value}) < len(declared.proto.value):
        bare.options.allow_alias = True
    return bare
