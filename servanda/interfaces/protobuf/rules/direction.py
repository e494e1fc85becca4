"""Rules that depend on what consumers do with an element: a new value surprises those who read it only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from google.protobuf.descriptor_pb2 import DescriptorProto, EnumDescriptorProto

from servanda.interfaces.effect import BREAKS_WRITERS, MAY_AFFECT_READERS, Scope
from servanda.interfaces.protobuf.reachability import Reach
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.subject import Pair, Subject, at_element
from servanda.interfaces.protobuf.schema import Element
from servanda.interfaces.protobuf.schema.element import fields, oneofs, values
from servanda.interfaces.protobuf.schema.features import is_closed
from servanda.interfaces.rule import Objection, Remedy, Rule
from servanda.interfaces.transition import REFUSAL, SURPRISE, Direction
from servanda.verdict import Impact

_NOBODY = "nothing in the workspace uses it, so it counts as both"


def enum_value_no_add_if_read(pair: Pair[Element[EnumDescriptorProto]]) -> Iterator[Objection]:
    """A new value of an enum that consumers read: they have no name for it."""
    known = values(pair.previous)
    new = [next(iter(names.values())) for number, names in values(pair.current).items() if number not in known]
    if not new or not pair.comparison.reach[1].use(pair.current.full_name) & Direction.READ:
        return
    where = _where(pair.comparison.reach[1], pair.current.full_name, Direction.READ)
    effect = "drop the field" if is_closed(pair.previous) else "see a number without a name"
    for value in new:
        text = f"Value {value.proto.name!r} is new, and consumers read it ({where}): older ones {effect}."
        yield at_element(Pair(value, value, pair.comparison), text)


def enum_value_no_delete_if_written(pair: Pair[Element[EnumDescriptorProto]]) -> Iterator[Objection]:
    """A value that consumers write and that the provider does not know any more."""
    left = values(pair.current)
    gone = [next(iter(names.values())) for number, names in values(pair.previous).items() if number not in left]
    if not gone or not pair.comparison.reach[0].use(pair.previous.full_name) & Direction.WRITTEN:
        return
    where = _where(pair.comparison.reach[0], pair.previous.full_name, Direction.WRITTEN)
    for value in gone:
        text = f"Value {value.proto.name!r} was deleted, and consumers can write it ({where})."
        yield at_element(pair, text, name=value.full_name)


def oneof_member_no_add_if_read(pair: Pair[Element[DescriptorProto]]) -> Iterator[Objection]:
    """A new member of a oneof that consumers read: they see the oneof as not set."""
    known, kept = fields(pair.previous), oneofs(pair.previous)
    new = [
        (field, pair.current.proto.oneof_decl[field.proto.oneof_index].name)
        for number, field in fields(pair.current).items()
        if number not in known and field.proto.HasField("oneof_index")
    ]
    for field, oneof in new:
        if oneof in kept and pair.comparison.reach[1].field(field) & Direction.READ:
            where = _where(pair.comparison.reach[1], pair.current.full_name, Direction.READ)
            text = (
                f"Member {field.proto.name!r} of oneof {oneof!r} is new, and consumers read it ({where}): "
                "older ones see the oneof as not set."
            )
            span = field.span()
            yield Objection(field.file.path, span, field.full_name, text, pair.previous.file.path)


def _where(reach: Reach, full_name: str, use: Direction) -> str:
    witness = reach.witness(full_name, use)
    return f"in {witness}" if witness else _NOBODY


RULES: tuple[Rule, ...] = (
    Rule(
        id="DIRECTION_ENUM_VALUE_NO_ADD_IF_READ",
        purpose="Checks that no value is added to an enum that consumers read.",
        why="Consumers that read it meet something that they do not know; those that only write it do not care.",
        categories=(Category.DIRECTION,),
        subject=Subject.ENUM,
        handler=enum_value_no_add_if_read,
        breaks=SURPRISE,
        effect=replace(MAY_AFFECT_READERS, scope=Scope.SURROUNDINGS),
        remedy=Remedy(
            expand="Define the new member, and send it to nobody yet.",
            migrate="Let every consumer that reads it take in the new definition, or treat what it does not know.",
            contract="Begin to send it.",
            before="enum Status {\n  STATUS_UNSPECIFIED = 0;\n  STATUS_ON = 1;\n}",
            after=(
                "enum Status {\n  STATUS_UNSPECIFIED = 0;\n  STATUS_ON = 1;\n  STATUS_PAUSED = 2;  // not sent yet\n}"
            ),
        ),
    ),
    Rule(
        id="DIRECTION_ENUM_VALUE_NO_DELETE_IF_WRITTEN",
        purpose="Checks that no value is deleted from an enum that consumers write.",
        why="Consumers that write it send something that nobody knows any more.",
        categories=(Category.DIRECTION,),
        subject=Subject.ENUM,
        handler=enum_value_no_delete_if_written,
        breaks=REFUSAL,
        effect=replace(BREAKS_WRITERS, nearby=Impact.POTENTIALLY_AFFECTED),
        remedy=Remedy(
            expand="Keep the value, mark it deprecated, and go on accepting it.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete it, with its number and name reserved.",
            before="STATUS_OFF = 2;",
            after="STATUS_OFF = 2 [deprecated = true];",
        ),
    ),
    Rule(
        id="DIRECTION_ONEOF_MEMBER_NO_ADD_IF_READ",
        purpose="Checks that no member is added to a oneof that consumers read.",
        why="Consumers that read it meet something that they do not know; those that only write it do not care.",
        categories=(Category.DIRECTION,),
        subject=Subject.MESSAGE,
        handler=oneof_member_no_add_if_read,
        breaks=SURPRISE,
        effect=replace(MAY_AFFECT_READERS, scope=Scope.SURROUNDINGS),
        remedy=Remedy(
            expand="Define the new member, and send it to nobody yet.",
            migrate="Let every consumer that reads it take in the new definition, or treat what it does not know.",
            contract="Begin to send it.",
            before="enum Status {\n  STATUS_UNSPECIFIED = 0;\n  STATUS_ON = 1;\n}",
            after=(
                "enum Status {\n  STATUS_UNSPECIFIED = 0;\n  STATUS_ON = 1;\n  STATUS_PAUSED = 2;  // not sent yet\n}"
            ),
        ),
    ),
)
