"""Rules about a message as a whole: its fields, oneofs, ranges and encoding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from google.protobuf.descriptor_pb2 import DescriptorProto, FeatureSet, FieldDescriptorProto, MessageOptions

from servanda.interfaces.effect import BREAKS_USERS, MAY_AFFECT_USERS, Scope, When
from servanda.interfaces.protobuf.rules.categories import BYTES, BYTES_AND_JSON, EVERY_LEVEL, JSON, SCHEMA
from servanda.interfaces.protobuf.rules.ranges import Cover, shown
from servanda.interfaces.protobuf.rules.subject import Pair, Subject, at_element
from servanda.interfaces.protobuf.schema import Element
from servanda.interfaces.protobuf.schema.element import fields, oneofs
from servanda.interfaces.protobuf.schema.features import Label, feature
from servanda.interfaces.rule import Objection, Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS, GONE, SOURCE_ONLY, Breaks, Reader

Message = Element[DescriptorProto]
Field = Element[FieldDescriptorProto]

_OPTIONS = DescriptorProto.OPTIONS_FIELD_NUMBER
_NO_ACCESSOR = MessageOptions.NO_STANDARD_DESCRIPTOR_ACCESSOR_FIELD_NUMBER
_FEATURES_JSON = (_OPTIONS, MessageOptions.FEATURES_FIELD_NUMBER, FeatureSet.JSON_FORMAT_FIELD_NUMBER)


def field_no_delete(pair: Pair[Message]) -> Iterator[Objection]:
    """Object to fields whose number is gone."""
    yield from _deleted_fields(pair, None, "")


def field_no_delete_unless_name_reserved(pair: Pair[Message]) -> Iterator[Objection]:
    """Object to fields whose number is gone and whose name could be taken again."""
    reserved = set(pair.current.proto.reserved_name)
    yield from _deleted_fields(pair, lambda gone: gone.proto.name in reserved, " without reserving its name")


def field_no_delete_unless_number_reserved(pair: Pair[Message]) -> Iterator[Objection]:
    """Object to fields whose number is gone and could be taken again."""
    cover = Cover((reserved.start, reserved.end - 1) for reserved in pair.current.proto.reserved_range)
    yield from _deleted_fields(pair, lambda gone: gone.proto.number in cover, " without reserving its number")


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
    """Object to a message that had a JSON form and has none that can be relied on."""
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
    """Object to numbers and names that were reserved and could be taken again."""
    before, after = pair.previous.proto, pair.current.proto
    ranges = [(item.start, item.end - 1) for item in before.reserved_range]
    yield from _lost_ranges(pair, "reserved", ranges, [(item.start, item.end - 1) for item in after.reserved_range])
    left = set(after.reserved_name)
    for name in before.reserved_name:
        if name not in left:
            yield at_element(pair, f"The name {name!r} is reserved no more.")


def extension_range_no_delete(pair: Pair[Message]) -> Iterator[Objection]:
    """Object to numbers that extensions may have used."""
    before, after = pair.previous.proto, pair.current.proto
    ranges = [(item.start, item.end - 1) for item in before.extension_range]
    yield from _lost_ranges(pair, "extension", ranges, [(item.start, item.end - 1) for item in after.extension_range])


def _lost_ranges(
    pair: Pair[Message], what: str, before: list[tuple[int, int]], after: list[tuple[int, int]]
) -> Iterator[Objection]:
    cover = Cover(after)
    for interval in before:
        lost = cover.missing(interval)
        if lost:
            yield at_element(pair, f"Of the {what} range {shown([interval])} these are missing: {shown(lost)}.")


def _deleted_fields(pair: Pair[Message], excused: Callable[[Field], bool] | None, suffix: str) -> Iterator[Objection]:
    left = fields(pair.current)
    for number, gone in fields(pair.previous).items():
        if number not in left and not (excused and excused(gone)):
            yield at_element(pair, f"Field {gone.name!r} ({number}) was deleted{suffix}.", name=gone.full_name)


def _required(message: Message) -> dict[int, Field]:
    return {n: field for n, field in fields(message).items() if field.proto.label == Label.LABEL_REQUIRED}


RULES: tuple[Rule, ...] = (
    Rule(
        id="FIELD_NO_DELETE",
        purpose="Checks that fields are not deleted from a message.",
        why=(
            "Old readers find the default instead of the value, the new side drops what old writers send, and code "
            "that names the field does not compile."
        ),
        categories=SCHEMA,
        subject=Subject.MESSAGE,
        handler=field_no_delete,
        breaks=GONE,
        effect=replace(BREAKS_USERS, when=When.IF_NAME_GONE),
        remedy=Remedy(
            expand="Keep field $name, mark it deprecated, and go on filling it.",
            migrate="Let every consumer do without $name; 'servanda usage $element' names those that use it.",
            contract="Delete $name, and reserve number $number and the name.",
            before="$declaration",
            after='$deprecated\n\n// a later release\nreserved $number;\nreserved "$name";',
        ),
    ),
    Rule(
        id="FIELD_NO_DELETE_UNLESS_NAME_RESERVED",
        purpose="Checks that fields are not deleted from a message unless their name is reserved.",
        why=(
            "A later field may take the free name, and JSON or a field mask of an old consumer then sets that other "
            "field."
        ),
        categories=BYTES_AND_JSON,
        subject=Subject.MESSAGE,
        handler=field_no_delete_unless_name_reserved,
        breaks=GONE,
        effect=replace(BREAKS_USERS, when=When.IF_NAME_GONE),
        remedy=Remedy(
            expand="Keep field $name until nobody uses it, or reserve its name in the commit that deletes it.",
            migrate=(
                "Let every consumer leave $name out of its JSON and field masks; 'servanda usage $element' names "
                "those that do not."
            ),
            contract='Delete the field and write: reserved "$name";',
            before="$declaration",
            after='reserved $number;\nreserved "$name";',
        ),
    ),
    Rule(
        id="FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED",
        purpose="Checks that fields are not deleted from a message unless their number is reserved.",
        why=(
            "A later field may take the free number, and the bytes that an old writer sent for the deleted field are "
            "then read as the new one."
        ),
        categories=BYTES,
        subject=Subject.MESSAGE,
        handler=field_no_delete_unless_number_reserved,
        breaks=GONE,
        effect=replace(BREAKS_USERS, when=When.IF_NAME_GONE),
        remedy=Remedy(
            expand="Keep field $name until nobody uses it, or reserve number $number in the commit that deletes it.",
            migrate=(
                "Let every consumer stop reading and writing $name; 'servanda usage $element' names those that go on."
            ),
            contract="Delete $name and write: reserved $number;",
            before="$declaration",
            after='reserved $number;\nreserved "$name";',
        ),
    ),
    Rule(
        id="ONEOF_NO_DELETE",
        purpose="Checks that oneofs are not deleted from a message.",
        why=(
            "Code that asks for the set member, by WhichOneof() or a switch over the case enum, does not compile or "
            "fails when it runs."
        ),
        categories=SCHEMA,
        subject=Subject.MESSAGE,
        handler=oneof_no_delete,
        breaks=Breaks(Reader.OLD, Reader.OLD),
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep oneof $name in $container, and say in its comment what replaces it.",
            migrate=(
                "Let every consumer ask for the members themselves instead of the case of $name; their builds "
                "against the new code show who is left."
            ),
            contract=(
                "Delete oneof $name in a release of a new major version, with the numbers of members that go reserved."
            ),
            before="$declaration",
            after="$deprecated",
        ),
    ),
    Rule(
        id="MESSAGE_SAME_REQUIRED_FIELDS",
        purpose="Checks that no required field comes or goes.",
        why="Where one side requires the field, it rejects every whole message in which the other side leaves it out.",
        categories=EVERY_LEVEL,
        subject=Subject.MESSAGE,
        handler=same_required_fields,
        breaks=BOTH_WAYS,
        effect=replace(BREAKS_USERS, scope=Scope.SURROUNDINGS),
        remedy=Remedy(
            expand="Leave the label of $name as it is, and let the code of the provider check whether it is set.",
            migrate="Let every writer set $name, and let every reader accept messages without it.",
            contract="Change the label of $name in a new message of a new major version, where no old reader is left.",
            before="$declaration",
            after="$declaration  // checked by the code of the provider",
        ),
    ),
    Rule(
        id="MESSAGE_SAME_JSON_FORMAT",
        purpose="Checks that messages keep their JSON support.",
        why=(
            "Without json_format = ALLOW the compiler no longer guarantees a JSON form, so callers over HTTP may get "
            "names that clash or differ by language."
        ),
        categories=JSON,
        subject=Subject.MESSAGE,
        handler=same_json_format,
        breaks=BOTH_WAYS,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep json_format = ALLOW on message $name, and define another message for what cannot be JSON.",
            migrate=(
                "Let consumers that speak binary use the other message; 'servanda usage $element' names those that "
                "use $name as JSON."
            ),
            contract="Set LEGACY_BEST_EFFORT on $name when no HTTP route and no JSON document uses it.",
            before="$declaration",
            after="$declaration  // json_format = ALLOW stays",
        ),
    ),
    Rule(
        id="MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR",
        purpose="Checks that the option no_standard_descriptor_accessor is not set.",
        why=(
            "Generated C++ loses descriptor() and Java getDescriptor(), so reflection code that calls them does not "
            "compile."
        ),
        categories=SCHEMA,
        subject=Subject.MESSAGE,
        handler=no_remove_standard_descriptor_accessor,
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand=(
                "Leave no_standard_descriptor_accessor unset on $name; if a field is called descriptor, give that "
                "field another name."
            ),
            migrate="Let every consumer call GetDescriptor() or getDescriptorForType() on $name instead.",
            contract="Set the option on $name when no source calls the standard accessor.",
            before="$declaration",
            after="$declaration  // without no_standard_descriptor_accessor",
        ),
    ),
    Rule(
        id="RESERVED_MESSAGE_NO_DELETE",
        purpose="Checks that messages keep their reserved numbers and names.",
        why=(
            "A new field may take a number or name that was in use once, and stored bytes or old JSON are then read "
            "with the new meaning."
        ),
        categories=EVERY_LEVEL,
        subject=Subject.MESSAGE,
        handler=reserved_no_delete,
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep in message $name all that it reserves: $reserved",
            migrate="Give new fields of $name numbers and names that were never used.",
            contract="Never remove a reservation from $name: stored data has no date of expiry.",
            before="$reserved",
            after="$reserved  // unchanged",
        ),
    ),
    Rule(
        id="EXTENSION_MESSAGE_NO_DELETE",
        purpose="Checks that messages keep their extension ranges.",
        why=(
            "Extensions that other files declare in these numbers do not compile, and their bytes become unknown "
            "fields."
        ),
        categories=SCHEMA,
        subject=Subject.MESSAGE,
        handler=extension_range_no_delete,
        breaks=GONE,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep in message $name its numbers for extensions: $extensions",
            migrate="Search all files that extend $name, and move each extension into a field or a remaining range.",
            contract="Narrow the range of $name, and reserve the numbers that leave it.",
            before="$extensions",
            after="$extensions  // unchanged until nobody extends $name there",
        ),
    ),
)
