"""Rows about how long values stay."""

from __future__ import annotations

from servanda.interfaces.effect import BREAKS_READERS, MAY_AFFECT_READERS
from servanda.interfaces.rule import Remedy, Rule
from servanda.interfaces.transition import SURPRISE
from servanda.interfaces.values.change import Edit
from servanda.interfaces.values.rules.subject import CHANGES, VALUES, changed
from servanda.verdict import Severity

RULES: tuple[Rule, ...] = (
    Rule(
        id="VALUE_TTL_NO_DELETE",
        purpose="Checks that values that expire go on expiring.",
        why=(
            "The old version counts on it that what is stale goes by itself, and after a rollback such values stay in "
            "its way for ever."
        ),
        categories=(VALUES,),
        subject=CHANGES,
        handler=changed(Edit.TTL_DELETED),
        breaks=SURPRISE,
        effect=BREAKS_READERS,
        remedy=Remedy(
            expand="Let values of $element expire as before, and store what has to stay under a new prefix.",
            migrate="Let $readers find it there.",
            contract="Delete $name when no version is live, or may be rolled back to, that reads it.",
            before='ttl = "none"  # of $name',
            after="ttl = ...  # of $name as it was, and a second format that stays",
        ),
    ),
    Rule(
        id="VALUE_TTL_NO_LENGTHEN",
        purpose="Checks that values do not stay longer than before.",
        why="The old version reads values older than any that it wrote, and deletes or fences for a shorter time.",
        categories=(VALUES,),
        subject=CHANGES,
        handler=changed(Edit.TTL_LENGTHENED),
        breaks=SURPRISE,
        effect=BREAKS_READERS,
        remedy=Remedy(
            expand="Keep the time to live of $element, and let $readers cope with values as old as they will be.",
            migrate="Wait until every instance does, and none can be rolled back to that does not.",
            contract="Then lengthen it; a new prefix in place of $name does the same at once.",
            before="ttl = ...  # of $name",
            after="ttl = ...  # of $name as it was",
        ),
    ),
    Rule(
        id="VALUE_TTL_NO_ADD",
        purpose="Checks that values that stayed for ever do not begin to expire.",
        why="Whoever wrote such a value once takes its absence for a fact, such as that it was deleted.",
        categories=(VALUES,),
        subject=CHANGES,
        handler=changed(Edit.TTL_ADDED),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Let $readers take an absent $element for unknown, and write it again.",
            migrate="Wait until every instance does, and none can be rolled back to that does not.",
            contract="Then let $name expire.",
            before="ttl = ...  # of $name",
            after='ttl = "none"  # of $name as it was',
        ),
        severity=Severity.WARNING,
    ),
)
