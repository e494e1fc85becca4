"""Rows about tables, views, functions, enums and constraints."""

from __future__ import annotations

from servanda.interfaces.effect import BREAKS_USERS, BREAKS_WRITERS, MAY_AFFECT_READERS
from servanda.interfaces.rule import Remedy, Rule
from servanda.interfaces.sql.change import Edit
from servanda.interfaces.sql.hits import Way
from servanda.interfaces.sql.rules.subject import BOTH_CODES, OLD_CODE, REVIEW, SQL, changed
from servanda.interfaces.transition import REFUSAL
from servanda.verdict import Severity

RULES: tuple[Rule, ...] = (
    Rule(
        id="SQL_RELATION_NO_DELETE",
        purpose="Checks that no table or view is deleted that a live version uses.",
        why="Its statements fail with SQLSTATE 42P01 from the moment at which the migration is applied.",
        categories=(SQL,),
        subject=REVIEW,
        handler=changed(Edit.RELATION_DELETED),
        breaks=OLD_CODE,
        effect=BREAKS_USERS,
        remedy=Remedy(
            expand="Keep $element, and release code that does not use it.",
            migrate="Roll that code out everywhere; $live still uses it.",
            contract="Delete $element when no instance of $live runs any more, and none can be rolled back to.",
            before="DROP TABLE $element;",
            after="-- $element stays; the code does not use it",
        ),
    ),
    Rule(
        id="SQL_RELATION_SAME_NAME",
        purpose="Checks that no table or view that a live version uses gets another name or schema.",
        why="Under the former name its statements find nothing and fail with SQLSTATE 42P01.",
        categories=(SQL,),
        subject=REVIEW,
        handler=changed(Edit.RELATION_RENAMED),
        breaks=BOTH_CODES,
        effect=BREAKS_USERS,
        remedy=Remedy(
            expand="Give the table its new name, and in the same transaction make an updatable view $element of it.",
            migrate="Let all code use the new name; $live still uses $element.",
            contract="Delete the view when no instance of $live runs any more.",
            before="ALTER TABLE $element RENAME TO ...;",
            after="ALTER TABLE $element RENAME TO ...;\nCREATE VIEW $element AS SELECT * FROM ...;",
        ),
    ),
    Rule(
        id="SQL_FUNCTION_NO_DELETE",
        purpose="Checks that no function is deleted or renamed that a live version calls.",
        why="Its statements fail with SQLSTATE 42883.",
        categories=(SQL,),
        subject=REVIEW,
        handler=changed(Edit.FUNCTION_DELETED),
        breaks=OLD_CODE,
        effect=BREAKS_USERS,
        remedy=Remedy(
            expand="Keep $element beside its successor.",
            migrate="Let all code call the successor; $live still calls $name.",
            contract="Delete $element when no instance of $live runs any more.",
            before="DROP FUNCTION $element;",
            after="CREATE FUNCTION ...;  -- beside $element",
        ),
    ),
    Rule(
        id="SQL_ENUM_NO_DELETE",
        purpose="Checks that no value of an enum goes that a live version may write or compare with.",
        why="The value is refused with SQLSTATE 22P02, or the renamed one is read and not known.",
        categories=(SQL,),
        subject=REVIEW,
        handler=changed(Edit.ENUM_VALUE_DELETED),
        breaks=BOTH_CODES,
        effect=BREAKS_USERS,
        remedy=Remedy(
            expand="Add the new value to $container beside '$name', and release code that knows both.",
            migrate="Let all code write the new one, and update the rows; $live still knows only '$name'.",
            contract="Leave '$name' unused: an unused value costs nothing, and nothing deletes it safely.",
            before="ALTER TYPE $container RENAME VALUE '$name' TO '...';",
            after="ALTER TYPE $container ADD VALUE '...';  -- beside '$name'",
        ),
    ),
    Rule(
        id="SQL_ENUM_NO_ADD",
        purpose="Checks that enums that a live version reads do not get values.",
        why="As soon as the new version writes the value the old one reads it, also after a rollback.",
        categories=(SQL,),
        subject=REVIEW,
        handler=changed(Edit.ENUM_VALUE_ADDED, ways=(Way.USES, Way.ROW)),
        breaks=OLD_CODE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Add the value to $container, and do not write it yet.",
            migrate="Release code that reads it; $live cannot be known to.",
            contract="Write '$name' when no instance of $live runs any more.",
            before="ALTER TYPE $container ADD VALUE '$name';",
            after="ALTER TYPE $container ADD VALUE '$name';  -- no code writes it yet",
        ),
        severity=Severity.ADVICE,
    ),
    Rule(
        id="SQL_CONSTRAINT_NO_ADD",
        purpose="Checks that what a live version writes satisfies every new constraint.",
        why="A row that was accepted is refused: SQLSTATE 23505, 23514, 23503 or 23P01, of NOT VALID constraints too.",
        categories=(SQL,),
        subject=REVIEW,
        handler=changed(Edit.CONSTRAINT_ADDED),
        breaks=REFUSAL,
        effect=BREAKS_WRITERS,
        remedy=Remedy(
            expand="Leave the constraint out, and release code that writes only what it accepts.",
            migrate="Roll that code out, and correct the old rows of $element; $live still writes as before.",
            contract="Add the constraint NOT VALID and validate it when no instance of $live runs any more.",
            before="ALTER TABLE ... ADD CONSTRAINT ...;",
            after="-- no constraint yet; the code writes what it will accept",
        ),
    ),
)
