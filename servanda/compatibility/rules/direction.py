"""Rules that depend on what consumers do with an element: a new value surprises those who read it only."""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf.descriptor_pb2 import DescriptorProto, EnumDescriptorProto

from servanda.compatibility.reachability import Reach, Use
from servanda.compatibility.rules.rule import Objection, Pair, at_element
from servanda.compatibility.schema import Element
from servanda.compatibility.schema.element import fields, oneofs, values
from servanda.compatibility.schema.features import is_closed

_NOBODY = "nothing in the workspace uses it, so it counts as both"


def enum_value_no_add_if_read(pair: Pair[Element[EnumDescriptorProto]]) -> Iterator[Objection]:
    """A new value of an enum that consumers read: they have no name for it."""
    known = values(pair.previous)
    new = [next(iter(names.values())) for number, names in values(pair.current).items() if number not in known]
    if not new or not pair.comparison.reach[1].use(pair.current.full_name) & Use.READ:
        return
    where = _where(pair.comparison.reach[1], pair.current.full_name, Use.READ)
    effect = "drop the field" if is_closed(pair.previous) else "see a number without a name"
    for value in new:
        text = f"Value {value.proto.name!r} is new, and consumers read it ({where}): older ones {effect}."
        yield at_element(Pair(value, value, pair.comparison), text)


def enum_value_no_delete_if_written(pair: Pair[Element[EnumDescriptorProto]]) -> Iterator[Objection]:
    """A value that consumers write and that the provider does not know any more."""
    left = values(pair.current)
    gone = [next(iter(names.values())) for number, names in values(pair.previous).items() if number not in left]
    if not gone or not pair.comparison.reach[0].use(pair.previous.full_name) & Use.WRITTEN:
        return
    where = _where(pair.comparison.reach[0], pair.previous.full_name, Use.WRITTEN)
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
        if oneof in kept and pair.comparison.reach[1].field(field) & Use.READ:
            where = _where(pair.comparison.reach[1], pair.current.full_name, Use.READ)
            text = (
                f"Member {field.proto.name!r} of oneof {oneof!r} is new, and consumers read it ({where}): "
                "older ones see the oneof as not set."
            )
            span = field.span()
            yield Objection(field.file.path, span, field.full_name, text, pair.previous.file.path)


def _where(reach: Reach, full_name: str, use: Use) -> str:
    witness = reach.witness(full_name, use)
    return f"in {witness}" if witness else _NOBODY
