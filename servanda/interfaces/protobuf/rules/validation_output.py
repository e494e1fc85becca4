"""Rows about buf.validate, of fields and messages that consumers read."""

from __future__ import annotations

from servanda.interfaces.effect import MAY_AFFECT_READERS
from servanda.interfaces.protobuf.constraints.aspects import Aspect
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.subject import Subject
from servanda.interfaces.protobuf.rules.validation import LOOSENED, of_field, of_message, of_oneof
from servanda.interfaces.rule import Remedy, Rule
from servanda.interfaces.transition import SURPRISE

RULES: tuple[Rule, ...] = (
    Rule(
        id="VALIDATION_PRESENCE_OUTPUT_NO_LOOSEN",
        purpose="Checks that fields that consumers read hold no more than before, by presence.",
        why=(
            "Consumers that take the field without asking whether it is set work with an empty value or end with an "
            "error."
        ),
        categories=(Category.VALIDATION,),
        subject=Subject.FIELD_OPTIONS,
        handler=of_field(Aspect.PRESENCE, LOOSENED),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Go on setting $name in every answer, and say in its comment that it may be missing later.",
            migrate=(
                "Let every consumer handle an answer without $name; 'servanda usage $element' names those that read it."
            ),
            contract="Drop required from $name, then leave it out.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_LENGTH_OUTPUT_NO_LOOSEN",
        purpose="Checks that fields that consumers read hold no more than before, by length.",
        why="Consumers that store the text in a column or buffer of the promised length cut it or fail to write it.",
        categories=(Category.VALIDATION,),
        subject=Subject.FIELD_OPTIONS,
        handler=of_field(Aspect.LENGTH, LOOSENED),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Go on sending $name within the old length, and offer the longer text in a field of its own.",
            migrate=(
                "Let every consumer make room for the new length of $name; 'servanda usage $element' names those "
                "that read it."
            ),
            contract="Allow the new length, then send longer texts as $name.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_RANGE_OUTPUT_NO_LOOSEN",
        purpose="Checks that fields that consumers read hold no more than before, by range.",
        why=(
            "Consumers meet numbers or times outside the promised bounds: a column overflows, a table lookup fails, "
            "a check on their side refuses."
        ),
        categories=(Category.VALIDATION,),
        subject=Subject.FIELD_OPTIONS,
        handler=of_field(Aspect.RANGE, LOOSENED),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Go on sending $name within the old bounds, although the code could do more.",
            migrate=(
                "Let every consumer test values of $name in the new range; 'servanda usage $element' names those "
                "that read it."
            ),
            contract="Widen the bounds of $name, then send values beyond the old ones.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_FORMAT_OUTPUT_NO_LOOSEN",
        purpose="Checks that fields that consumers read hold no more than before, by format.",
        why=(
            "Consumers that parse the text in the promised format, such as a UUID or an address, fail on one of "
            "another form."
        ),
        categories=(Category.VALIDATION,),
        subject=Subject.FIELD_OPTIONS,
        handler=of_field(Aspect.FORMAT, LOOSENED),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Go on sending $name in the old format, and offer the other form in a field of its own.",
            migrate="Let every consumer parse both forms of $name; 'servanda usage $element' names those that read it.",
            contract="Drop the old format of $name, then send the new form.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_VALUES_OUTPUT_NO_LOOSEN",
        purpose="Checks that fields that consumers read hold no more than before, by allowed values.",
        why="Consumers that branch on the listed values meet one without a branch.",
        categories=(Category.VALIDATION,),
        subject=Subject.FIELD_OPTIONS,
        handler=of_field(Aspect.VALUES, LOOSENED),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Allow the new value of $name in the code only, and send it to nobody yet.",
            migrate=(
                "Let every consumer give $name a branch for values that it does not know; 'servanda usage $element' "
                "names the readers."
            ),
            contract="Widen the list of $name, then begin to send the new value.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_ENUM_OUTPUT_NO_LOOSEN",
        purpose="Checks that fields that consumers read hold no more than before, by allowed enum values.",
        why=(
            "Consumers meet an enum number that was excluded before or has no name: generated code shows it as "
            "UNRECOGNIZED or as a bare number."
        ),
        categories=(Category.VALIDATION,),
        subject=Subject.FIELD_OPTIONS,
        handler=of_field(Aspect.ENUM, LOOSENED),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Go on sending only the enum values that $name was allowed to have.",
            migrate=(
                "Let every consumer handle other enum numbers in $name; 'servanda usage $element' names those that "
                "read it."
            ),
            contract="Loosen the enum rule of $name, then send the other numbers.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_ITEMS_OUTPUT_NO_LOOSEN",
        purpose="Checks that fields that consumers read hold no more than before, by number and uniqueness of items.",
        why=(
            "Consumers that reserve space for the promised number of items, or use them as unique keys, drop items "
            "or fail."
        ),
        categories=(Category.VALIDATION,),
        subject=Subject.FIELD_OPTIONS,
        handler=of_field(Aspect.ITEMS, LOOSENED),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Go on sending $name within the old limit of items, and offer the rest through paging.",
            migrate=(
                "Let every consumer take lists of the new size in $name; 'servanda usage $element' names those that "
                "read it."
            ),
            contract="Loosen the limit for the items of $name, then send longer lists.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_CEL_OUTPUT_NO_LOOSEN",
        purpose="Checks that fields that consumers read hold no more than before, by CEL rules.",
        why="Consumers rely on what the CEL expression promised and meet values for which it is false.",
        categories=(Category.VALIDATION,),
        subject=Subject.FIELD_OPTIONS,
        handler=of_field(Aspect.CEL, LOOSENED),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Go on sending only values of $name for which the old expression is true.",
            migrate=(
                "Let every consumer check on its own side what it needs of $name; 'servanda usage $element' names "
                "those that read it."
            ),
            contract="Remove or change the expression of $name, then send other values.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_MESSAGE_OUTPUT_NO_LOOSEN",
        purpose="Checks that messages that consumers read hold no more than before, by their CEL rules and oneofs.",
        why=(
            "Consumers rely on what the CEL or oneof rule of the message promised, and find combinations of fields "
            "outside it."
        ),
        categories=(Category.VALIDATION,),
        subject=Subject.MESSAGE,
        handler=of_message(LOOSENED),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Go on sending $name only in combinations of fields that the old rule accepts.",
            migrate=(
                "Let every consumer handle the other combinations in $name; 'servanda usage $element' names those "
                "that read it."
            ),
            contract="Remove the rule from message $name, then send the other combinations.",
            before="// message $name: $constraint",
            after="// message $name: $constraint; to be loosened later",
        ),
    ),
    Rule(
        id="VALIDATION_ONEOF_OUTPUT_NO_LOOSEN",
        purpose="Checks that no oneof that consumers read stops being required.",
        why="Consumers whose switch has a branch for each member, and none for 'not set', fall through or fail.",
        categories=(Category.VALIDATION,),
        subject=Subject.MESSAGE,
        handler=of_oneof(LOOSENED),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Go on setting a member of $name in every answer.",
            migrate="Let every consumer of $container handle the case that no member of $name is set.",
            contract="Drop required from $name, then send answers without a member.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
)
