"""Rules about google.api.field_behavior, presence and what an unset field means.

Source: "Field behavior documentation" (AIP-203).
"""

from __future__ import annotations

from collections.abc import Iterator

from google.api.field_behavior_pb2 import FieldBehavior
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto

from servanda.interfaces.effect import BREAKS_WRITERS_WHO_OMIT, MAY_AFFECT_READERS, MAY_AFFECT_USERS, MAY_AFFECT_WRITERS
from servanda.interfaces.protobuf.options import FIELD_BEHAVIOR
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.subject import Pair, Subject, at_option
from servanda.interfaces.protobuf.schema import Element
from servanda.interfaces.protobuf.schema.element import fields
from servanda.interfaces.rule import Handler, Objection, Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS, GONE, REFUSAL, SURPRISE, Direction

Field = Element[FieldDescriptorProto]
Message = Element[DescriptorProto]


def no_add(behaviour: FieldBehavior.ValueType, use: Direction, effect: str) -> Handler:
    """The handler that objects to a behaviour that a field had not, if consumers use the field in this way."""

    def handler(pair: Pair[Field]) -> Iterator[Objection]:
        before, after = _behaviours(pair)
        if behaviour in after - before and _message_use(pair) & use:
            yield _changed(pair, f"became {FieldBehavior.Name(behaviour)}: {effect}.")

    return handler


def same(behaviour: FieldBehavior.ValueType, use: Direction, added: str, removed: str) -> Handler:
    """The handler that objects to a behaviour that came or went, if consumers use the field in this way."""

    def handler(pair: Pair[Field]) -> Iterator[Objection]:
        before, after = _behaviours(pair)
        if behaviour in before ^ after and _message_use(pair) & use:
            name = FieldBehavior.Name(behaviour)
            text = f"became {name}: {added}." if behaviour in after else f"is not {name} any more: {removed}."
            yield _changed(pair, text)

    return handler


def no_new_required_field(pair: Pair[Message]) -> Iterator[Objection]:
    """A new field that callers have to set, who do not know it."""
    for field in new_in_requests(pair):
        if FieldBehavior.REQUIRED in pair.comparison.options[1].numbers(field, FIELD_BEHAVIOR):
            span = pair.comparison.options[1].span(field, FIELD_BEHAVIOR)
            text = f"New field {field.proto.name!r} is REQUIRED."
            yield Objection(field.file.path, span, field.full_name, text, pair.previous.file.path)


def _behaviours(pair: Pair[Field]) -> tuple[frozenset[int], frozenset[int]]:
    before, after = pair.comparison.options
    return before.numbers(pair.previous, FIELD_BEHAVIOR), after.numbers(pair.current, FIELD_BEHAVIOR)


def _message_use(pair: Pair[Field]) -> Direction:
    parent = pair.current.parent
    return pair.comparison.reach[1].use(parent.full_name) if parent is not None else Direction.BOTH


def _changed(pair: Pair[Field], text: str) -> Objection:
    return at_option(pair, FIELD_BEHAVIOR, f"Field {pair.current.proto.name!r} {text}")


def new_in_requests(pair: Pair[Message]) -> Iterator[Field]:
    """Yield the fields of a message that callers can write and that older callers do not know."""
    known = fields(pair.previous)
    new = [field for number, field in fields(pair.current).items() if number not in known]
    return (field for field in new if pair.comparison.reach[1].field(field) & Direction.WRITTEN)


RULES: tuple[Rule, ...] = (
    Rule(
        id="BEHAVIOR_NO_BECOME_REQUIRED",
        purpose="Checks that no field of a request becomes REQUIRED.",
        why="Callers that do not know the field leave it out and are refused.",
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD_OPTIONS,
        handler=no_add(FieldBehavior.REQUIRED, Direction.WRITTEN, "callers that leave it out are refused"),
        breaks=REFUSAL,
        effect=BREAKS_WRITERS_WHO_OMIT,
        remedy=Remedy(
            expand="Keep the field optional, and say what leaving it out means.",
            migrate="Let every consumer that writes the message set it.",
            contract="Make it required.",
            before="string region = 5;",
            after=(
                "string region = 5;  // left out: the region of the caller; required from the next major version on"
            ),
        ),
    ),
    Rule(
        id="BEHAVIOR_NO_NEW_REQUIRED_FIELD",
        purpose="Checks that new fields of requests are not REQUIRED.",
        why="Callers that do not know the field leave it out and are refused.",
        categories=(Category.BEHAVIOR,),
        subject=Subject.MESSAGE,
        handler=no_new_required_field,
        breaks=REFUSAL,
        effect=BREAKS_WRITERS_WHO_OMIT,
        remedy=Remedy(
            expand="Keep the field optional, and say what leaving it out means.",
            migrate="Let every consumer that writes the message set it.",
            contract="Make it required.",
            before="string region = 5;",
            after=(
                "string region = 5;  // left out: the region of the caller; required from the next major version on"
            ),
        ),
    ),
    Rule(
        id="BEHAVIOR_SAME_OUTPUT_ONLY",
        purpose="Checks that fields of requests do not become OUTPUT_ONLY or stop being it.",
        why="Consumers write what is ignored or refused now, or read what is not there any more.",
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD_OPTIONS,
        handler=same(
            FieldBehavior.OUTPUT_ONLY,
            Direction.WRITTEN,
            "what callers set is ignored",
            "what callers send back takes effect",
        ),
        breaks=REFUSAL,
        effect=MAY_AFFECT_WRITERS,
        remedy=Remedy(
            expand="Keep the behaviour of the field and add one of the new behaviour with a new number.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete the old field, with its number and name reserved.",
            before="string name = 1;",
            after=(
                "string name = 1 [deprecated = true];\n"
                "string display_name = 9 [(google.api.field_behavior) = IMMUTABLE];"
            ),
        ),
    ),
    Rule(
        id="BEHAVIOR_SAME_INPUT_ONLY",
        purpose="Checks that fields of responses do not become INPUT_ONLY or stop being it.",
        why="Consumers write what is ignored or refused now, or read what is not there any more.",
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD_OPTIONS,
        handler=same(
            FieldBehavior.INPUT_ONLY,
            Direction.READ,
            "consumers do not get it any more",
            "consumers get what was kept back",
        ),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Keep the behaviour of the field and add one of the new behaviour with a new number.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete the old field, with its number and name reserved.",
            before="string name = 1;",
            after=(
                "string name = 1 [deprecated = true];\n"
                "string display_name = 9 [(google.api.field_behavior) = IMMUTABLE];"
            ),
        ),
    ),
    Rule(
        id="BEHAVIOR_NO_BECOME_IMMUTABLE",
        purpose="Checks that no field of a request becomes IMMUTABLE.",
        why="Consumers write what is ignored or refused now, or read what is not there any more.",
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD_OPTIONS,
        handler=no_add(FieldBehavior.IMMUTABLE, Direction.WRITTEN, "callers that change it are refused"),
        breaks=REFUSAL,
        effect=MAY_AFFECT_WRITERS,
        remedy=Remedy(
            expand="Keep the behaviour of the field and add one of the new behaviour with a new number.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete the old field, with its number and name reserved.",
            before="string name = 1;",
            after=(
                "string name = 1 [deprecated = true];\n"
                "string display_name = 9 [(google.api.field_behavior) = IMMUTABLE];"
            ),
        ),
    ),
    Rule(
        id="BEHAVIOR_SAME_IDENTIFIER",
        purpose="Checks that fields stay the IDENTIFIER of their resource, or not.",
        why="Consumers write what is ignored or refused now, or read what is not there any more.",
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD_OPTIONS,
        handler=same(
            FieldBehavior.IDENTIFIER,
            Direction.BOTH,
            "callers cannot choose it any more",
            "the resource has another name",
        ),
        breaks=BOTH_WAYS,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep the behaviour of the field and add one of the new behaviour with a new number.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete the old field, with its number and name reserved.",
            before="string name = 1;",
            after=(
                "string name = 1 [deprecated = true];\n"
                "string display_name = 9 [(google.api.field_behavior) = IMMUTABLE];"
            ),
        ),
    ),
    Rule(
        id="BEHAVIOR_NO_BECOME_UNORDERED",
        purpose="Checks that no field of a response becomes an UNORDERED_LIST.",
        why="Consumers write what is ignored or refused now, or read what is not there any more.",
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD_OPTIONS,
        handler=no_add(FieldBehavior.UNORDERED_LIST, Direction.READ, "consumers cannot rely on the order any more"),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Keep the behaviour of the field and add one of the new behaviour with a new number.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete the old field, with its number and name reserved.",
            before="string name = 1;",
            after=(
                "string name = 1 [deprecated = true];\n"
                "string display_name = 9 [(google.api.field_behavior) = IMMUTABLE];"
            ),
        ),
    ),
    Rule(
        id="BEHAVIOR_SAME_NON_EMPTY_DEFAULT",
        purpose="Checks that fields that are not set keep being filled, or being left empty.",
        why="Consumers that leave the field out ask for, or are told, something else than before.",
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD_OPTIONS,
        handler=same(
            FieldBehavior.NON_EMPTY_DEFAULT,
            Direction.BOTH,
            "left out, it comes back with a value",
            "left out, it comes back empty",
        ),
        breaks=GONE,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep the behaviour of the field and add one of the new behaviour with a new number.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete the old field, with its number and name reserved.",
            before="string name = 1;",
            after=(
                "string name = 1 [deprecated = true];\n"
                "string display_name = 9 [(google.api.field_behavior) = IMMUTABLE];"
            ),
        ),
    ),
)
