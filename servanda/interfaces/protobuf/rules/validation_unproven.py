"""Rows about buf.validate of which no value shows what they mean for anybody."""

from __future__ import annotations

from servanda.interfaces.effect import MAY_AFFECT_WRITERS
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.subject import Subject
from servanda.interfaces.protobuf.rules.validation import unproven_of_field, unproven_of_message
from servanda.interfaces.rule import Remedy, Rule
from servanda.interfaces.transition import REFUSAL
from servanda.verdict import Severity

RULES: tuple[Rule, ...] = (
    Rule(
        id="VALIDATION_FIELD_NO_UNPROVEN_CHANGE",
        purpose="Checks that new patterns and CEL rules of a field are shown to refuse something, or nothing.",
        why=(
            "The new pattern or expression may refuse what callers send: none of the values that were tried shows it, "
            "and to prove that there is none takes a person."
        ),
        categories=(Category.VALIDATION,),
        subject=Subject.FIELD_OPTIONS,
        handler=unproven_of_field,
        severity=Severity.ADVICE,
        breaks=REFUSAL,
        effect=MAY_AFFECT_WRITERS,
        remedy=Remedy(
            expand="Evaluate the new rule on $name without refusing, and report values for which it does not hold.",
            migrate="Let every consumer send values of $name that the new rule accepts, if any were reported.",
            contract="Put the rule into the options of $name.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_MESSAGE_NO_UNPROVEN_CHANGE",
        purpose="Checks that new CEL rules of a message are shown to refuse something, or nothing.",
        why=(
            "The new expression may refuse what callers send: none of the messages that were tried shows it, and to "
            "prove that there is none takes a person."
        ),
        categories=(Category.VALIDATION,),
        subject=Subject.MESSAGE,
        handler=unproven_of_message,
        severity=Severity.ADVICE,
        breaks=REFUSAL,
        effect=MAY_AFFECT_WRITERS,
        remedy=Remedy(
            expand="Evaluate the new rule on $name without refusing, and report messages for which it does not hold.",
            migrate="Let every consumer send $name in combinations that the new rule accepts, if any were reported.",
            contract="Put the rule into the options of message $name.",
            before="// message $name: $constraint",
            after="// message $name: $constraint; announced: $new_constraint",
        ),
    ),
)
