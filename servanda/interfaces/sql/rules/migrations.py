"""Rows about migrations themselves."""

from __future__ import annotations

from servanda.interfaces.effect import BREAKS_USERS, MAY_AFFECT_USERS
from servanda.interfaces.rule import Remedy, Rule
from servanda.interfaces.sql.rules.subject import OLD_CODE, REVIEW, SQL, edited, foreign, obstacles, unexplained
from servanda.verdict import Severity

RULES: tuple[Rule, ...] = (
    Rule(
        id="SQL_STATEMENT_NO_FAILURE",
        purpose="Checks that statements of live versions that PostgreSQL accepts are accepted after the migration.",
        why="The live version runs this statement, and gets an error where it had rows.",
        categories=(SQL,),
        subject=REVIEW,
        handler=unexplained,
        breaks=OLD_CODE,
        effect=BREAKS_USERS,
        remedy=Remedy(
            expand="Keep what this needs, and add the new form beside it: $element",
            migrate="Release code that uses the new form; $live still runs the statement.",
            contract="Take the old form away when no instance of $live runs any more.",
            before="-- the migration as it is",
            after="-- the migration without what the statement needs",
        ),
    ),
    Rule(
        id="SQL_MIGRATION_KEEPS_ROWS",
        purpose="Checks that migrations can be applied to a database with rows of the live versions.",
        why="It passes on an empty database and fails in production, in the middle of a deployment.",
        categories=(SQL,),
        subject=REVIEW,
        handler=obstacles(lambda review: review.refused),
        breaks=None,
        effect=BREAKS_USERS,
        remedy=Remedy(
            expand="In $name, add what is new as nullable, or with a default, and constraints as NOT VALID.",
            migrate="Fill or correct the rows in batches, while the live versions run.",
            contract="Validate the constraint, or set NOT NULL, in a later migration.",
            before="ALTER TABLE ... ADD COLUMN ... NOT NULL;",
            after="ALTER TABLE ... ADD COLUMN ...;  -- nullable",
        ),
    ),
    Rule(
        id="SQL_MIGRATION_NO_EDIT",
        purpose="Checks that migrations that a live version has applied stay as they are.",
        why="Databases that have applied it keep the former schema, and new ones get another.",
        categories=(SQL,),
        subject=REVIEW,
        handler=edited,
        breaks=None,
        effect=BREAKS_USERS,
        remedy=Remedy(
            expand="Restore $element, and make the change in a new migration.",
            migrate="Apply the new migration everywhere.",
            contract="Nothing has to be taken away.",
            before="-- $name, edited",
            after="-- $name, as it was applied, and a new migration behind it",
        ),
    ),
    Rule(
        id="SQL_MIGRATION_NO_LOCK",
        purpose="Checks that migrations neither rewrite tables nor hold locks that stop reads or writes (squawk).",
        why="While the lock is held, or waited for, the statements of all versions wait behind it.",
        categories=(SQL,),
        subject=REVIEW,
        handler=obstacles(lambda review: review.hazards),
        breaks=None,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="In $name, set a lock_timeout, and use the form that does not block: CONCURRENTLY, NOT VALID.",
            migrate="Validate constraints and fill columns in migrations of their own.",
            contract="Nothing has to be taken away.",
            before="CREATE INDEX ... ON ...;",
            after="SET lock_timeout = '2s';\nCREATE INDEX CONCURRENTLY ... ON ...;",
        ),
        severity=Severity.WARNING,
    ),
    Rule(
        id="SQL_SCHEMA_NO_FOREIGN",
        purpose="Checks that statements and migrations keep to the schema of their own service.",
        why="The other service does not know of it: its next migration breaks this one, and no contract says so.",
        categories=(SQL,),
        subject=REVIEW,
        handler=foreign,
        breaks=None,
        effect=BREAKS_USERS,
        remedy=Remedy(
            expand="Ask the service that owns $element through its interface, or keep a copy by its events.",
            migrate="Move every statement that uses $element.",
            contract="Revoke the rights on $element.",
            before="SELECT ... FROM $element. ...",
            after="-- the interface of the service that owns $element",
        ),
    ),
)
