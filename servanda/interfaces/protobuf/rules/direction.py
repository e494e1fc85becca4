"""Rules that depend on what consumers do with an element: a new value surprises those who read it only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from google.protobuf.descriptor_pb2 import DescriptorProto, EnumDescriptorProto

from servanda.interfaces.effect import BREAKS_WRITERS, MAY_AFFECT_READERS, Scope, When
from servanda.interfaces.protobuf.reachability import Reach
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.subject import Pair, Subject, at_element
from servanda.interfaces.protobuf.schema import Element
from servanda.interfaces.protobuf.schema.element import fields, oneofs, values
from servanda.interfaces.protobuf.schema.features import is_closed
from servanda.interfaces.rule import Objection, Remedy, Rule
from servanda.interfaces.transition import REFUSAL, SURPRISE, Direction
from servanda.verdict import Impact, Severity

_NOBODY = "nothing in the workspace uses it, so it counts as both"


def enum_value_no_add_if_read(pair: Pair[Element[EnumDescriptorProto]]) -> Iterator[Objection]:
    """Object to a new value of an enum that consumers read: they have no name for it."""
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
    """Object to a value that consumers write and that the provider does not know any more."""
    left = values(pair.current)
    gone = [next(iter(names.values())) for number, names in values(pair.previous).items() if number not in left]
    if not gone or not pair.comparison.reach[0].use(pair.previous.full_name) & Direction.WRITTEN:
        return
    where = _where(pair.comparison.reach[0], pair.previous.full_name, Direction.WRITTEN)
    for value in gone:
        text = f"Value {value.proto.name!r} was deleted, and consumers can write it ({where})."
        yield at_element(pair, text, name=value.full_name)


def oneof_member_no_add_if_read(pair: Pair[Element[DescriptorProto]]) -> Iterator[Objection]:
    """Object to a new member of a oneof that consumers read: they see the oneof as not set."""
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
        why=(
            "Old readers have no name for the number: closed enums hide it, Java shows UNRECOGNIZED, a switch falls "
            "into its default, and parsers of JSON fail on the new name."
        ),
        categories=(Category.DIRECTION,),
        subject=Subject.ENUM,
        handler=enum_value_no_add_if_read,
        severity=Severity.WARNING,
        breaks=SURPRISE,
        effect=replace(MAY_AFFECT_READERS, scope=Scope.SURROUNDINGS),
        remedy=Remedy(
            expand="Define $name in $container, and send it to nobody yet.",
            migrate=(
                "Let every consumer that reads $container take in the definition or handle unknown values; 'servanda "
                "usage $container' names them."
            ),
            contract="Begin to send $name.",
            before="// enum $container without the value",
            after="$declaration  // not sent yet",
        ),
    ),
    Rule(
        id="DIRECTION_ENUM_VALUE_NO_DELETE_IF_WRITTEN",
        purpose="Checks that no value is deleted from an enum that consumers write.",
        why=(
            "Callers go on sending the value: the provider sees a number without a name, or refuses its name in JSON "
            "with 400."
        ),
        categories=(Category.DIRECTION,),
        subject=Subject.ENUM,
        handler=enum_value_no_delete_if_written,
        severity=Severity.WARNING,
        breaks=REFUSAL,
        effect=replace(BREAKS_WRITERS, when=When.IF_REPLAY_FAILS, nearby=Impact.POTENTIALLY_AFFECTED),
        remedy=Remedy(
            expand="Keep $name, mark it deprecated, and go on accepting it in requests.",
            migrate="Let every consumer write another value; 'servanda usage $element' names those that write $name.",
            contract="Delete $name when no request holds it, and reserve number $number and the name.",
            before="$declaration",
            after="$deprecated",
        ),
    ),
    Rule(
        id="DIRECTION_ONEOF_MEMBER_NO_ADD_IF_READ",
        purpose="Checks that no member is added to a oneof that consumers read.",
        why=(
            "Old readers keep the new member among the unknown fields and see the oneof as not set, so they handle "
            "the answer as if it were empty."
        ),
        categories=(Category.DIRECTION,),
        subject=Subject.MESSAGE,
        handler=oneof_member_no_add_if_read,
        severity=Severity.WARNING,
        breaks=SURPRISE,
        effect=replace(MAY_AFFECT_READERS, scope=Scope.CHOICE),
        remedy=Remedy(
            expand="Define $name in $container, and fill only the members that older readers know.",
            migrate=(
                "Let every consumer that reads $container handle the new member, and the oneof being not set; "
                "'servanda usage $container' names them."
            ),
            contract="Begin to send $name.",
            before="// $container without the member",
            after="$declaration  // not sent yet",
        ),
    ),
)
