"""What a statement reads and writes is found whatever form it has."""

import pytest

from servanda.errors import InterfaceError
from servanda.interfaces.sql.change import Place
from servanda.interfaces.sql.ddl import apply
from servanda.interfaces.sql.schema import Schema, element
from servanda.interfaces.sql.statement import Facts, facts_of
from servanda.interfaces.sql.tree import parse

TABLES = """
CREATE TABLE users (user_id uuid PRIMARY KEY, email text NOT NULL, age integer);
CREATE TABLE orders (order_id uuid PRIMARY KEY, user_id uuid, state text);
CREATE VIEW adults AS SELECT * FROM users WHERE age > 17;
"""


def facts(sql: str) -> Facts:
    schema = Schema("shop")
    for each in parse(TABLES, "tables"):
        apply(schema, each, Place("tables"))
    return facts_of(sql, schema, "statement")


def columns(found: set[tuple[tuple[str, str], str]]) -> set[str]:
    return {element(*each).removeprefix("shop.") for each in found}


@pytest.mark.parametrize(
    ("sql", "read"),
    [
        ("SELECT email FROM users WHERE age > $1", {"users.email", "users.age"}),
        ("SELECT u.email FROM users u JOIN orders USING (order_id)", {"users.email"}),
        ("SELECT state FROM orders WHERE user_id IN (SELECT user_id FROM users)",
         {"orders.state", "orders.user_id", "users.user_id"}),
        ("WITH o AS (SELECT state FROM orders) SELECT state FROM o", {"orders.state"}),
        ("UPDATE users SET age = age + 1 WHERE user_id = $1", {"users.age", "users.user_id"}),
        ("DELETE FROM orders USING users WHERE users.user_id = orders.user_id AND age < $1",
         {"users.user_id", "orders.user_id", "users.age"}),
        ("INSERT INTO users (user_id) VALUES ($1) ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id",
         set()),
        ("SELECT email FROM adults", {"adults.email"}),
    ],
)  # fmt: skip
def test_each_column_that_is_read_is_seen_in_its_table(sql: str, read: set[str]) -> None:
    assert columns(facts(sql).reads) == read


@pytest.mark.parametrize(
    ("sql", "written"),
    [
        ("INSERT INTO users (user_id, email) VALUES ($1, $2)", {"users.user_id", "users.email"}),
        ("INSERT INTO users VALUES ($1, $2)", {"users.user_id", "users.email"}),
        ("UPDATE users SET age = $1", {"users.age"}),
        ("INSERT INTO users (user_id) VALUES ($1) ON CONFLICT (user_id) DO UPDATE SET age = 1",
         {"users.user_id", "users.age"}),
    ],
)  # fmt: skip
def test_each_column_that_is_written_is_seen(sql: str, written: set[str]) -> None:
    assert columns(facts(sql).writes) == written


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM users",
        "SELECT u.* FROM users u JOIN orders o ON o.user_id = u.user_id",
        "SELECT row_to_json(users) FROM users",
        "DELETE FROM users RETURNING *",
    ],
)
def test_whole_rows_are_marked(sql: str) -> None:
    assert facts(sql).stars == {("shop", "users")}


def test_a_count_of_rows_reads_no_whole_row() -> None:
    assert facts("SELECT count(*) FROM users").stars == set()


def test_an_insert_tells_where_each_value_comes_from() -> None:
    (insert,) = facts("INSERT INTO users (user_id, email, age) VALUES ($1::uuid, NULL, DEFAULT)").inserts

    assert insert.sources == {"user_id": "$1", "email": "null", "age": "default"}


def test_a_parameter_is_bound_to_the_column_that_it_is_compared_with() -> None:
    assert facts("SELECT 1 FROM orders WHERE state = $2 AND $1 = user_id").parameters == {
        1: (("shop", "orders"), "user_id"),
        2: (("shop", "orders"), "state"),
    }


def test_a_schema_that_is_named_is_seen() -> None:
    assert facts("SELECT amount FROM billing.invoices").schemas == {"billing"}


def test_what_cannot_be_parsed_is_told_with_its_line() -> None:
    with pytest.raises(InterfaceError, match=r"statement:2: SQL that cannot be parsed: syntax error"):
        facts("SELECT 1;\nSELEC 2")
