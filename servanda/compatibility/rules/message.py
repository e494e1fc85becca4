"""Rules about a message as a whole: its fields, oneofs, ranges and encoding."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from google.protobuf.descriptor_pb2 import DescriptorProto, FeatureSet, FieldDescriptorProto, MessageOptions

from servanda.compatibility.rules.ranges import missing, shown
from servanda.compatibility.rules.rule import Objection, Pair, at_element
from servanda.compatibility.schema import Element
from servanda.compatibility.schema.element import fields, oneofs
from servanda.compatibility.schema.features import Label, feature

Message = Element[DescriptorProto]
Field = Element[FieldDescriptorProto]

_OPTIONS = DescriptorProto.OPTIONS_FIELD_NUMBER
_NO_ACCESSOR = MessageOptions.NO_STANDARD_DESCRIPTOR_ACCESSOR_FIELD_NUMBER
_FEATURES_JSON = (_OPTIONS, MessageOptions.FEATURES_FIELD_NUMBER, FeatureSet.JSON_FORMAT_FIELD_NUMBER)


def field_no_delete(pair: Pair[Message]) -> Iterator[Objection]:
    """Fields whose number is gone."""
    yield from _deleted_fields(pair, None, "")


def field_no_delete_unless_name_reserved(pair: Pair[Message]) -> Iterator[Objection]:
    """Fields whose number is gone and whose name could be taken again."""
    reserved = set(pair.current.proto.reserved_name)
    yield from _deleted_fields(pair, lambda gone: gone.proto.name in reserved, " without reserving its name")


def field_no_delete_unless_number_reserved(pair: Pair[Message]) -> Iterator[Objection]:
    """Fields whose number is gone and could be taken again."""
    ranges = [(reserved.start, reserved.end - 1) for reserved in pair.current.proto.reserved_range]
    yield from _deleted_fields(
        pair,
        lambda gone: any(start <= gone.proto.number <= end for start, end in ranges),
        " without reserving its number",
    )


def oneof_no_delete(pair: Pair[Message]) -> Iterator[Objection]:
    """Oneofs that are gone."""
    left = {oneof.name for oneof in pair.current.proto.oneof_decl}
    for name, gone in oneofs(pair.previous).items():
        if name not in left:
            yield at_element(pair, f"Oneof {name!r} was deleted.", name=gone.full_name)


def same_required_fields(pair: Pair[Message]) -> Iterator[Objection]:
    """Required fields that came or went: a side that does not know of one cannot be understood."""
    before, after = _required(pair.previous), _required(pair.current)
    for number, gone in before.items():
        if number not in after:
            text = f"Field {gone.name!r} ({number}) was required and is so no more."
            yield at_element(pair, text, name=gone.full_name)
    for number, new in after.items():
        if number not in before:
            yield Objection(
                new.file.path,
                new.span(),
                new.full_name,
                f"Field {new.name!r} ({number}) became required.",
                pair.previous.file.path,
            )


def same_json_format(pair: Pair[Message]) -> Iterator[Objection]:
    """A message that had a JSON form and has none that can be relied on."""
    before, after = feature(pair.previous, "json_format"), feature(pair.current, "json_format")
    if before == FeatureSet.ALLOW != after:
        text = (
            f"JSON support changed from ALLOW to {FeatureSet.JsonFormat.Name(FeatureSet.JsonFormat.ValueType(after))}."
        )
        yield at_element(pair, text, places=(_FEATURES_JSON, ()))


def no_remove_standard_descriptor_accessor(pair: Pair[Message]) -> Iterator[Objection]:
    """Generated code without its ``descriptor()``."""
    option = "no_standard_descriptor_accessor"
    if not getattr(pair.previous.proto.options, option) and getattr(pair.current.proto.options, option):
        yield at_element(pair, f"Option {option!r} was set.", places=((_OPTIONS, _NO_ACCESSOR),))


def reserved_no_delete(pair: Pair[Message]) -> Iterator[Objection]:
    """Numbers and names that were reserved and could be taken again."""
    before, after = pair.previous.proto, pair.current.proto
    ranges = [(item.start, item.end - 1) for item in before.reserved_range]
    yield from _lost_ranges(pair, "reserved", ranges, [(item.start, item.end - 1) for item in after.reserved_range])
    for name in before.reserved_name:
        if name not in after.reserved_name:
            yield at_element(pair, f"The name {name!r} is reserved no more.")


def extension_range_no_delete(pair: Pair[Message]) -> Iterator[Objection]:
    """Numbers that extensions may have used."""
    before, after = pair.previous.proto, pair.current.proto
    ranges = [(item.start, item.end - 1) for item in before.extension_range]
    yield from _lost_ranges(pair, "extension", ranges, [(item.start, item.end - 1) for item in after.extension_range])


def _lost_ranges(
    pair: Pair[Message], what: str, before: list[tuple[int, int]], after: list[tuple[int, int]]
) -> Iterator[Objection]:
    for interval in before:
        lost = missing(interval, after)
        if lost:
            yield at_element(pair, f"Of the {what} range {shown([interval])} these are missing: {shown(lost)}.")


def _deleted_fields(pair: Pair[Message], excused: Callable[[Field], bool] | None, suffix: str) -> Iterator[Objection]:
    left = fields(pair.current)
    for number, gone in fields(pair.previous).items():
        if number not in left and not (excused and excused(gone)):
            yield at_element(pair, f"Field {gone.name!r} ({number}) was deleted{suffix}.", name=gone.full_name)


def _required(message: Message) -> dict[int, Field]:
    return {n: field for n, field in fields(message).items() if field.proto.label == Label.LABEL_REQUIRED}
