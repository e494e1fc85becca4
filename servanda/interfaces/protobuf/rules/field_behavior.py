"""Changes of google.api.field_behavior, judged by what callers may write before and after.

Source: "Field behavior documentation" (AIP-203).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from google.api.field_behavior_pb2 import FieldBehavior
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto

from servanda.interfaces.protobuf.constraints.wire import option_in
from servanda.interfaces.protobuf.options import FIELD_BEHAVIOR
from servanda.interfaces.protobuf.rules.subject import Pair, at_option
from servanda.interfaces.protobuf.schema import Element
from servanda.interfaces.protobuf.schema.comments import comments
from servanda.interfaces.protobuf.schema.element import fields
from servanda.interfaces.rule import Handler, Objection
from servanda.interfaces.transition import Direction

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


def no_become_immutable(*, updated: bool) -> Handler:
    """Return the handler for fields that become IMMUTABLE, either where an update could change them or elsewhere."""
    text = "became IMMUTABLE: callers that change it are refused."

    def handler(pair: Pair[Field]) -> Iterator[Objection]:
        if not _behaviours(pair, FieldBehavior.IMMUTABLE).added(FieldBehavior.IMMUTABLE):
            return
        parent = pair.previous.parent
        is_updated = parent is not None and pair.comparison.reach[0].is_updated(parent.full_name)
        if is_updated is updated and _message_use(pair) & Direction.WRITTEN:
            yield _changed(pair, text)

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
    said = _is_said(comments(side.file).get(side.path, ""), behaviour)
    named = behaviour in {FieldBehavior.IDENTIFIER, FieldBehavior.REQUIRED} and _is_resource_name(side)
    named |= behaviour == FieldBehavior.REQUIRED and _is_in_the_path(pair)
    ignored = FieldBehavior.OUTPUT_ONLY in after and behaviour in _OF_REQUESTS
    implied = bool(others & _IMPLIED_BY.get(behaviour, frozenset())) or said or named or ignored
    return _Behaviours(before, after, frozenset({behaviour} if implied else ()))


def _is_said(comment: str, behaviour: int) -> bool:
    if not comment:
        return False
    # Its patterns take longer to compile than a few files to compare, and most fields keep their options.
    from servanda.interfaces.protobuf.rules.prose import says  # noqa: PLC0415

    return says(comment, behaviour)


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
