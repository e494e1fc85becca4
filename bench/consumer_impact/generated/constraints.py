"""Edits of what is demanded of requests: constraints of protovalidate, and field behavior."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from google.protobuf import descriptor_pb2, text_format

from bench.consumer_impact.generated.candidate import Candidate, Image, Place, is_map, is_repeated, messages
from bench.consumer_impact.replay.types import BEHAVIOR, INPUT_ONLY, OUTPUT_ONLY, REQUIRED, Types

_F = descriptor_pb2.FieldDescriptorProto
_RULES = "buf.validate.field"
_NUMBERS = ("gte: 1", "gt: 2", "lte: 2", "lt: 100000", "not_in: 0", "in: 3", "const: 0")
_TEXTS = (
    *("min_len: 1", "min_len: 4", "max_len: 2", "max_len: 300", "pattern: '^[a-z]'", "const: ''", "email: true"),
    *("not_in: ''", "prefix: 'm'", "uuid: true"),
)
_OTHERS = {
    _F.TYPE_BOOL: ("bool { const: true }", "bool { const: false }"),
    _F.TYPE_ENUM: ("enum { not_in: 0 }", "enum { defined_only: true }", "enum { in: 1 }", "enum { const: 2 }"),
    _F.TYPE_STRING: tuple(f"string {{ {rule} }}" for rule in _TEXTS),
    _F.TYPE_BYTES: ("bytes { min_len: 1 }",),
    _F.TYPE_MESSAGE: (),
}
_EVERY = ("required: true",)
_LISTS = (
    "repeated { min_items: 1 }",
    "repeated { min_items: 2 }",
    "repeated { max_items: 1 }",
    "repeated { unique: true }",
)
_MAPS = ("map { min_pairs: 1 }", "map { max_pairs: 1 }")


def candidates(image: Image) -> Iterator[Candidate]:
    """Yield all edits of the constraints and the behavior of all fields."""
    for place in messages(image):
        message = place.message(image)
        for index, each in enumerate(message.field):
            full = f"{place.name(image)}.{each.name}"
            for rule in _rules(message, each):
                yield Candidate(
                    "validation", f"{full}: {rule}", partial(_validated, place=place, index=index, rule=rule)
                )
            for name, behavior in (("REQUIRED", REQUIRED), ("OUTPUT_ONLY", OUTPUT_ONLY), ("INPUT_ONLY", INPUT_ONLY)):
                edit = partial(_behaving, place=place, index=index, behavior=behavior)
                yield Candidate(f"behavior {name}", full, edit)


def _rules(message: descriptor_pb2.DescriptorProto, each: _F) -> tuple[str, ...]:
    if is_map(message, each):
        return _MAPS
    if is_repeated(each):
        return _LISTS
    if each.type in _OTHERS:
        return (*_OTHERS[each.type], *_EVERY)
    name = _F.Type.Name(each.type).removeprefix("TYPE_").lower()
    return (*(f"{name} {{ {rule} }}" for rule in _NUMBERS), *_EVERY)


def _validated(image: Image, place: Place, index: int, rule: str) -> None:
    types = Types(image)
    kind = types.message("google.protobuf.FieldOptions")
    assert kind is not None
    options = kind()
    text_format.Parse(rule, options.Extensions[types.pool.FindExtensionByName(_RULES)])
    _options(place, index, image).MergeFromString(options.SerializeToString())


def _behaving(image: Image, place: Place, index: int, behavior: int) -> None:
    _options(place, index, image).Extensions[BEHAVIOR].append(behavior)


def _options(place: Place, index: int, image: Image) -> Any:
    return place.message(image).field[index].options
