"""What services ask PostgreSQL by asyncpg, psycopg and SQLAlchemy is noted, with the place that asks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest

from servanda.infra import Endpoints, PostgresEndpoint
from servanda.infra.isolation import isolate
from servanda.interfaces.sql.document import Recorded
from servanda.interfaces.sql.schema import Schema
from servanda.recording.sql.notes import read_notes
from servanda.recording.sql.probe import probing
from servanda.recording.sql.statements import understood

pytestmark = pytest.mark.infrastructure
FOLDER = Path(__file__).parent
BOOKS = "CREATE TABLE books (book_id integer PRIMARY KEY, title text NOT NULL, shelf text)"


@pytest.fixture(scope="module")
def recorded(servanda_postgres: PostgresEndpoint, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Recorded]:
    """The statements of one process that was killed, by their text."""
    notes = tmp_path_factory.mktemp("notes")
    with isolate(Endpoints({"postgres": servanda_postgres})) as own:
        dsn = own.endpoints.postgres.dsn
        with psycopg.connect(dsn) as connection:
            connection.execute(BOOKS)
        environ = {"PATH": os.environ["PATH"], "POSTGRES_DSN": dsn}
        command = [sys.executable, "-m", "drivers"]
        given = {**environ, **probing(notes, environ)}
        done = subprocess.run(command, env=given, cwd=FOLDER, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, "")
    found = understood(read_notes(notes).notes, FOLDER, Schema("public"))
    assert found.unread == ()
    return {each.sql: each for each in found.statements}


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM books WHERE title = 'asyncpg execute'",
        "SELECT title FROM books WHERE shelf = $1",
        "SELECT title, book_id FROM books",
        "INSERT INTO books VALUES ($1, $2, $3)",
        "SELECT shelf FROM books WHERE book_id = $1",
        "SELECT book_id FROM books WHERE title = $1",
        "INSERT INTO books (book_id, title) VALUES ($1, $2)",
        "SELECT shelf, title FROM books",
        "UPDATE books SET shelf = $2 WHERE book_id = $1 RETURNING *",
    ],
)
def test_asyncpg_is_noted(recorded: Mapping[str, Recorded], sql: str) -> None:
    assert any(caller.startswith("drivers/by_asyncpg.py:") for caller in recorded[sql].callers)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT shelf AS one FROM books WHERE book_id = $1",
        "INSERT INTO books VALUES ($1, $2, $3)",
        'SELECT "shelf" FROM books',
        "SELECT title AS streamed FROM books",
        "INSERT INTO books (book_id, title) VALUES ($1, $2)",
        "SELECT book_id AS large FROM books WHERE title = $1",
        "SELECT title AS client FROM books WHERE shelf = $1",
        "SELECT title AS raw FROM books WHERE shelf = $1",
        "SELECT title AS later FROM books",
    ],
)
def test_psycopg_is_noted(recorded: Mapping[str, Recorded], sql: str) -> None:
    assert any(caller.startswith("drivers/by_psycopg.py:") for caller in recorded[sql].callers)


@pytest.mark.parametrize(
    "begin", ["SELECT books.shelf FROM books", "INSERT INTO books (book", "SELECT books.title FROM"]
)
def test_sqlalchemy_is_noted_with_the_place_that_uses_it(recorded: Mapping[str, Recorded], begin: str) -> None:
    callers = [caller for sql, each in recorded.items() if sql.startswith(begin) for caller in each.callers]

    assert any(caller.startswith("drivers/by_sqlalchemy.py:") for caller in callers)


def test_the_line_is_the_one_of_the_call(recorded: Mapping[str, Recorded]) -> None:
    (caller,) = recorded["SELECT title, book_id FROM books"].callers
    path, _, line = caller.partition(":")

    assert '"SELECT title, book_id FROM books"' in (FOLDER / path).read_text().splitlines()[int(line) - 1]


def test_parameters_that_were_null_are_noted(recorded: Mapping[str, Recorded]) -> None:
    nulls = {sql: each.nulls for sql, each in recorded.items() if each.nulls}

    assert nulls["INSERT INTO books VALUES ($1, $2, $3)"] == (3,)
    assert nulls["SELECT title FROM books WHERE shelf = $1"] == (1,)
    assert nulls["SELECT book_id AS large FROM books WHERE title = $1"] == (1,)


def test_no_value_of_a_parameter_is_noted(recorded: Mapping[str, Recorded]) -> None:
    assert not [sql for sql in recorded if "secret" in sql]


def test_every_statement_has_the_place_of_the_process(recorded: Mapping[str, Recorded]) -> None:
    assert {caller.partition("/")[0] for each in recorded.values() for caller in each.callers} == {"drivers"}
