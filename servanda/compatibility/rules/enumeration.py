"""Rules about an enum and its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from google.protobuf.descriptor_pb2 import EnumDescriptorProto, EnumOptions, EnumValueDescriptorProto, FeatureSet

from servanda.compatibility.rules.ranges import missing, shown
from servanda.compatibility.rules.rule import Objection, Pair, at_element
from servanda.compatibility.schema import Element
from servanda.compatibility.schema.element import values
from servanda.compatibility.schema.features import feature, is_closed

Enum = Element[EnumDescriptorProto]
Aliases = Mapping[str, Element[EnumValueDescriptorProto]]

_FEATURES = (EnumDescriptorProto.OPTIONS_FIELD_NUMBER, EnumOptions.FEATURES_FIELD_NUMBER)
_NUMBER = EnumValueDescriptorProto.NUMBER_FIELD_NUMBER


def same_type(pair: Pair[Enum]) -> Iterator[Objection]:
    """An enum that opened or closed: readers treat unknown numbers otherwise."""
    before, after = is_closed(pair.previous), is_closed(pair.current)
    if before != after:
        names = {True: "closed", False: "open"}
        text = f"Enum {pair.current.name!r} changed from {names[before]} to {names[after]}."
        yield at_element(pair, text, places=((*_FEATURES, FeatureSet.ENUM_TYPE_FIELD_NUMBER), ()))


def same_json_format(pair: Pair[Enum]) -> Iterator[Objection]:
    """An enum that had a JSON form and has none that can be relied on."""
    before, after = feature(pair.previous, "json_format"), feature(pair.current, "json_format")
    if before == FeatureSet.ALLOW != after:
        text = (
            f"JSON support changed from ALLOW to {FeatureSet.JsonFormat.Name(FeatureSet.JsonFormat.ValueType(after))}."
        )
        yield at_element(pair, text, places=((*_FEATURES, FeatureSet.JSON_FORMAT_FIELD_NUMBER), ()))


def value_no_delete(pair: Pair[Enum]) -> Iterator[Objection]:
    """Numbers without a value."""
    yield from _deleted_values(pair, None, "")


def value_no_delete_unless_name_reserved(pair: Pair[Enum]) -> Iterator[Objection]:
    """Numbers without a value whose names could be taken again."""
    reserved = set(pair.current.proto.reserved_name)
    yield from _deleted_values(pair, lambda _, names: set(names) <= reserved, " without reserving its name")


def value_no_delete_unless_number_reserved(pair: Pair[Enum]) -> Iterator[Objection]:
    """Numbers without a value that could be taken again."""
    ranges = [(item.start, item.end) for item in pair.current.proto.reserved_range]
    yield from _deleted_values(
        pair,
        lambda number, _: any(start <= number <= end for start, end in ranges),
        " without reserving its number",
    )


def value_same_name(pair: Pair[Aliases]) -> Iterator[Objection]:
    """A number whose names are not all there any more."""
    before, after = sorted(pair.previous), sorted(pair.current)
    if set(before) <= set(after):
        return
    previous_path = next(iter(pair.previous.values())).file.path
    for value in pair.current.values():
        text = f"Enum value {value.proto.number} changed its name from {', '.join(before)} to {', '.join(after)}."
        yield Objection(value.file.path, value.span(_NUMBER), value.full_name, text, previous_path)


def reserved_no_delete(pair: Pair[Enum]) -> Iterator[Objection]:
    """Numbers and names that were reserved and could be taken again."""
    before, after = pair.previous.proto, pair.current.proto
    cover = [(item.start, item.end) for item in after.reserved_range]
    for item in before.reserved_range:
        lost = missing((item.start, item.end), cover)
        if lost:
            whole = shown([(item.start, item.end)])
            yield at_element(pair, f"Of the reserved range {whole} these are missing: {shown(lost)}.")
    for name in before.reserved_name:
        if name not in after.reserved_name:
            yield at_element(pair, f"The name {name!r} is reserved no more.")


def _deleted_values(
    pair: Pair[Enum], excused: Callable[[int, Aliases], bool] | None, suffix: str
) -> Iterator[Objection]:
    left = values(pair.current)
    for number, names in values(pair.previous).items():
        if number not in left and not (excused and excused(number, names)):
            text = f"Enum value {' / '.join(sorted(names))} ({number}) was deleted{suffix}."
            yield at_element(pair, text, name=next(iter(names.values())).full_name)
