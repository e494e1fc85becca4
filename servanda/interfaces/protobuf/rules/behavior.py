"""Rows about google.api.field_behavior.

Source: "Field behavior documentation" (AIP-203).
"""

from __future__ import annotations

from dataclasses import replace

from google.api.field_behavior_pb2 import FieldBehavior

from servanda.interfaces.effect import (
    BREAKS_READERS,
    BREAKS_WRITERS,
    BREAKS_WRITERS_WHO_OMIT,
    MAY_AFFECT_READERS,
    MAY_AFFECT_USERS,
    MAY_AFFECT_WRITERS,
    When,
)
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.field_behavior import (
    no_add,
    no_become_immutable,
    no_new_required_field,
    no_remove,
    same,
)
from servanda.interfaces.protobuf.rules.subject import Subject
from servanda.interfaces.rule import Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS, GONE, REFUSAL, SURPRISE, Direction
from servanda.verdict import Severity

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
        purpose="Checks that no field of a request that changes something becomes IMMUTABLE.",
        why=(
            "Updates that change the value of the field are refused with INVALID_ARGUMENT, although the same request "
            "worked before."
        ),
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD_OPTIONS,
        handler=no_become_immutable(updated=True),
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
        id="BEHAVIOR_NO_BECOME_IMMUTABLE_WITHOUT_UPDATE",
        purpose="Checks that no field that no known update reaches becomes IMMUTABLE.",
        why=(
            "No rpc of the workspace changes the value, so only an update that is not known, such as one of another "
            "repository, is refused."
        ),
        categories=(Category.BEHAVIOR,),
        subject=Subject.FIELD_OPTIONS,
        handler=no_become_immutable(updated=False),
        severity=Severity.ADVICE,
        breaks=REFUSAL,
        effect=MAY_AFFECT_WRITERS,
        remedy=Remedy(
            expand="Look for callers that change $name in another way than by an update of the resource.",
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
