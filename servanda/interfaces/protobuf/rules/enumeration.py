"""Rules about an enum and its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from google.protobuf.descriptor_pb2 import EnumDescriptorProto, EnumOptions, EnumValueDescriptorProto, FeatureSet

from servanda.interfaces.effect import BREAKS_USERS_IF_REPLAY_FAILS, MAY_AFFECT_USERS, Effect, When
from servanda.interfaces.protobuf.rules.categories import BYTES, BYTES_AND_JSON, EVERY_LEVEL, JSON, SCHEMA, SOURCE
from servanda.interfaces.protobuf.rules.ranges import Cover, shown
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
    """Object to an enum that opened or closed: readers treat unknown numbers otherwise."""
    before, after = is_closed(pair.previous), is_closed(pair.current)
    if before != after:
        names = {True: "closed", False: "open"}
        text = f"Enum {pair.current.name!r} changed from {names[before]} to {names[after]}."
        yield at_element(pair, text, places=((*_FEATURES, FeatureSet.ENUM_TYPE_FIELD_NUMBER), ()))


def same_json_format(pair: Pair[Enum]) -> Iterator[Objection]:
    """Object to an enum that had a JSON form and has none that can be relied on."""
    before, after = feature(pair.previous, "json_format"), feature(pair.current, "json_format")
    if before == FeatureSet.ALLOW != after:
        text = (
            f"JSON support changed from ALLOW to {FeatureSet.JsonFormat.Name(FeatureSet.JsonFormat.ValueType(after))}."
        )
        yield at_element(pair, text, places=((*_FEATURES, FeatureSet.JSON_FORMAT_FIELD_NUMBER), ()))


def value_no_delete(pair: Pair[Enum]) -> Iterator[Objection]:
    """Object to numbers without a value."""
    yield from _deleted_values(pair, None, "")


def value_no_delete_unless_name_reserved(pair: Pair[Enum]) -> Iterator[Objection]:
    """Object to numbers without a value whose names could be taken again."""
    reserved = set(pair.current.proto.reserved_name)
    yield from _deleted_values(pair, lambda _, names: set(names) <= reserved, " without reserving its name")


def value_no_delete_unless_number_reserved(pair: Pair[Enum]) -> Iterator[Objection]:
    """Object to numbers without a value that could be taken again."""
    cover = Cover((item.start, item.end) for item in pair.current.proto.reserved_range)
    yield from _deleted_values(pair, lambda number, _: number in cover, " without reserving its number")


def value_same_name(pair: Pair[Aliases]) -> Iterator[Objection]:
    """Object to a number whose names are not all there any more."""
    before, after = sorted(pair.previous), sorted(pair.current)
    if set(before) <= set(after):
        return
    previous_path = next(iter(pair.previous.values())).file.path
    for value in pair.current.values():
        text = f"Enum value {value.proto.number} changed its name from {', '.join(before)} to {', '.join(after)}."
        yield Objection(value.file.path, value.span(_NUMBER), value.full_name, text, previous_path)


def reserved_no_delete(pair: Pair[Enum]) -> Iterator[Objection]:
    """Object to numbers and names that were reserved and could be taken again."""
    before, after = pair.previous.proto, pair.current.proto
    cover = Cover((item.start, item.end) for item in after.reserved_range)
    for item in before.reserved_range:
        lost = cover.missing((item.start, item.end))
        if lost:
            whole = shown([(item.start, item.end)])
            yield at_element(pair, f"Of the reserved range {whole} these are missing: {shown(lost)}.")
    left = set(after.reserved_name)
    for name in before.reserved_name:
        if name not in left:
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
        why=(
            "A closed enum moves an unknown number to the unknown fields and shows the default, an open one keeps "
            "the number, so both versions see different values."
        ),
        categories=SOURCE,
        subject=Subject.ENUM,
        handler=same_type,
        breaks=BOTH_WAYS,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand=(
                "Keep enum_type of $name, and define an enum of another name with the new one; give it fields of its "
                "own."
            ),
            migrate=(
                "Let every consumer read the fields of the other enum; 'servanda usage $element' names those that "
                "read $name."
            ),
            contract="Delete the enum $name with the last field of its type.",
            before="$declaration",
            after="$deprecated\n$successor  // with the new enum_type",
        ),
    ),
    Rule(
        id="ENUM_SAME_JSON_FORMAT",
        purpose="Checks that enums keep their JSON support.",
        why=(
            "Without json_format = ALLOW the compiler no longer checks that value names are unique in JSON, so "
            "parsers of two languages may pick different numbers."
        ),
        categories=JSON,
        subject=Subject.ENUM,
        handler=same_json_format,
        breaks=BOTH_WAYS,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep json_format = ALLOW on enum $name, and define another enum for values whose names clash.",
            migrate=(
                "Let consumers that speak binary use the other enum; 'servanda usage $element' names those that use "
                "$name."
            ),
            contract="Set LEGACY_BEST_EFFORT on $name when no JSON holds a value of it.",
            before="$declaration",
            after="$declaration  // json_format = ALLOW stays",
        ),
    ),
    Rule(
        id="ENUM_VALUE_NO_DELETE",
        purpose="Checks that values are not deleted from an enum.",
        why=(
            "New readers get the number without a name from old writers, and code with the constant, such as a case "
            "of a switch, does not compile."
        ),
        categories=SCHEMA,
        subject=Subject.ENUM,
        handler=value_no_delete,
        breaks=UNKNOWN_VALUE,
        effect=replace(BREAKS_USERS_IF_REPLAY_FAILS, nearby=Impact.POTENTIALLY_AFFECTED),
        remedy=Remedy(
            expand="Keep value $name, mark it deprecated, and go on accepting it.",
            migrate="Let every consumer do without $name; 'servanda usage $element' names those that use it.",
            contract="Delete $name, and reserve number $number and the name.",
            before="$declaration",
            after="$deprecated",
        ),
    ),
    Rule(
        id="ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED",
        purpose="Checks that values are not deleted from an enum unless their name is reserved.",
        why=(
            "A later value may take the free name, and JSON with that name from an old consumer is then read as the "
            "new value."
        ),
        categories=BYTES_AND_JSON,
        subject=Subject.ENUM,
        handler=value_no_delete_unless_name_reserved,
        breaks=UNKNOWN_VALUE,
        effect=replace(BREAKS_USERS_IF_REPLAY_FAILS, nearby=Impact.POTENTIALLY_AFFECTED),
        remedy=Remedy(
            expand="Keep value $name until nobody sends it, or reserve its name in the commit that deletes it.",
            migrate=(
                "Let every consumer over HTTP stop sending \"$name\"; 'servanda usage $element' names those that do."
            ),
            contract='Delete the value and write: reserved "$name";',
            before="$declaration",
            after='reserved $number;\nreserved "$name";',
        ),
    ),
    Rule(
        id="ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED",
        purpose="Checks that values are not deleted from an enum unless their number is reserved.",
        why="A later value may take the free number, and stored messages that hold it are then read as the new value.",
        categories=BYTES,
        subject=Subject.ENUM,
        handler=value_no_delete_unless_number_reserved,
        breaks=UNKNOWN_VALUE,
        effect=replace(BREAKS_USERS_IF_REPLAY_FAILS, nearby=Impact.POTENTIALLY_AFFECTED),
        remedy=Remedy(
            expand=(
                "Keep value $name until no message holds it, or reserve number $number in the commit that deletes it."
            ),
            migrate="Let every writer stop sending $name, and wait until stored messages with number $number are gone.",
            contract="Delete $name and write: reserved $number;",
            before="$declaration",
            after='reserved $number;\nreserved "$name";',
        ),
    ),
    Rule(
        id="ENUM_VALUE_SAME_NAME",
        purpose="Checks that enum values keep their name.",
        why=(
            "In JSON the value is sent by name: an old consumer over HTTP rejects the new name, and code with the "
            "old constant does not compile."
        ),
        categories=JSON,
        subject=Subject.ENUM_VALUE,
        handler=value_same_name,
        breaks=BOTH_WAYS,
        effect=Effect(Impact.POTENTIALLY_AFFECTED, Impact.BROKEN, when=When.IF_REPLAY_FAILS),
        remedy=Remedy(
            expand=(
                "Set allow_alias, and keep $old_name on number $number beside $new_name; of several names the first "
                "one is sent in JSON."
            ),
            migrate=(
                "Let every consumer accept both names of number $number; 'servanda usage $element' names those that "
                "use the value."
            ),
            contract="Put $new_name first on number $number, then delete $old_name and reserve its name.",
            before="$old_name = $number;",
            after="option allow_alias = true;\n$old_name = $number;\n$new_name = $number;",
        ),
    ),
    Rule(
        id="RESERVED_ENUM_NO_DELETE",
        purpose="Checks that enums keep their reserved numbers and names.",
        why=(
            "A new value may take a number or name from former use, and a stored number or old JSON is then read as "
            "that value."
        ),
        categories=EVERY_LEVEL,
        subject=Subject.ENUM,
        handler=reserved_no_delete,
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep in enum $name all that it reserves: $reserved",
            migrate="Give new values of $name numbers and names that were never used.",
            contract="Never remove a reservation from enum $name: stored data has no date of expiry.",
            before="$reserved",
            after="$reserved  // unchanged",
        ),
    ),
)
