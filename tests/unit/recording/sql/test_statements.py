"""Notes become statements in one form: what a document holds does not depend on the day, the order or the values."""

from __future__ import annotations

from pathlib import Path

import pytest

from servanda.interfaces.sql.document import Recorded, Statements, dump
from servanda.interfaces.sql.migration import File, Migration, applied
from servanda.interfaces.sql.schema import Schema
from servanda.recording.sql.notes import Note
from servanda.recording.sql.statements import Understood, combined, understood
from servanda.recording.sql.variants import MOST, one_of_each

ROOT = Path("/app")
TABLES = (
    "CREATE TABLE users (user_id uuid, email text, age integer); CREATE TABLE orders (order_id uuid, user_id uuid);"
)


def schema() -> Schema:
    found = Schema("shop")
    applied(found, [Migration(File("1.sql", "1.sql", "", TABLES), TABLES)])
    return found


def of(*notes: Note) -> Understood:
    return understood(notes, ROOT, schema())


def texts(sql: str, style: str = "numeric") -> list[str]:
    return [each.sql for each in of(Note(sql, style)).statements]


@pytest.mark.parametrize(
    ("given", "style", "expected"),
    [
        pytest.param(
            "SELECT email\n  FROM users -- all\n WHERE /* a */ age = $1",
            "numeric",
            "SELECT email FROM users WHERE age = $1",
            id="spaces and comments",
        ),
        pytest.param(
            "SELECT 'a  b%s' FROM users WHERE age % 2 = 0",
            "numeric",
            "SELECT 'a  b%s' FROM users WHERE age % 2 = 0",
            id="texts stay",
        ),
        pytest.param(
            "SELECT age FROM users WHERE email LIKE 'a%%' AND age > %s AND age < %s",
            "format",
            "SELECT age FROM users WHERE email LIKE 'a%' AND age > $1 AND age < $2",
            id="format",
        ),
        pytest.param(
            "SELECT age FROM users WHERE age > %(a)s OR email = %(b)s OR age < %(a)s",
            "format",
            "SELECT age FROM users WHERE age > $1 OR email = $2 OR age < $1",
            id="names",
        ),
        pytest.param("COPY users (age, email) FROM STDIN", "numeric", "INSERT INTO users (age, email) VALUES ($1, $2)"),
        pytest.param("COPY users FROM STDIN", "numeric", "INSERT INTO users VALUES ($1, $2, $3)"),
        pytest.param('COPY "shop"."users" TO STDOUT', "numeric", "SELECT * FROM shop.users"),
        pytest.param(
            "COPY (SELECT age FROM users WHERE (age) > 1) TO STDOUT", "numeric", "SELECT age FROM users WHERE (age) > 1"
        ),
        pytest.param("DECLARE c CURSOR FOR SELECT age FROM users", "numeric", "SELECT age FROM users"),
        pytest.param(
            "PREPARE p AS SELECT age FROM users WHERE age = $1", "numeric", "SELECT age FROM users WHERE age = $1"
        ),
    ],
)
def test_a_statement_has_one_form(given: str, style: str, expected: str) -> None:
    assert texts(given, style) == [expected]


def test_each_statement_of_a_script_counts() -> None:
    assert texts("SET x = 1; DELETE FROM orders; SELECT now(); SELECT relname FROM pg_class") == ["DELETE FROM orders"]


def test_columns_stars_nulls_and_places_are_told() -> None:
    sql = "INSERT INTO users (email, age) VALUES (%(email)s, %(age)s) RETURNING *"
    (found,) = of(Note(sql, "format", "/app/shop/users.py", 7, frozenset({"age"}))).statements

    assert found.callers == ("shop/users.py:7",)
    assert found.nulls == (2,)
    assert found.writes == ("shop.users.age", "shop.users.email")
    assert found.stars == ("shop.users",)


def test_what_cannot_be_parsed_is_told() -> None:
    assert of(Note("SELECT FROM WHERE", "numeric")).unread == ("SELECT FROM WHERE",)


def test_lists_of_any_length_are_one_statement() -> None:
    lists = [
        f"SELECT age FROM users WHERE user_id IN ({', '.join(f'${n}' for n in range(1, top))})" for top in (4, 2, 9)
    ]
    rows = [f"INSERT INTO orders VALUES {', '.join(['($1::UUID, $2)'] * count)}" for count in (3, 1)]

    found = one_of_each((), [Recorded(sql) for sql in (*lists, *rows)])

    assert {each.sql for each in found} == {lists[1], rows[1]}


def test_many_values_become_a_parameter_and_stay_one() -> None:
    def run(*ages: int) -> list[Recorded]:
        return [Recorded(f"SELECT age FROM users WHERE age = {age} AND email = $1") for age in ages]

    many = one_of_each((), run(*range(MOST + 1)))
    again = one_of_each(many, run(77))

    assert [each.sql for each in many] == ["SELECT age FROM users WHERE age = $2 AND email = $1"]
    assert again == many


def test_few_values_stay_as_they_are() -> None:
    states = [Recorded(f"SELECT age FROM users WHERE email = '{name}'") for name in ("a", "b")]

    assert one_of_each((), states) == tuple(states)


def document(*statements: Recorded) -> Statements:
    return Statements("shop", "", {}, statements)


def test_a_file_whose_lines_moved_has_those_of_now() -> None:
    before = document(Recorded("DELETE FROM users", ("a.py:3", "b.py:9")))

    after = combined(before, [Recorded("DELETE FROM users", ("a.py:5",))], {})

    assert after.statements[0].callers == ("a.py:5", "b.py:9")


def test_what_was_recorded_in_another_run_stays_unless_it_is_pruned() -> None:
    before = document(Recorded("DELETE FROM users", ("a.py:3",)), Recorded("DELETE FROM orders"))
    now = [Recorded("SELECT age FROM users", ("a.py:9",))]

    assert len(combined(before, now, {}).statements) == 3
    # What was imported has no caller: no run can record it again.
    assert [each.sql for each in combined(before, now, {}, prune=True).statements] == [
        "DELETE FROM orders",
        "SELECT age FROM users",
    ]


def test_the_order_of_notes_changes_nothing() -> None:
    notes = [Note(f"SELECT age FROM users WHERE age = {n}", "numeric", "/app/a.py", n) for n in range(5)]
    one, other = (combined(document(), of(*each).statements, {}) for each in (notes, notes[::-1]))

    assert dump(one) == dump(other)
