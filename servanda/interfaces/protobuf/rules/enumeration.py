"""Rules about an enum and its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from google.protobuf.descriptor_pb2 import EnumDescriptorProto, EnumOptions, EnumValueDescriptorProto, FeatureSet

from servanda.interfaces.effect import BREAKS_USERS, MAY_AFFECT_USERS, Effect
from servanda.interfaces.protobuf.rules.categories import BYTES, BYTES_AND_JSON, EVERY_LEVEL, JSON, SCHEMA, SOURCE
from servanda.interfaces.protobuf.rules.ranges import missing, shown
from servanda.interfaces.protobuf.rules.subject import Pair, Subject, at_element
from servanda.interfaces.protobuf.schema import Element
from servanda.interfaces.protobuf.schema.element import values
from servanda.interfaces.protobuf.schema.features import feature, is_closed
from servanda.interfaces.rule import Objection, Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS, SOURCE_ONLY, UNKNOWN_VALUE
from servanda.verdict import Impact

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


RULES: tuple[Rule, ...] = (
    Rule(
        id="ENUM_SAME_TYPE",
        purpose="Checks that enums stay open or closed.",
        why="A closed enum drops numbers that it does not know where an open one keeps them.",
        categories=SOURCE,
        subject=Subject.ENUM,
        handler=same_type,
        breaks=BOTH_WAYS,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep the option, and define a message or enum of a new name with the new one.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete the old definition in a release of a new major version.",
            before="enum Status { option features.enum_type = OPEN; STATUS_UNSPECIFIED = 0; }",
            after=(
                "enum Status { option features.enum_type = OPEN; STATUS_UNSPECIFIED = 0; }  // unchanged\n"
                "enum StrictStatus { option features.enum_type = CLOSED; STRICT_STATUS_UNSPECIFIED = 0; }"
            ),
        ),
    ),
    Rule(
        id="ENUM_SAME_JSON_FORMAT",
        purpose="Checks that enums keep their JSON support.",
        why="JSON that was certain to work becomes a matter of luck, by language.",
        categories=JSON,
        subject=Subject.ENUM,
        handler=same_json_format,
        breaks=BOTH_WAYS,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep the option, and define a message or enum of a new name with the new one.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete the old definition in a release of a new major version.",
            before="enum Status { option features.enum_type = OPEN; STATUS_UNSPECIFIED = 0; }",
            after=(
                "enum Status { option features.enum_type = OPEN; STATUS_UNSPECIFIED = 0; }  // unchanged\n"
                "enum StrictStatus { option features.enum_type = CLOSED; STRICT_STATUS_UNSPECIFIED = 0; }"
            ),
        ),
    ),
    Rule(
        id="ENUM_VALUE_NO_DELETE",
        purpose="Checks that values are not deleted from an enum.",
        why="Readers meet a number without a name, and code that names the value does not compile.",
        categories=SCHEMA,
        subject=Subject.ENUM,
        handler=value_no_delete,
        breaks=UNKNOWN_VALUE,
        effect=replace(BREAKS_USERS, nearby=Impact.POTENTIALLY_AFFECTED),
        remedy=Remedy(
            expand="Keep the value, mark it deprecated, and go on accepting it.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete it, with its number and name reserved.",
            before="STATUS_OFF = 2;",
            after="STATUS_OFF = 2 [deprecated = true];",
        ),
    ),
    Rule(
        id="ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED",
        purpose="Checks that values are not deleted from an enum unless their name is reserved.",
        why="The name can come back with another meaning, which old JSON then takes for the old one.",
        categories=BYTES_AND_JSON,
        subject=Subject.ENUM,
        handler=value_no_delete_unless_name_reserved,
        breaks=UNKNOWN_VALUE,
        effect=replace(BREAKS_USERS, nearby=Impact.POTENTIALLY_AFFECTED),
        remedy=Remedy(
            expand="Keep the value, mark it deprecated, and go on accepting it.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete it, with its number and name reserved.",
            before="STATUS_OFF = 2;",
            after="STATUS_OFF = 2 [deprecated = true];",
        ),
    ),
    Rule(
        id="ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED",
        purpose="Checks that values are not deleted from an enum unless their number is reserved.",
        why=(
            "The number can come back with another meaning, and old bytes are then read as something that "
            "they never were."
        ),
        categories=BYTES,
        subject=Subject.ENUM,
        handler=value_no_delete_unless_number_reserved,
        breaks=UNKNOWN_VALUE,
        effect=replace(BREAKS_USERS, nearby=Impact.POTENTIALLY_AFFECTED),
        remedy=Remedy(
            expand="Keep the value, mark it deprecated, and go on accepting it.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete it, with its number and name reserved.",
            before="STATUS_OFF = 2;",
            after="STATUS_OFF = 2 [deprecated = true];",
        ),
    ),
    Rule(
        id="ENUM_VALUE_SAME_NAME",
        purpose="Checks that enum values keep their name.",
        why="JSON and code name the value by its name; bytes stay readable.",
        categories=JSON,
        subject=Subject.ENUM_VALUE,
        handler=value_same_name,
        breaks=BOTH_WAYS,
        effect=Effect(Impact.POTENTIALLY_AFFECTED, Impact.BROKEN),
        remedy=Remedy(
            expand=(
                "Allow an alias and give the number a second name; the first name of a number is the one that is sent."
            ),
            migrate="Let every consumer accept the new name.",
            contract="Put the new name first, then delete the old one with its name reserved.",
            before="STATUS_OFF = 2;",
            after="option allow_alias = true;\nSTATUS_OFF = 2 [deprecated = true];\nSTATUS_DISABLED = 2;",
        ),
    ),
    Rule(
        id="RESERVED_ENUM_NO_DELETE",
        purpose="Checks that enums keep their reserved numbers and names.",
        why="What was reserved was used once: taken again, old data is read with a new meaning.",
        categories=EVERY_LEVEL,
        subject=Subject.ENUM,
        handler=reserved_no_delete,
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep the reservation: old data and old consumers still know the number.",
            migrate="Nothing to wait for.",
            contract="Never take a number again.",
            before="reserved 4;",
            after="reserved 4;  // unchanged",
        ),
    ),
)
