"""Rows about buf.validate, of fields and messages that consumers write."""

from __future__ import annotations

from servanda.interfaces.effect import WRITE, refused, refused_if_left_out
from servanda.interfaces.protobuf.constraints.aspects import WHOLE_MESSAGE, Aspect
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.subject import Subject
from servanda.interfaces.protobuf.rules.validation import (
    TIGHTENED,
    new_field_accepts_zero,
    of_field,
    of_message,
    of_oneof,
)
from servanda.interfaces.rule import Remedy, Rule
from servanda.interfaces.transition import REFUSAL

RULES: tuple[Rule, ...] = (
    Rule(
        id="VALIDATION_PRESENCE_INPUT_NO_TIGHTEN",
        purpose="Checks that fields that consumers write accept as much as before, by presence.",
        why="Callers that leave the field out are refused with INVALID_ARGUMENT, over HTTP with 400.",
        categories=(Category.VALIDATION,),
        subject=Subject.FIELD_OPTIONS,
        handler=of_field(Aspect.PRESENCE, TIGHTENED),
        breaks=REFUSAL,
        effect=refused_if_left_out(Aspect.PRESENCE),
        remedy=Remedy(
            expand="Accept requests without $name, and count them by caller.",
            migrate="Let every consumer set $name; the counter names those that do not.",
            contract="Require $name when the counter has stayed at zero.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_LENGTH_INPUT_NO_TIGHTEN",
        purpose="Checks that fields that consumers write accept as much as before, by length.",
        why=(
            "Callers whose text or bytes are longer or shorter than the new limit are refused with INVALID_ARGUMENT, "
            "over HTTP with 400."
        ),
        categories=(Category.VALIDATION,),
        subject=Subject.FIELD_OPTIONS,
        handler=of_field(Aspect.LENGTH, TIGHTENED),
        breaks=REFUSAL,
        effect=refused(WRITE, Aspect.LENGTH),
        remedy=Remedy(
            expand="Accept the old lengths of $name, and report values that the new limit would refuse.",
            migrate=(
                "Let every consumer cut or check $name before it sends; 'servanda usage $element' names the writers."
            ),
            contract="Set the new length of $name when no such value was reported for a release.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_RANGE_INPUT_NO_TIGHTEN",
        purpose="Checks that fields that consumers write accept as much as before, by range.",
        why=(
            "Callers that send a number, a time or a duration outside the new bounds are refused with "
            "INVALID_ARGUMENT, over HTTP with 400."
        ),
        categories=(Category.VALIDATION,),
        subject=Subject.FIELD_OPTIONS,
        handler=of_field(Aspect.RANGE, TIGHTENED),
        breaks=REFUSAL,
        effect=refused(WRITE, Aspect.RANGE),
        remedy=Remedy(
            expand="Accept the old range of $name, and report values outside the new one.",
            migrate="Let every consumer keep $name within the new bounds; 'servanda usage $element' names the writers.",
            contract="Set the new bounds of $name when no value outside them was reported for a release.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_FORMAT_INPUT_NO_TIGHTEN",
        purpose="Checks that fields that consumers write accept as much as before, by format.",
        why=(
            "Callers whose text does not have the new format or match the new pattern are refused with "
            "INVALID_ARGUMENT, over HTTP with 400."
        ),
        categories=(Category.VALIDATION,),
        subject=Subject.FIELD_OPTIONS,
        handler=of_field(Aspect.FORMAT, TIGHTENED),
        breaks=REFUSAL,
        effect=refused(WRITE, Aspect.FORMAT),
        remedy=Remedy(
            expand="Accept the old format of $name, and report texts that the new one would refuse.",
            migrate=(
                "Let every consumer send $name in the new format; a format that both rules accept needs no second "
                "release."
            ),
            contract="Demand the new format of $name when no other text was reported for a release.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_VALUES_INPUT_NO_TIGHTEN",
        purpose="Checks that fields that consumers write accept as much as before, by allowed values.",
        why="Callers that send a value outside the new list are refused with INVALID_ARGUMENT, over HTTP with 400.",
        categories=(Category.VALIDATION,),
        subject=Subject.FIELD_OPTIONS,
        handler=of_field(Aspect.VALUES, TIGHTENED),
        breaks=REFUSAL,
        effect=refused(WRITE, Aspect.VALUES),
        remedy=Remedy(
            expand="Accept every old value of $name, and announce which of them are to go.",
            migrate=(
                "Let every consumer send one of the values that stay; 'servanda usage $element' shows what was sent "
                "as $name."
            ),
            contract="Take the old values out of the list of $name.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_ENUM_INPUT_NO_TIGHTEN",
        purpose="Checks that fields that consumers write accept as much as before, by allowed enum values.",
        why=(
            "Callers that send a forbidden enum number, or one without a name, are refused with INVALID_ARGUMENT, "
            "over HTTP with 400."
        ),
        categories=(Category.VALIDATION,),
        subject=Subject.FIELD_OPTIONS,
        handler=of_field(Aspect.ENUM, TIGHTENED),
        breaks=REFUSAL,
        effect=refused(WRITE, Aspect.ENUM),
        remedy=Remedy(
            expand="Accept all former enum numbers of $name, and map the forbidden ones to an allowed value.",
            migrate=(
                "Let every consumer send one of the allowed enum values as $name; 'servanda usage $element' names "
                "the writers."
            ),
            contract="Forbid the other enum numbers for $name.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_ITEMS_INPUT_NO_TIGHTEN",
        purpose=(
            "Checks that fields that consumers write accept as much as before, by number and uniqueness of items."
        ),
        why=(
            "Callers that send more, fewer or repeated items than the new limit allows are refused with "
            "INVALID_ARGUMENT, over HTTP with 400."
        ),
        categories=(Category.VALIDATION,),
        subject=Subject.FIELD_OPTIONS,
        handler=of_field(Aspect.ITEMS, TIGHTENED),
        breaks=REFUSAL,
        effect=refused(WRITE, Aspect.ITEMS),
        remedy=Remedy(
            expand="Accept as many items in $name as before, and report lists that the new limit would refuse.",
            migrate=(
                "Let every consumer split or fill its lists for $name; 'servanda usage $element' names the writers."
            ),
            contract="Set the new limit for the items of $name.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_CEL_INPUT_NO_TIGHTEN",
        purpose="Checks that fields that consumers write accept as much as before, by CEL rules.",
        why=(
            "Callers whose value makes the new or changed CEL expression false are refused with INVALID_ARGUMENT, "
            "over HTTP with 400."
        ),
        categories=(Category.VALIDATION,),
        subject=Subject.FIELD_OPTIONS,
        handler=of_field(Aspect.CEL, TIGHTENED),
        breaks=REFUSAL,
        effect=refused(WRITE, Aspect.CEL),
        remedy=Remedy(
            expand="Evaluate the new expression on $name without refusing, and report values for which it is false.",
            migrate=(
                "Let every consumer send values of $name for which the new expression is true; the report names the "
                "others."
            ),
            contract="Put the expression into the options of $name.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_MESSAGE_INPUT_NO_TIGHTEN",
        purpose="Checks that messages that consumers write accept as much as before, by their CEL rules and oneofs.",
        why=(
            "Callers whose message makes a CEL expression false or breaks a oneof rule of the message are refused "
            "with INVALID_ARGUMENT, although each field alone is valid."
        ),
        categories=(Category.VALIDATION,),
        subject=Subject.MESSAGE,
        handler=of_message(TIGHTENED),
        breaks=REFUSAL,
        effect=refused(WRITE, WHOLE_MESSAGE),
        remedy=Remedy(
            expand="Evaluate the new rule on $name without refusing, and report messages that break it.",
            migrate=(
                "Let every consumer send $name in combinations of fields that the new rule accepts; the report names "
                "the others."
            ),
            contract="Put the rule into the options of message $name.",
            before="// message $name: $constraint",
            after="// message $name: $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_ONEOF_INPUT_NO_TIGHTEN",
        purpose="Checks that no oneof that consumers write becomes required.",
        why="Callers that set no member of the oneof are refused with INVALID_ARGUMENT, over HTTP with 400.",
        categories=(Category.VALIDATION,),
        subject=Subject.MESSAGE,
        handler=of_oneof(TIGHTENED),
        breaks=REFUSAL,
        effect=refused_if_left_out(Aspect.PRESENCE),
        remedy=Remedy(
            expand="Accept messages without a member of $name, and say in its comment what that means.",
            migrate="Let every consumer set a member of $name; count requests without one by caller.",
            contract="Require $name when the counter has stayed at zero.",
            before="$declaration  // $constraint",
            after="$declaration  // $constraint; announced: $new_constraint",
        ),
    ),
    Rule(
        id="VALIDATION_NEW_FIELD_ACCEPTS_ZERO",
        purpose="Checks that new fields of requests may be left out.",
        why="Old callers leave the new field out, and its rules refuse the zero value that the provider then sees.",
        categories=(Category.VALIDATION,),
        subject=Subject.MESSAGE,
        handler=new_field_accepts_zero,
        breaks=REFUSAL,
        effect=refused_if_left_out(*Aspect),
        remedy=Remedy(
            expand=(
                "Add $name without required and with ignore = IGNORE_IF_ZERO_VALUE, so that its rules hold only "
                "where it is set."
            ),
            migrate="Let every consumer set $name; 'servanda usage $element' names those that do.",
            contract="Remove ignore from $name when every request has the field.",
            before="$declaration  // $new_constraint",
            after="$declaration  // $new_constraint, but not required, and with ignore: IGNORE_IF_ZERO_VALUE",
        ),
    ),
)
