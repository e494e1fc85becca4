"""Rules about what a field means that is not set: presence, defaults, and the zero value of a new field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto

from servanda.interfaces.effect import MAY_AFFECT_USERS, MAY_AFFECT_WRITERS, Scope
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.field import same_default as same_declared_default
from servanda.interfaces.protobuf.rules.field_behavior import new_in_requests
from servanda.interfaces.protobuf.rules.subject import Comparison, Pair, Subject, at_element
from servanda.interfaces.protobuf.schema import Element, State
from servanda.interfaces.protobuf.schema.comments import comments
from servanda.interfaces.protobuf.schema.element import fields
from servanda.interfaces.protobuf.schema.features import Cardinality, Type, cardinality
from servanda.interfaces.rule import Objection, Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS, REFUSAL
from servanda.protobuf_runtime import equal
from servanda.verdict import Severity

Field = Element[FieldDescriptorProto]
Message = Element[DescriptorProto]

_SINGLE = {Cardinality.EXPLICIT, Cardinality.IMPLICIT}


def same_presence(pair: Pair[Field]) -> Iterator[Objection]:
    """Object to a single field whose absence could be told from its zero value and cannot any more, or the reverse."""
    if _says_the_same(pair):
        return
    before, after = cardinality(pair.previous), cardinality(pair.current)
    if before != after and {before, after} <= _SINGLE and _is_message(pair.previous) == _is_message(pair.current):
        text = f"Field {pair.current.proto.name!r} changed from {before} to {after}."
        yield at_element(pair, text)


def same_default(pair: Pair[Field]) -> Iterator[Objection]:
    """Object to another declared default; :func:`same_documented_default` looks at those of comments."""
    if pair.current.proto.type == Type.TYPE_ENUM or not _says_the_same(pair):
        yield from same_declared_default(pair)


def same_documented_default(comparison: Comparison) -> Iterator[Objection]:
    """Object to another meaning of the unset field in its comment, for example "zero means 50"."""
    for path, file in comparison.current.files.items():
        before = comparison.previous.files.get(path)
        # Comments are no content: a file that only says something else about itself counts as unchanged elsewhere.
        if before is None or before.raw == file.raw:
            continue
        former, present = comments(before), comments(file)
        for name, message in file.messages.items() if former or present else ():
            if name in before.messages:
                known = fields(before.messages[name])
                for number, field in fields(message).items():
                    said = former.get(known[number].path, "") if number in known else ""
                    says = present.get(field.path, "")
                    if said and says and said != says:
                        yield from _changed_meaning(Pair(known[number], field, comparison), said, says)


def new_field_zero_is_neutral(pair: Pair[Message]) -> Iterator[Objection]:
    """Object to a new field without presence whose zero value, which old callers send, changes what happens today."""
    for field in new_in_requests(pair):
        reason = _effect_of_zero(field, pair.comparison.current) if cardinality(field) is Cardinality.IMPLICIT else ""
        if reason:
            text = f"New field {field.proto.name!r}: {reason}, and callers that do not know the field choose that."
            yield Objection(field.file.path, field.span(), field.full_name, text, pair.previous.file.path)


def _effect_of_zero(field: Field, state: State) -> str:
    comment = comments(field.file).get(field.path, "")
    if not comment and field.proto.type != Type.TYPE_ENUM:
        return ""
    # Patterns of prose take longer to compile than a few files to compare, and most changes need none.
    from servanda.interfaces.protobuf.rules.documented import effect_of_zero  # noqa: PLC0415

    return effect_of_zero(field, comment, state)


def _changed_meaning(pair: Pair[Field], before: str, after: str) -> Iterator[Objection]:
    from servanda.interfaces.protobuf.rules.documented import changed_meaning  # noqa: PLC0415  # as above

    found = changed_meaning(before, after)
    if found and pair.comparison.reach[1].field(pair.current):
        yield at_element(pair, f"Field {pair.current.proto.name!r} that is not set {found}.")


def _is_message(field: Field) -> bool:
    """Tell whether a field holds a message, whose presence belongs to the type."""
    return field.proto.type in {Type.TYPE_MESSAGE, Type.TYPE_GROUP}


def _says_the_same(pair: Pair[Field]) -> bool:
    """Tell whether nothing that the field says or inherits can differ; in editions it inherits from elsewhere."""
    before, after = pair.previous.file.proto.syntax, pair.current.file.proto.syntax
    return before == after != "editions" and equal(pair.previous.proto, pair.current.proto)


RULES: tuple[Rule, ...] = (
    Rule(
        id="BEHAVIOR_SAME_PRESENCE",
        purpose="Checks that the absence of a field can be told from its zero value as before.",
        why=(
            "A provider without presence cannot tell zero from 'not set': a partial update clears the field, or an "
            "intended zero is ignored."
        ),
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD,
        handler=same_presence,
        breaks=BOTH_WAYS,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep the presence of $name, and add a field of the other kind with a number of its own.",
            migrate="Let every consumer use the new field; 'servanda usage $element' names those that use $name.",
            contract="Delete $name, and reserve number $number and the name.",
            before="$declaration",
            after="$deprecated\n$successor",
        ),
    ),
    Rule(
        id="BEHAVIOR_SAME_DEFAULT",
        purpose="Checks that fields keep their default, whatever categories of buf are in use.",
        why=(
            "A request without the field means another value to the new provider than the old caller intended, "
            "whatever categories of buf are switched on."
        ),
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD,
        handler=same_default,
        breaks=BOTH_WAYS,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep the default of $name, and let callers that want the other value send it.",
            migrate="Let every caller set $name explicitly; log requests without it until there are none.",
            contract="Change the default of $name when every request has the field.",
            before="$declaration",
            after="$declaration  // sent explicitly by callers",
        ),
    ),
    Rule(
        id="BEHAVIOR_SAME_DOCUMENTED_DEFAULT",
        purpose="Checks that what an unset field means by its comment stays the same.",
        why=(
            "The comment promises another value for an unset field: callers that rely on the old promise get other "
            "behavior with the same request."
        ),
        categories=(Category.BEHAVIOR,),
        subject=Subject.STATE,
        handler=same_documented_default,
        severity=Severity.ADVICE,
        breaks=BOTH_WAYS,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand=(
                "Keep what $name means when it is not set, and let callers ask for the new meaning by an explicit "
                "value."
            ),
            migrate="Let every consumer of $container set $name; log requests without it until there are none.",
            contract="Change the comment of $name and the behavior together.",
            before="$declaration",
            after="$declaration  // unset means what it meant; the new meaning needs a value",
        ),
    ),
    Rule(
        id="BEHAVIOR_NEW_FIELD_ZERO_IS_NEUTRAL",
        purpose="Checks that the zero value of a new field of a request changes nothing, by comment or enum value.",
        why=(
            "Old callers cannot set the new field, so the provider deletes, replaces or refuses something that they "
            "never asked it to."
        ),
        categories=(Category.BEHAVIOR,),
        subject=Subject.MESSAGE,
        handler=new_field_zero_is_neutral,
        severity=Severity.ADVICE,
        breaks=REFUSAL,
        effect=replace(MAY_AFFECT_WRITERS, scope=Scope.SURROUNDINGS),
        remedy=Remedy(
            expand=(
                "Declare $name with presence (optional), or choose its meaning so that the zero value changes nothing."
            ),
            migrate=(
                "Treat a request without $name as before; 'servanda usage $element' names the consumers that set it."
            ),
            contract="Give the absence of $name a meaning only in a new major version.",
            before="$declaration",
            after="optional $declaration  // not set: as before",
        ),
    ),
)
