"""Rows about what values hold."""

from __future__ import annotations

from servanda.interfaces.effect import BREAKS_READERS, BREAKS_USERS, MAY_AFFECT_READERS
from servanda.interfaces.rule import Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS_IF_READ, MISSING, SURPRISE, UNKNOWN_VALUE
from servanda.interfaces.values.change import Edit
from servanda.interfaces.values.rules.subject import CHANGES, VALUES, changed
from servanda.verdict import Severity

RULES: tuple[Rule, ...] = (
    Rule(
        id="VALUE_SAME_TYPE",
        purpose="Checks that values keep their Redis type.",
        why="Commands for one type fail with WRONGTYPE on another one, in the old version and in the new one.",
        categories=(VALUES,),
        subject=CHANGES,
        handler=changed(Edit.TYPE_CHANGED),
        breaks=BOTH_WAYS_IF_READ,
        effect=BREAKS_USERS,
        remedy=Remedy(
            expand="Keep $element, add a format of the new type under a new prefix, and write both.",
            migrate="Let $readers read the new one first and $name where nothing is found.",
            contract="Delete $element when no version is live, or may be rolled back to, that reads it alone.",
            before='type = "..."  # of $name',
            after='type = "..."  # of $name as it was, and a second format of the new type',
        ),
    ),
    Rule(
        id="VALUE_SAME_CONTENT",
        purpose="Checks that values keep their encoding, and their message if they are protobuf.",
        why="Bytes of one encoding are garbage in another one, or, worse, something else that can be read.",
        categories=(VALUES,),
        subject=CHANGES,
        handler=changed(Edit.CONTENT_CHANGED),
        breaks=BOTH_WAYS_IF_READ,
        effect=BREAKS_READERS,
        remedy=Remedy(
            expand="Keep $element, and write the new encoding beside it: in another field, or under a new prefix.",
            migrate="Let $readers read the new one first, and fall back to $name; an unreadable value is a miss.",
            contract="Stop writing $element when no version is live, or may be rolled back to, that reads it alone.",
            before='content = "..."  # of $name',
            after='content = "..."  # of $name as it was, beside the new one',
        ),
    ),
    Rule(
        id="VALUE_SCHEMA_NO_WIDEN",
        purpose="Checks that the new version writes nothing that the schema of the old one refuses.",
        why="Instances of the old version read it during the rollout, and all of them do after a rollback.",
        categories=(VALUES,),
        subject=CHANGES,
        handler=changed(Edit.SCHEMA_WIDENED),
        breaks=SURPRISE,
        effect=BREAKS_READERS,
        remedy=Remedy(
            expand="Let $readers accept the wider $element, and write nothing yet that needs it.",
            migrate="Wait until every instance accepts it, and none can be rolled back to that does not.",
            contract="Then write it; a new prefix does the same at once, if a cold cache is acceptable.",
            before="$name = ...",
            after="$name = ...  # read as widely as it will be, written as before",
        ),
    ),
    Rule(
        id="VALUE_SCHEMA_NO_NARROW",
        purpose="Checks that the schema of the new version accepts what the old one wrote.",
        why="Values of the old version are still there when the new one starts, and it goes on writing in the rollout.",
        categories=(VALUES,),
        subject=CHANGES,
        handler=changed(Edit.SCHEMA_NARROWED),
        breaks=UNKNOWN_VALUE,
        effect=BREAKS_READERS,
        remedy=Remedy(
            expand="Write $element as narrowly as it will be, and go on reading all that was written before.",
            migrate="Wait until no instance writes the former values, and those that are there have expired.",
            contract="Then let $readers refuse them, and narrow the schema of $name.",
            before="$name = ...",
            after="$name = ...  # as before: what is written is narrower than what is read",
        ),
    ),
    Rule(
        id="VALUE_SCHEMA_NO_UNPROVEN_CHANGE",
        purpose="Checks that what changes in the schema of a value can be compared.",
        why="Whether one version refuses what the other one writes could not be decided.",
        categories=(VALUES,),
        subject=CHANGES,
        handler=changed(Edit.SCHEMA_UNDECIDED),
        breaks=BOTH_WAYS_IF_READ,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Say what changes in $element by keywords that can be compared, or read both forms of it.",
            migrate="Try values of both versions on $readers.",
            contract="Drop the former $name when no instance writes it.",
            before="$name = ...",
            after="$name = { anyOf = [...] }  # the former and the new form",
        ),
        severity=Severity.WARNING,
    ),
    Rule(
        id="VALUE_FIELD_NO_DELETE",
        purpose="Checks that fields that every value has stay required.",
        why="The old version reads values of the new one, and does not find what it always found.",
        categories=(VALUES,),
        subject=CHANGES,
        handler=changed(Edit.FIELD_DELETED),
        breaks=SURPRISE,
        effect=BREAKS_READERS,
        remedy=Remedy(
            expand="Go on writing $element, and let $readers do without it.",
            migrate="Wait until every instance does, and none can be rolled back to that does not.",
            contract="Then stop writing $name, and delete it.",
            before="# no $name",
            after="$name = { ... }  # required, as it was",
        ),
    ),
    Rule(
        id="VALUE_FIELD_NO_NEW_REQUIRED",
        purpose="Checks that no field becomes required that values of the old version may lack.",
        why="The new version finds values without it, written before the rollout, during it, and after a rollback.",
        categories=(VALUES,),
        subject=CHANGES,
        handler=changed(Edit.FIELD_REQUIRED),
        breaks=MISSING,
        effect=BREAKS_READERS,
        remedy=Remedy(
            expand="Write $element from now on, with required = false, and take a value without it for a miss.",
            migrate="Wait until no instance writes values without $name, and those that are there have expired.",
            contract="Then make it required, and let $readers rely on it.",
            before="$name = { ... }",
            after="$name = { required = false, ... }",
        ),
    ),
)
