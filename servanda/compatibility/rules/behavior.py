"""Rules about google.api.field_behavior, presence and what an unset field means.

Source: "Field behavior documentation" (AIP-203).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from google.api.field_behavior_pb2 import FieldBehavior
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto

from servanda.compatibility.options import FIELD_BEHAVIOR
from servanda.compatibility.reachability import UNKNOWN, Use
from servanda.compatibility.rules.field import same_default as same_declared_default
from servanda.compatibility.rules.rule import Comparison, Handler, Objection, Pair, at_element, at_option
from servanda.compatibility.schema import Element, State
from servanda.compatibility.schema.comments import comments
from servanda.compatibility.schema.element import fields
from servanda.compatibility.schema.features import Cardinality, Type, cardinality

Field = Element[FieldDescriptorProto]
Message = Element[DescriptorProto]

_SINGLE = {Cardinality.EXPLICIT, Cardinality.IMPLICIT}
_MEANING = re.compile(
    r"\b(?:zero|empty|unset|unspecified|false|absence|absent|not set|left out)\s+means\s+(?P<meant>[^.;]+)"
    r"|\bdefaults?\s+(?:to|is)\s+(?P<default>[^.;]+)",
    re.IGNORECASE,
)
# What an unset field may say about itself without changing anything for callers that do not know it.
_NO_EFFECT = re.compile(r"(no|not|none|nothing|every|any|all|unchanged|as before|the same)\b", re.IGNORECASE)
_NO_VALUE = re.compile(r"(_|^)(UNSPECIFIED|UNKNOWN|UNSET|INVALID|NONE)$")


def no_add(behaviour: FieldBehavior.ValueType, use: Use, effect: str) -> Handler:
    """The handler that objects to a behaviour that a field had not, if consumers use the field in this way."""

    def handler(pair: Pair[Field]) -> Iterator[Objection]:
        before, after = _behaviours(pair)
        if behaviour in after - before and _message_use(pair) & use:
            yield _changed(pair, f"became {FieldBehavior.Name(behaviour)}: {effect}.")

    return handler


def same(behaviour: FieldBehavior.ValueType, use: Use, added: str, removed: str) -> Handler:
    """The handler that objects to a behaviour that came or went, if consumers use the field in this way."""

    def handler(pair: Pair[Field]) -> Iterator[Objection]:
        before, after = _behaviours(pair)
        if behaviour in before ^ after and _message_use(pair) & use:
            name = FieldBehavior.Name(behaviour)
            text = f"became {name}: {added}." if behaviour in after else f"is not {name} any more: {removed}."
            yield _changed(pair, text)

    return handler


def same_presence(pair: Pair[Field]) -> Iterator[Objection]:
    """A single field whose absence could be told from its zero value and cannot any more, or the reverse."""
    if _says_the_same(pair):
        return
    before, after = cardinality(pair.previous), cardinality(pair.current)
    if before != after and {before, after} <= _SINGLE:
        text = f"Field {pair.current.proto.name!r} changed from {before} to {after}."
        yield at_element(pair, text)


def same_default(pair: Pair[Field]) -> Iterator[Objection]:
    """Another declared default; :func:`same_documented_default` looks at those that only the comment gives."""
    if pair.current.proto.type == Type.TYPE_ENUM or not _says_the_same(pair):
        yield from same_declared_default(pair)


def same_documented_default(comparison: Comparison) -> Iterator[Objection]:
    """Another meaning of the unset field in its comment, for example "zero means 50"."""
    for path, file in comparison.current.files.items():
        before = comparison.previous.files.get(path)
        # Comments are no content: a file that only says something else about itself counts as unchanged elsewhere.
        if before is None or before.raw == file.raw or not _says_something(file.raw):
            continue
        for name, message in file.messages.items():
            if name in before.messages:
                yield from _changed_meanings(before.messages[name], message, comparison)


def no_new_required_field(pair: Pair[Message]) -> Iterator[Objection]:
    """A new field that callers have to set, who do not know it."""
    for field in _new_in_requests(pair):
        if FieldBehavior.REQUIRED in pair.comparison.options[1].numbers(field, FIELD_BEHAVIOR):
            span = pair.comparison.options[1].span(field, FIELD_BEHAVIOR)
            text = f"New field {field.proto.name!r} is REQUIRED."
            yield Objection(field.file.path, span, field.full_name, text, pair.previous.file.path)


def new_field_zero_is_neutral(pair: Pair[Message]) -> Iterator[Objection]:
    """A new field without presence whose zero value, which old callers send, is a choice."""
    for field in _new_in_requests(pair):
        reason = _choice(field, pair.comparison.current)
        if cardinality(field) is Cardinality.IMPLICIT and reason:
            text = f"New field {field.proto.name!r}: {reason}, and callers that do not know the field choose it."
            yield Objection(field.file.path, field.span(), field.full_name, text, pair.previous.file.path)


def _choice(field: Field, state: State) -> str:
    """Why the zero value of a field means something; empty if it does not."""
    meaning = _meaning(field)
    if meaning:
        return "" if _NO_EFFECT.match(meaning) else f"its zero value means {meaning!r}"
    if field.proto.type == Type.TYPE_BOOL:
        return "false is a choice"
    declared = state.enum(field.proto.type_name.removeprefix(".")) if field.proto.type == Type.TYPE_ENUM else None
    if declared is not None and declared.value and not _NO_VALUE.search(declared.value[0].name):
        return f"its zero value is {declared.value[0].name}"
    return ""


def _new_in_requests(pair: Pair[Message]) -> Iterator[Field]:
    known = fields(pair.previous)
    new = [field for number, field in fields(pair.current).items() if number not in known]
    return (field for field in new if pair.comparison.reach[1].field(field) & Use.WRITTEN)


def _changed_meanings(previous: Message, current: Message, comparison: Comparison) -> Iterator[Objection]:
    known = fields(previous)
    for number, field in fields(current).items():
        before = _meaning(known[number]) if number in known else ""
        after = _meaning(field)
        if before and after and before.lower() != after.lower() and comparison.reach[1].field(field):
            text = f"Field {field.proto.name!r} that is not set meant {before!r} and now means {after!r}."
            yield at_element(Pair(known[number], field, comparison), text)


def _meaning(field: Field) -> str:
    found = _MEANING.search(" ".join(comments(field.file).get(field.path, "").split()))
    return (found["meant"] or found["default"]).strip() if found else ""


def _says_the_same(pair: Pair[Field]) -> bool:
    """Whether nothing that the field says or inherits can differ; in editions it inherits from elsewhere."""
    before, after = pair.previous.file.proto.syntax, pair.current.file.proto.syntax
    return before == after != "editions" and pair.previous.proto == pair.current.proto


def _says_something(raw: bytes) -> bool:
    return b" means" in raw or b"efault" in raw


def _behaviours(pair: Pair[Field]) -> tuple[frozenset[int], frozenset[int]]:
    before, after = pair.comparison.options
    return before.numbers(pair.previous, FIELD_BEHAVIOR), after.numbers(pair.current, FIELD_BEHAVIOR)


def _message_use(pair: Pair[Field]) -> Use:
    parent = pair.current.parent
    return pair.comparison.reach[1].use(parent.full_name) if parent is not None else UNKNOWN


def _changed(pair: Pair[Field], text: str) -> Objection:
    return at_option(pair, FIELD_BEHAVIOR, f"Field {pair.current.proto.name!r} {text}")
