"""What a migration changes is found in its text, and what it only adds changes nothing for anybody."""

import pytest

from servanda.interfaces.sql.change import Change, Edit, Place
from servanda.interfaces.sql.ddl import apply
from servanda.interfaces.sql.schema import Schema
from servanda.interfaces.sql.tree import parse

BEFORE = """
CREATE TYPE state AS ENUM ('open', 'paid');
CREATE TABLE users (
    user_id bigserial PRIMARY KEY, email varchar(100) NOT NULL, age integer, state state NOT NULL DEFAULT 'open'
);
CREATE VIEW adults AS SELECT email FROM users;
CREATE FUNCTION total(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';
"""


def changes(sql: str) -> list[Change]:
    schema = Schema("shop")
    for each in parse(BEFORE, "before"):
        apply(schema, each, Place("before"))
    return [change for each in parse(sql, "after") for change in apply(schema, each, Place("after", each.line))]


@pytest.mark.parametrize(
    ("sql", "edit", "element"),
    [
        ("ALTER TABLE users DROP COLUMN age", Edit.COLUMN_DELETED, "shop.users.age"),
        ("ALTER TABLE users RENAME age TO years", Edit.COLUMN_RENAMED, "shop.users.age"),
        ("ALTER TABLE users ALTER age SET NOT NULL", Edit.REQUIRED, "shop.users.age"),
        ("ALTER TABLE users ALTER state DROP DEFAULT", Edit.REQUIRED, "shop.users.state"),
        ("ALTER TABLE users ALTER email DROP NOT NULL", Edit.NULLABLE, "shop.users.email"),
        ("ALTER TABLE users ALTER age TYPE text", Edit.TYPE_CHANGED, "shop.users.age"),
        ("ALTER TABLE users ALTER age TYPE smallint", Edit.TYPE_NARROWED, "shop.users.age"),
        ("ALTER TABLE users ALTER email TYPE varchar(20)", Edit.TYPE_NARROWED, "shop.users.email"),
        ("ALTER TABLE users ADD CHECK (age > 0)", Edit.CONSTRAINT_ADDED, "shop.users.age"),
        ("ALTER TABLE users ADD CONSTRAINT one UNIQUE (email)", Edit.CONSTRAINT_ADDED, "shop.users.email"),
        ("CREATE UNIQUE INDEX CONCURRENTLY one ON users (email, age)", Edit.CONSTRAINT_ADDED, "shop.users"),
        ("DROP TABLE users CASCADE", Edit.RELATION_DELETED, "shop.users"),
        ("DROP VIEW adults", Edit.RELATION_DELETED, "shop.adults"),
        ("DROP SCHEMA shop CASCADE", Edit.RELATION_DELETED, "shop.users"),
        ("ALTER TABLE users RENAME TO people", Edit.RELATION_RENAMED, "shop.users"),
        ("ALTER TABLE users SET SCHEMA old", Edit.RELATION_RENAMED, "shop.users"),
        ("DROP FUNCTION total(integer)", Edit.FUNCTION_DELETED, "shop.total"),
        ("ALTER FUNCTION total(integer) RENAME TO sum_of", Edit.FUNCTION_DELETED, "shop.total"),
        ("ALTER TYPE state RENAME VALUE 'paid' TO 'settled'", Edit.ENUM_VALUE_DELETED, "shop.state.paid"),
        ("ALTER TYPE state ADD VALUE 'sent'", Edit.ENUM_VALUE_ADDED, "shop.state.sent"),
    ],
)
def test_a_change_is_found(sql: str, edit: Edit, element: str) -> None:
    first = changes(sql)[0]

    assert (first.edit, first.element) == (edit, element)


def test_a_column_that_is_required_and_has_no_default_is_more_than_a_new_column() -> None:
    found = changes("ALTER TABLE users ADD COLUMN name text NOT NULL")

    assert [each.edit for each in found] == [Edit.COLUMN_ADDED, Edit.REQUIRED]


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE more (more_id integer NOT NULL)",
        "CREATE INDEX CONCURRENTLY by_age ON users (age)",
        "ALTER TABLE users ALTER age TYPE bigint",
        "ALTER TABLE users ALTER email TYPE varchar(200)",
        "ALTER TABLE users ALTER email TYPE text",
        "ALTER TABLE users ALTER age SET DEFAULT 3",
        "ALTER TABLE users ALTER age DROP DEFAULT",
        "ALTER TABLE users ALTER email SET NOT NULL",
        "CREATE VIEW children AS SELECT email FROM users",
        "DO $$ BEGIN NULL; END $$",
        "COMMENT ON TABLE users IS 'all of them'",
    ],
)
def test_what_takes_nothing_away_is_no_change(sql: str) -> None:
    assert changes(sql) == []


def test_a_change_stands_on_the_line_of_its_statement() -> None:
    (change,) = changes("-- a comment\n\nALTER TABLE users\n  DROP COLUMN age;")

    assert change.place == Place("after", 3)
