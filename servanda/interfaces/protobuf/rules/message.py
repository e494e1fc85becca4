"""Rules about a message as a whole: its fields, oneofs, ranges and encoding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from google.protobuf.descriptor_pb2 import DescriptorProto, FeatureSet, FieldDescriptorProto, MessageOptions

from servanda.interfaces.effect import BREAKS_USERS, MAY_AFFECT_USERS, Scope, When
from servanda.interfaces.protobuf.rules.categories import BYTES, BYTES_AND_JSON, EVERY_LEVEL, JSON, SCHEMA
from servanda.interfaces.protobuf.rules.ranges import missing, shown
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


RULES: tuple[Rule, ...] = (
    Rule(
        id="FIELD_NO_DELETE",
        purpose="Checks that fields are not deleted from a message.",
        why=(
            "Readers find the default instead of the value, writers lose what they write, code does not "
            "compile any more."
        ),
        categories=SCHEMA,
        subject=Subject.MESSAGE,
        handler=field_no_delete,
        breaks=GONE,
        effect=replace(BREAKS_USERS, when=When.IF_NAME_GONE),
        remedy=Remedy(
            expand="Keep the field, mark it deprecated, and go on filling it.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete it, with its number and name reserved.",
            before="string nickname = 4;",
            after='string nickname = 4 [deprecated = true];\n\n// a later release\nreserved 4;\nreserved "nickname";',
        ),
    ),
    Rule(
        id="FIELD_NO_DELETE_UNLESS_NAME_RESERVED",
        purpose="Checks that fields are not deleted from a message unless their name is reserved.",
        why="The name can come back with another meaning, which old JSON then takes for the old one.",
        categories=BYTES_AND_JSON,
        subject=Subject.MESSAGE,
        handler=field_no_delete_unless_name_reserved,
        breaks=GONE,
        effect=replace(BREAKS_USERS, when=When.IF_NAME_GONE),
        remedy=Remedy(
            expand="Keep the field, mark it deprecated, and go on filling it.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete it, with its number and name reserved.",
            before="string nickname = 4;",
            after='string nickname = 4 [deprecated = true];\n\n// a later release\nreserved 4;\nreserved "nickname";',
        ),
    ),
    Rule(
        id="FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED",
        purpose="Checks that fields are not deleted from a message unless their number is reserved.",
        why=(
            "The number can come back with another meaning, and old bytes are then read as something that "
            "they never were."
        ),
        categories=BYTES,
        subject=Subject.MESSAGE,
        handler=field_no_delete_unless_number_reserved,
        breaks=GONE,
        effect=replace(BREAKS_USERS, when=When.IF_NAME_GONE),
        remedy=Remedy(
            expand="Keep the field, mark it deprecated, and go on filling it.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete it, with its number and name reserved.",
            before="string nickname = 4;",
            after='string nickname = 4 [deprecated = true];\n\n// a later release\nreserved 4;\nreserved "nickname";',
        ),
    ),
    Rule(
        id="ONEOF_NO_DELETE",
        purpose="Checks that oneofs are not deleted from a message.",
        why="Code that asks which member is set does not compile any more.",
        categories=SCHEMA,
        subject=Subject.MESSAGE,
        handler=oneof_no_delete,
        breaks=Breaks(Reader.OLD, Reader.OLD),
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep the field, mark it deprecated, and go on filling it.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete it, with its number and name reserved.",
            before="string nickname = 4;",
            after='string nickname = 4 [deprecated = true];\n\n// a later release\nreserved 4;\nreserved "nickname";',
        ),
    ),
    Rule(
        id="MESSAGE_SAME_REQUIRED_FIELDS",
        purpose="Checks that no required field comes or goes.",
        why="A side that requires the field rejects every message of a side that does not send it.",
        categories=EVERY_LEVEL,
        subject=Subject.MESSAGE,
        handler=same_required_fields,
        breaks=BOTH_WAYS,
        effect=replace(BREAKS_USERS, scope=Scope.SURROUNDINGS),
        remedy=Remedy(
            expand="Leave it to the code to ask for the field: a required field can neither come nor go safely.",
            migrate="Let every side accept messages without it.",
            contract="Make the field optional in a release of a new major version.",
            before="required string email = 1;",
            after="optional string email = 1;  // asked for by the code; only after every reader accepts its absence",
        ),
    ),
    Rule(
        id="MESSAGE_SAME_JSON_FORMAT",
        purpose="Checks that messages keep their JSON support.",
        why="JSON that was certain to work becomes a matter of luck, by language.",
        categories=JSON,
        subject=Subject.MESSAGE,
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
        id="MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR",
        purpose="Checks that the option no_standard_descriptor_accessor is not set.",
        why="Generated C++ and Java lose descriptor(), which others call.",
        categories=SCHEMA,
        subject=Subject.MESSAGE,
        handler=no_remove_standard_descriptor_accessor,
        breaks=SOURCE_ONLY,
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
        id="RESERVED_MESSAGE_NO_DELETE",
        purpose="Checks that messages keep their reserved numbers and names.",
        why="What was reserved was used once: taken again, old data is read with a new meaning.",
        categories=EVERY_LEVEL,
        subject=Subject.MESSAGE,
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
    Rule(
        id="EXTENSION_MESSAGE_NO_DELETE",
        purpose="Checks that messages keep their extension ranges.",
        why="Extensions that others declared in these numbers do not compile any more.",
        categories=SCHEMA,
        subject=Subject.MESSAGE,
        handler=extension_range_no_delete,
        breaks=GONE,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep the field, mark it deprecated, and go on filling it.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete it, with its number and name reserved.",
            before="string nickname = 4;",
            after='string nickname = 4 [deprecated = true];\n\n// a later release\nreserved 4;\nreserved "nickname";',
        ),
    ),
)
