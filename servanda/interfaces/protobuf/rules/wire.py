"""Rules about a field's type and cardinality: as declared, on the wire, and on the wire and in JSON.

Source of the compatible groups: "Updating A Message Type" and "ProtoJSON Format" of the Protocol Buffers documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from google.protobuf.descriptor_pb2 import EnumDescriptorProto, FieldDescriptorProto

from servanda.interfaces.effect import BREAKS_USERS, When
from servanda.interfaces.protobuf.rules.categories import BYTES_AND_JSON, SCHEMA, SOURCE, Category
from servanda.interfaces.protobuf.rules.subject import Pair, Subject, at_element
from servanda.interfaces.protobuf.schema import Element
from servanda.interfaces.protobuf.schema.features import (
    Cardinality,
    Type,
    cardinality,
    in_map_entry,
    is_map,
    kind,
    kind_name,
)
from servanda.interfaces.rule import Objection, Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS

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
    """Object to another type."""
    renamed = pair.current.proto.type in _NAMED and _type_name(pair.previous) != _type_name(pair.current)
    if renamed or kind(pair.previous) != kind(pair.current):
        yield _changed_type(pair)


def wire_compatible_type(pair: Pair[Field]) -> Iterator[Objection]:
    """Object to another type that reads the same bytes otherwise."""
    before, after = kind(pair.previous), kind(pair.current)
    # Every string is bytes; the reverse cannot be known.
    if not _compatible(_WIRE, before, after) and (before, after) != (Type.TYPE_STRING, Type.TYPE_BYTES):
        yield _changed_type(pair)
    elif before == after:
        yield from _changed_name(pair)


def wire_json_compatible_type(pair: Pair[Field]) -> Iterator[Objection]:
    """Object to another type that reads the same bytes or the same JSON otherwise."""
    before, after = kind(pair.previous), kind(pair.current)
    if not _compatible(_WIRE_JSON, before, after):
        yield _changed_type(pair)
    elif before == after:
        yield from _changed_name(pair)


def same_cardinality(pair: Pair[Field]) -> Iterator[Objection]:
    """Object to another cardinality, presence included."""
    yield from _changed_cardinality(pair, lambda value: value)


def wire_compatible_cardinality(pair: Pair[Field]) -> Iterator[Objection]:
    """Object to another cardinality that reads the same bytes otherwise."""
    yield from _changed_cardinality(pair, _WIRE_CARDINALITY.__getitem__)


def wire_json_compatible_cardinality(pair: Pair[Field]) -> Iterator[Objection]:
    """Object to another cardinality that reads the same bytes or the same JSON otherwise."""
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
    """Object to the same kind of type under another name; an enum with its last name and values is the same."""
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


RULES: tuple[Rule, ...] = (
    Rule(
        id="FIELD_SAME_TYPE",
        purpose="Checks that fields keep their type.",
        why=(
            "Generated accessors have another type, so code that uses the field does not compile; where the encoding "
            "differs, values are wrong or unreadable as well."
        ),
        categories=SCHEMA,
        subject=Subject.FIELD,
        handler=same_type,
        breaks=BOTH_WAYS,
        effect=replace(BREAKS_USERS, when=When.IF_BYTES_DIFFER),
        remedy=Remedy(
            expand="Keep $name as it is, and add a field of the new type with a number of its own; fill both.",
            migrate="Let every consumer use the new field; 'servanda usage $element' names those that use $name.",
            contract="Delete $name, and reserve number $number and the name.",
            before="$declaration",
            after="$deprecated\n$successor",
        ),
    ),
    Rule(
        id="FIELD_SAME_CARDINALITY",
        purpose="Checks that fields keep their cardinality.",
        why=(
            "Accessors change between a value, an optional and a list, so code does not compile; without presence a "
            "zero can no longer be told from 'not set'."
        ),
        categories=SOURCE,
        subject=Subject.FIELD,
        handler=same_cardinality,
        breaks=BOTH_WAYS,
        effect=replace(BREAKS_USERS, when=When.IF_BYTES_DIFFER),
        remedy=Remedy(
            expand="Keep the cardinality of $name, and add a field of the new one with a number of its own; fill both.",
            migrate=(
                "Let every consumer use the new field instead of $name; 'servanda usage $element' names the others."
            ),
            contract="Delete $name of $container, and reserve number $number and the name.",
            before="$declaration",
            after="$deprecated\n$successor",
        ),
    ),
    Rule(
        id="FIELD_WIRE_COMPATIBLE_TYPE",
        purpose="Checks that fields keep a type that reads the same bytes.",
        why=(
            "The bytes of the old type mean another value in the new one, or have another wire type, so that readers "
            "drop the field or reject the message."
        ),
        categories=(Category.WIRE,),
        subject=Subject.FIELD,
        handler=wire_compatible_type,
        breaks=BOTH_WAYS,
        effect=replace(BREAKS_USERS, when=When.IF_BYTES_DIFFER),
        remedy=Remedy(
            expand="Keep the type of $name on number $number, and send the new type under a number of its own.",
            migrate=(
                "Let every reader of the binary form take the new number; 'servanda usage $element' names those that "
                "read $name."
            ),
            contract="Stop writing number $number, then delete $name with its number reserved.",
            before="$declaration",
            after="$deprecated\n$successor",
        ),
    ),
    Rule(
        id="FIELD_WIRE_COMPATIBLE_CARDINALITY",
        purpose="Checks that fields keep a cardinality that reads the same bytes.",
        why=(
            "A reader of a single value keeps the last element of the other side's list, or drops packed numbers as "
            "an unknown field."
        ),
        categories=(Category.WIRE,),
        subject=Subject.FIELD,
        handler=wire_compatible_cardinality,
        breaks=BOTH_WAYS,
        effect=replace(BREAKS_USERS, when=When.IF_BYTES_DIFFER),
        remedy=Remedy(
            expand="Keep $name single or repeated as it is, and send the other form under a number of its own.",
            migrate=(
                "Let every reader of the binary form take the new number instead of $number; 'servanda usage "
                "$element' names the rest."
            ),
            contract="Delete $name when no writer fills number $number, and reserve it.",
            before="$declaration",
            after="$deprecated\n$successor",
        ),
    ),
    Rule(
        id="FIELD_WIRE_JSON_COMPATIBLE_TYPE",
        purpose="Checks that fields keep a type that reads the same bytes and JSON.",
        why=(
            "Bytes or JSON of the old type are not valid for the new one: an int64 is a string in JSON, so a "
            "consumer that parses a number fails."
        ),
        categories=BYTES_AND_JSON,
        subject=Subject.FIELD,
        handler=wire_json_compatible_type,
        breaks=BOTH_WAYS,
        effect=replace(BREAKS_USERS, when=When.IF_BYTES_DIFFER),
        remedy=Remedy(
            expand=(
                "Keep the type of $name for binary and JSON, and add a field of the new type with a number and name "
                "of its own."
            ),
            migrate=(
                "Let every consumer over gRPC and HTTP use the new field; 'servanda usage $element' names those that "
                "use $name."
            ),
            contract="Delete $name, and reserve number $number for the bytes and the name for JSON.",
            before="$declaration",
            after="$deprecated\n$successor",
        ),
    ),
    Rule(
        id="FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
        purpose="Checks that fields keep a cardinality that reads the same bytes and JSON.",
        why=(
            "In JSON a list stands where the consumer expects an object or a single value, so its parser fails on "
            "the whole document."
        ),
        categories=BYTES_AND_JSON,
        subject=Subject.FIELD,
        handler=wire_json_compatible_cardinality,
        breaks=BOTH_WAYS,
        effect=replace(BREAKS_USERS, when=When.IF_BYTES_DIFFER),
        remedy=Remedy(
            expand=(
                "Keep $name as it is in JSON, and add a field of the new cardinality with a number and name of its own."
            ),
            migrate=(
                "Let every consumer over HTTP read the new key instead of $name; 'servanda usage $element' names the "
                "rest."
            ),
            contract="Delete $name, and reserve its name for JSON and number $number for the bytes.",
            before="$declaration",
            after="$deprecated\n$successor",
        ),
    ),
)
