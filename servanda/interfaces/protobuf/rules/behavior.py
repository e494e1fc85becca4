"""Rules about google.api.field_behavior, presence and what an unset field means.

Source: "Field behavior documentation" (AIP-203).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from google.api.field_behavior_pb2 import FieldBehavior
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto

from servanda.interfaces.effect import (
    BREAKS_READERS,
    BREAKS_WRITERS,
    BREAKS_WRITERS_WHO_OMIT,
    MAY_AFFECT_READERS,
    MAY_AFFECT_USERS,
    MAY_AFFECT_WRITERS,
    When,
)
from servanda.interfaces.protobuf.constraints.wire import option_in
from servanda.interfaces.protobuf.options import FIELD_BEHAVIOR
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.prose import says
from servanda.interfaces.protobuf.rules.subject import Pair, Subject, at_option
from servanda.interfaces.protobuf.schema import Element
from servanda.interfaces.protobuf.schema.comments import comments
from servanda.interfaces.protobuf.schema.element import fields
from servanda.interfaces.rule import Handler, Objection, Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS, GONE, REFUSAL, SURPRISE, Direction
from servanda.verdict import Severity

_RESOURCE = 1053
_OF_REQUESTS = {FieldBehavior.REQUIRED, FieldBehavior.IMMUTABLE}

Field = Element[FieldDescriptorProto]
Message = Element[DescriptorProto]


@dataclass(frozen=True, slots=True)
class _Behaviours:
    """Behaviour of a field in both states, by its annotation and, for the former state, by its comment.

    Attributes:
        before: Values of ``google.api.FieldBehavior``.
        after: The same of the present state.
        implied: What need not be annotated, because something else says it.
    """

    before: frozenset[int]
    after: frozenset[int]
    implied: frozenset[int]

    def added(self, behaviour: int) -> bool:
        """Tell whether a behaviour is new, and nothing said it before."""
        return behaviour in self.after - self.before - self.implied

    def removed(self, behaviour: int) -> bool:
        """Tell whether a behaviour is gone, and nothing that is left says it."""
        return behaviour in self.before - self.after - self.implied


# What a behaviour says of requests is also said by each of these: what a caller sends for it is ignored, or may not be
# changed, or has to be there to find the resource (AIP-203).
_IMPLIED_BY: Mapping[int, frozenset[int]] = MappingProxyType(
    {
        FieldBehavior.OUTPUT_ONLY: frozenset({FieldBehavior.IDENTIFIER}),
        FieldBehavior.IMMUTABLE: frozenset({FieldBehavior.IDENTIFIER, FieldBehavior.OUTPUT_ONLY}),
        FieldBehavior.REQUIRED: frozenset({FieldBehavior.IDENTIFIER}),
        FieldBehavior.IDENTIFIER: frozenset(
            {FieldBehavior.OUTPUT_ONLY, FieldBehavior.IMMUTABLE, FieldBehavior.REQUIRED}
        ),
        FieldBehavior.NON_EMPTY_DEFAULT: frozenset({FieldBehavior.OUTPUT_ONLY}),
    }
)


def no_add(behaviour: FieldBehavior.ValueType, use: Direction, effect: str) -> Handler:
    """Return the handler that objects to a behaviour that a field had not, if consumers use the field in this way."""

    def handler(pair: Pair[Field]) -> Iterator[Objection]:
        if _behaviours(pair, behaviour).added(behaviour) and _message_use(pair) & use:
            yield _changed(pair, f"became {FieldBehavior.Name(behaviour)}: {effect}.")

    return handler


def no_remove(behaviour: FieldBehavior.ValueType, use: Direction, effect: str) -> Handler:
    """Return the handler that objects to a behaviour that a field lost, if consumers use the field in this way."""

    def handler(pair: Pair[Field]) -> Iterator[Objection]:
        if _behaviours(pair, behaviour).removed(behaviour) and _message_use(pair) & use:
            yield _changed(pair, f"is not {FieldBehavior.Name(behaviour)} any more: {effect}.")

    return handler


def same(behaviour: FieldBehavior.ValueType, use: Direction, added: str, removed: str) -> Handler:
    """Return the handler that objects to a behaviour that came or went, if consumers use the field in this way."""

    def handler(pair: Pair[Field]) -> Iterator[Objection]:
        found, name = _behaviours(pair, behaviour), FieldBehavior.Name(behaviour)
        if (found.added(behaviour) or found.removed(behaviour)) and _message_use(pair) & use:
            came = found.added(behaviour)
            yield _changed(pair, f"became {name}: {added}." if came else f"is not {name} any more: {removed}.")

    return handler


def no_new_required_field(pair: Pair[Message]) -> Iterator[Objection]:
    """Object to a new field that callers have to set, who do not know it."""
    for field in new_in_requests(pair):
        if FieldBehavior.REQUIRED in pair.comparison.options[1].numbers(field, FIELD_BEHAVIOR):
            span = pair.comparison.options[1].span(field, FIELD_BEHAVIOR)
            text = f"New field {field.proto.name!r} is REQUIRED."
            yield Objection(field.file.path, span, field.full_name, text, pair.previous.file.path)


def _behaviours(pair: Pair[Field], behaviour: int) -> _Behaviours:
    before, after = (
        options.numbers(side, FIELD_BEHAVIOR)
        for options, side in zip(pair.comparison.options, (pair.previous, pair.current), strict=True)
    )
    # Of a former state what it says otherwise counts when the behaviour comes, of the present one when it goes.
    came = behaviour in after
    others, side = (before, pair.previous) if came else (after, pair.current)
    if behaviour == FieldBehavior.IDENTIFIER:
        others |= after - {behaviour}  # beside another behaviour it says nothing more about requests
    said = says(comments(side.file).get(side.path, ""), behaviour)
    named = behaviour in {FieldBehavior.IDENTIFIER, FieldBehavior.REQUIRED} and _is_resource_name(side)
    named |= behaviour == FieldBehavior.REQUIRED and _is_in_the_path(pair)
    ignored = FieldBehavior.OUTPUT_ONLY in after and behaviour in _OF_REQUESTS
    implied = bool(others & _IMPLIED_BY.get(behaviour, frozenset())) or said or named or ignored
    return _Behaviours(before, after, frozenset({behaviour} if implied else ()))


def _is_resource_name(field: Field) -> bool:
    """Tell whether a field is the name of its resource by ``google.api.resource`` (AIP-123)."""
    message = field.parent
    declared = option_in(message.proto.options, _RESOURCE) if message is not None else b""  # type: ignore[attr-defined]
    if not declared:
        return False
    # It takes longer to import than it is worth where no resource is declared.
    from google.api import resource_pb2  # noqa: PLC0415

    name_field = resource_pb2.ResourceDescriptor.FromString(declared).name_field
    return field.proto.name == (name_field or "name")


def _is_in_the_path(pair: Pair[Field]) -> bool:
    """Tell whether no request could be sent over HTTP without the field (AIP-127), so that it was required anyway."""
    parent = pair.previous.parent
    return parent is not None and pair.previous.proto.name in pair.comparison.routes[0].bound(parent.full_name)


def _message_use(pair: Pair[Field]) -> Direction:
    """Return what consumers did with the message of a field and still do."""
    use = Direction.BOTH
    for reach, side in zip(pair.comparison.reach, (pair.previous, pair.current), strict=True):
        use &= reach.use(side.parent.full_name) if side.parent is not None else Direction.BOTH
    return use


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
        why=(
            "Callers that were free to leave the field out are refused by the provider with INVALID_ARGUMENT, over "
            "HTTP with 400."
        ),
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD_OPTIONS,
        handler=no_add(FieldBehavior.REQUIRED, Direction.WRITTEN, "callers that leave it out are refused"),
        breaks=REFUSAL,
        effect=BREAKS_WRITERS_WHO_OMIT,
        remedy=Remedy(
            expand="Leave $name optional, and use a documented value where it is left out.",
            migrate=(
                "Let every consumer that writes $container set $name; 'servanda usage $element' names those that do."
            ),
            contract="Mark $name as REQUIRED when no request comes without it.",
            before="$declaration",
            after="$declaration  // left out: a documented value; REQUIRED is announced",
        ),
    ),
    Rule(
        id="BEHAVIOR_NO_NEW_REQUIRED_FIELD",
        purpose="Checks that new fields of requests are not REQUIRED.",
        why=(
            "No existing caller knows the new field, so each of its requests is refused until the caller is released "
            "again."
        ),
        categories=(Category.BEHAVIOR,),
        subject=Subject.MESSAGE,
        handler=no_new_required_field,
        breaks=REFUSAL,
        effect=BREAKS_WRITERS_WHO_OMIT,
        remedy=Remedy(
            expand="Add $name as an optional field, and treat a request without it as requests were treated before.",
            migrate=(
                "Let every consumer that writes $container set $name; 'servanda usage $element' names those that do."
            ),
            contract="Add REQUIRED to $name when no request comes without it.",
            before="$declaration  // REQUIRED",
            after="$declaration  // OPTIONAL: left out, everything is as before",
        ),
    ),
    Rule(
        id="BEHAVIOR_SAME_OUTPUT_ONLY",
        purpose="Checks that fields of requests do not become OUTPUT_ONLY or stop being it.",
        why=(
            "A value that callers write is ignored without an error, or one sent back unchanged begins to overwrite "
            "data."
        ),
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD_OPTIONS,
        handler=same(
            FieldBehavior.OUTPUT_ONLY,
            Direction.WRITTEN,
            "what callers set is ignored",
            "what callers send back takes effect",
        ),
        breaks=REFUSAL,
        effect=replace(BREAKS_WRITERS, when=When.IF_IGNORED),
        remedy=Remedy(
            expand="Keep the behavior of $name, and add a field of the new behavior with a number of its own.",
            migrate=(
                "Let every consumer that writes $name leave it for the new field; 'servanda usage $element' names "
                "the writers."
            ),
            contract="Delete $name, and reserve number $number and the name.",
            before="$declaration",
            after="$deprecated\n$successor  // with the new behavior",
        ),
    ),
    Rule(
        id="BEHAVIOR_NO_BECOME_INPUT_ONLY",
        purpose="Checks that no field of a response becomes INPUT_ONLY.",
        why="Consumers that read the field back find it empty.",
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD_OPTIONS,
        handler=no_add(FieldBehavior.INPUT_ONLY, Direction.READ, "consumers do not get it any more"),
        breaks=SURPRISE,
        effect=BREAKS_READERS,
        remedy=Remedy(
            expand=(
                "Go on answering with $name as before, and add a field of the new behavior with a number of its own."
            ),
            migrate=(
                "Let every consumer that reads $name leave it for the new field; 'servanda usage $element' names the "
                "readers."
            ),
            contract="Delete $name, and reserve number $number and the name.",
            before="$declaration",
            after="$deprecated\n$successor  // with the new behavior",
        ),
    ),
    Rule(
        id="BEHAVIOR_NO_REVEAL_INPUT_ONLY",
        purpose="Checks that fields of responses stay INPUT_ONLY.",
        why="A value that was kept back, such as a password, begins to show up in answers and logs.",
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD_OPTIONS,
        handler=no_remove(FieldBehavior.INPUT_ONLY, Direction.READ, "consumers get a value that was kept back"),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Keep $name INPUT_ONLY, and add a field to the response for what consumers may see.",
            migrate="Let whoever logs or stores answers of $container keep the value of $name out of them.",
            contract="Answer with $name where nobody would mind to see it.",
            before="$declaration",
            after="$declaration\n$successor  // what consumers may see",
        ),
        severity=Severity.WARNING,
    ),
    Rule(
        id="BEHAVIOR_NO_BECOME_IMMUTABLE",
        purpose="Checks that no field of a request becomes IMMUTABLE.",
        why=(
            "Updates that change the value of the field are refused with INVALID_ARGUMENT, although the same request "
            "worked before."
        ),
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD_OPTIONS,
        handler=no_add(FieldBehavior.IMMUTABLE, Direction.WRITTEN, "callers that change it are refused"),
        breaks=REFUSAL,
        effect=MAY_AFFECT_WRITERS,
        remedy=Remedy(
            expand="Go on accepting changes of $name, and count the updates that contain one.",
            migrate=(
                "Let every consumer create a new resource instead of changing $name; 'servanda usage $element' names "
                "the writers."
            ),
            contract="Mark $name as IMMUTABLE when no update changes it.",
            before="$declaration",
            after="$declaration  // IMMUTABLE is announced",
        ),
    ),
    Rule(
        id="BEHAVIOR_SAME_IDENTIFIER",
        purpose="Checks that fields of requests stay the IDENTIFIER of their resource, or not.",
        why=(
            "The identity of a resource moves: callers are refused when they choose the value in a create request, "
            "and find nothing by the key that they stored."
        ),
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD_OPTIONS,
        handler=same(
            FieldBehavior.IDENTIFIER,
            Direction.WRITTEN,
            "callers cannot choose it any more",
            "the resource has another name",
        ),
        breaks=BOTH_WAYS,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand=(
                "Keep the role of $name, and add a field that identifies the resource from now on, with a number of "
                "its own."
            ),
            migrate=(
                "Let every consumer store the new identifier beside $name; 'servanda usage $element' names those "
                "that use $name."
            ),
            contract="Mark the new field as IDENTIFIER when no consumer looks anything up by $name.",
            before="$declaration",
            after="$declaration  // unchanged, beside a second field with the new identifier",
        ),
    ),
    Rule(
        id="BEHAVIOR_NO_BECOME_UNORDERED",
        purpose="Checks that no field of a response becomes an UNORDERED_LIST.",
        why="Consumers that take the first item, or compare two lists, get another result from one call to the next.",
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD_OPTIONS,
        handler=no_add(FieldBehavior.UNORDERED_LIST, Direction.READ, "consumers cannot rely on the order any more"),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Go on sending $name in a stable order, although it is not promised for the future.",
            migrate=(
                "Let every consumer sort $name by a key in its items, or treat it as a set; 'servanda usage "
                "$element' names the readers."
            ),
            contract="Mark $name as UNORDERED_LIST, then send any order.",
            before="$declaration",
            after="$declaration  // still sorted; UNORDERED_LIST is announced",
        ),
    ),
    Rule(
        id="BEHAVIOR_SAME_NON_EMPTY_DEFAULT",
        purpose="Checks that fields that requests leave out keep being filled, or being left empty.",
        why=(
            "A caller that leaves the field out reads back a value of the provider's, or an empty one where the "
            "provider used to fill it."
        ),
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD_OPTIONS,
        handler=same(
            FieldBehavior.NON_EMPTY_DEFAULT,
            Direction.WRITTEN,
            "left out, it comes back with a value",
            "left out, it comes back empty",
        ),
        breaks=GONE,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep the value that the provider uses where $name is left out.",
            migrate="Let every consumer send $name explicitly; 'servanda usage $element' names those that use it.",
            contract="Change NON_EMPTY_DEFAULT on $name when no request leaves the field out.",
            before="$declaration",
            after="$declaration  // always set by callers",
        ),
    ),
)
