"""Rules about a field's type and cardinality: as declared, on the wire, and on the wire and in JSON.

Source of the compatible groups: "Updating A Message Type" and "ProtoJSON Format" of the Protocol Buffers documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from google.protobuf.descriptor_pb2 import EnumDescriptorProto, FieldDescriptorProto

from servanda.compatibility.rules.rule import Objection, Pair, at_element
from servanda.compatibility.schema import Element
from servanda.compatibility.schema.features import Cardinality, Type, cardinality, in_map_entry, is_map, kind, kind_name

Field = Element[FieldDescriptorProto]
Groups = tuple[frozenset[int], ...]

_TYPE = FieldDescriptorProto.TYPE_FIELD_NUMBER
_TYPE_NAME = FieldDescriptorProto.TYPE_NAME_FIELD_NUMBER
_NAMED = {Type.TYPE_MESSAGE, Type.TYPE_ENUM, Type.TYPE_GROUP}

# Types that can take each other's place; a type in no group is compatible with itself alone.
_WIRE: Groups = (
    frozenset({Type.TYPE_INT32, Type.TYPE_INT64, Type.TYPE_UINT32, Type.TYPE_UINT64, Type.TYPE_BOOL}),
    frozenset({Type.TYPE_SINT32, Type.TYPE_SINT64}),
    frozenset({Type.TYPE_FIXED32, Type.TYPE_SFIXED32}),
    frozenset({Type.TYPE_FIXED64, Type.TYPE_SFIXED64}),
)
_WIRE_JSON: Groups = (
    frozenset({Type.TYPE_INT32, Type.TYPE_UINT32}),
    frozenset({Type.TYPE_INT64, Type.TYPE_UINT64}),
    frozenset({Type.TYPE_FIXED32, Type.TYPE_SFIXED32}),
    frozenset({Type.TYPE_FIXED64, Type.TYPE_SFIXED64}),
)
_WIRE_CARDINALITY: Mapping[Cardinality, int] = {
    Cardinality.EXPLICIT: 1,
    Cardinality.IMPLICIT: 1,
    Cardinality.REQUIRED: 2,
    Cardinality.REPEATED: 3,
    Cardinality.MAP: 3,
}
_WIRE_JSON_CARDINALITY = {**_WIRE_CARDINALITY, Cardinality.MAP: 4}


def same_type(pair: Pair[Field]) -> Iterator[Objection]:
    """Another type."""
    renamed = pair.current.proto.type in _NAMED and _type_name(pair.previous) != _type_name(pair.current)
    if renamed or kind(pair.previous) != kind(pair.current):
        yield _changed_type(pair)


def wire_compatible_type(pair: Pair[Field]) -> Iterator[Objection]:
    """Another type that reads the same bytes otherwise."""
    before, after = kind(pair.previous), kind(pair.current)
    # Every string is bytes; the reverse cannot be known.
    if not _compatible(_WIRE, before, after) and (before, after) != (Type.TYPE_STRING, Type.TYPE_BYTES):
        yield _changed_type(pair)
    elif before == after:
        yield from _changed_name(pair)


def wire_json_compatible_type(pair: Pair[Field]) -> Iterator[Objection]:
    """Another type that reads the same bytes or the same JSON otherwise."""
    before, after = kind(pair.previous), kind(pair.current)
    if not _compatible(_WIRE_JSON, before, after):
        yield _changed_type(pair)
    elif before == after:
        yield from _changed_name(pair)


def same_cardinality(pair: Pair[Field]) -> Iterator[Objection]:
    """Another cardinality, presence included."""
    yield from _changed_cardinality(pair, lambda value: value)


def wire_compatible_cardinality(pair: Pair[Field]) -> Iterator[Objection]:
    """Another cardinality that reads the same bytes otherwise."""
    yield from _changed_cardinality(pair, _WIRE_CARDINALITY.__getitem__)


def wire_json_compatible_cardinality(pair: Pair[Field]) -> Iterator[Objection]:
    """Another cardinality that reads the same bytes or the same JSON otherwise."""
    yield from _changed_cardinality(pair, _WIRE_JSON_CARDINALITY.__getitem__)


def _changed_cardinality(pair: Pair[Field], group: Callable[[Cardinality], object]) -> Iterator[Objection]:
    if in_map_entry(pair.previous) and in_map_entry(pair.current):
        return
    before, after = cardinality(pair.previous), cardinality(pair.current)
    if group(before) != group(after):
        yield at_element(pair, f"Field {pair.current.proto.name!r} changed from {before} to {after}.")


def _compatible(groups: Groups, before: int, after: int) -> bool:
    return before == after or any({before, after} <= group for group in groups)


def _changed_name(pair: Pair[Field]) -> Iterator[Objection]:
    """The same kind of type under another name; an enum that kept its last name and values is the same enum."""
    before, after = _type_name(pair.previous), _type_name(pair.current)
    if pair.current.proto.type not in _NAMED or before == after:
        return
    if pair.current.proto.type == Type.TYPE_ENUM:
        old, new = pair.comparison.previous.enum(before), pair.comparison.current.enum(after)
        if old is not None and new is not None and old.name == new.name and _values(old) <= _values(new):
            return
    yield _changed_type(pair)


def _changed_type(pair: Pair[Field]) -> Objection:
    before, after = _shown(pair.previous), _shown(pair.current)
    text = f"Field {pair.current.proto.name!r} changed its type from {before} to {after}."
    return at_element(pair, text, places=((_TYPE_NAME if kind(pair.current) in _NAMED else _TYPE,),))


def _type_name(field: Field) -> str:
    return field.proto.type_name.removeprefix(".")


def _shown(field: Field) -> str:
    return f"map {_type_name(field)!r}" if is_map(field) else f"{kind_name(field)} {_type_name(field)}".strip()


def _values(declared: EnumDescriptorProto) -> set[tuple[str, int]]:
    return {(value.name, value.number) for value in declared.value}
