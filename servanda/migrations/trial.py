"""Statements on a database: what PostgreSQL makes of each, and how it answers with values of several kinds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
from psycopg.pq import DiagnosticField, ExecStatus
from psycopg.pq.abc import PGconn, PGresult

from servanda.interfaces.sql.hits import Usage
from servanda.interfaces.sql.statement import Facts
from servanda.migrations.catalogue import Catalogue, Column
from servanda.migrations.values import FIRST, FRESH, LARGE, NEGATIVE, NONE, STRANGE, Type, value_of

_FAILED: Final = frozenset({ExecStatus.FATAL_ERROR, ExecStatus.BAD_RESPONSE})
_VARIANTS: Final = (FRESH, LARGE, NONE, NEGATIVE, STRANGE)
_UNKNOWN: Final = Type("text")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Error of PostgreSQL.

    Attributes:
        state: SQLSTATE, see the appendix of PostgreSQL's manual.
        message: What it says.
        column: The column that it names, if it does.
        constraint: The constraint that it names, if it does.
    """

    state: str
    message: str
    column: str = ""
    constraint: str = ""

    def __str__(self) -> str:
        return f"{self.state}: {self.message}"


@dataclass(frozen=True, slots=True)
class Shape:
    """Form of a statement: the types of its parameters, and names and types of the columns that it answers with."""

    parameters: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """Answers to a statement.

    Attributes:
        shape: Its form; ``None`` if it was refused before it could be run.
        refusal: Why it was refused then.
        runs: The refusal of each run by its values; ``None`` for one that was carried out.
    """

    shape: Shape | None = None
    refusal: Refusal | None = None
    runs: Mapping[tuple[str | None, ...], Refusal | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Database:
    """A database that statements are tried on; nothing that they do stays.

    Attributes:
        connection: To the database, in autocommit mode.
        catalogue: What is in it.
    """

    connection: psycopg.Connection[Any]
    catalogue: Catalogue

    def prepare(self, statement: str) -> Shape | Refusal:
        """Return what PostgreSQL makes of a statement."""
        connection: PGconn = self.connection.pgconn
        done = connection.prepare(b"", statement.encode())
        if done.status in _FAILED:
            return _refusal(done)
        told = connection.describe_prepared(b"")
        if told.status in _FAILED:
            return _refusal(told)
        names = self.catalogue.types
        parameters = tuple(names.get(told.param_type(at), _UNKNOWN).name for at in range(told.nparams))
        columns = ((told.fname(at) or b"", told.ftype(at)) for at in range(told.nfields))
        return Shape(parameters, tuple((name.decode(), names.get(oid, _UNKNOWN).name) for name, oid in columns))

    def run(self, usage: Usage, values: Sequence[str | None]) -> Refusal | None:
        """Run a statement and take back what it did; return why it was refused, if it was."""
        connection: PGconn = self.connection.pgconn
        given = [None if value is None else value.encode() for value in values]
        if not usage.facts.writes and usage.facts.is_query:
            done = connection.exec_params(usage.statement.sql.encode(), given)
            return _refusal(done) if done.status in _FAILED else None
        connection.exec_(b"BEGIN")
        try:
            done = connection.exec_params(usage.statement.sql.encode(), given)
            refusal = _refusal(done) if done.status in _FAILED else None
            if refusal is None:
                # What is checked at the end of a transaction counts as well.
                checked = connection.exec_(b"SET CONSTRAINTS ALL IMMEDIATE")
                refusal = _refusal(checked) if checked.status in _FAILED else None
            return refusal
        finally:
            connection.exec_(b"ROLLBACK")


def _refusal(result: PGresult) -> Refusal:
    def said(which: DiagnosticField) -> str:
        return (result.error_field(which) or b"").decode("utf-8", "replace")

    return Refusal(
        said(DiagnosticField.SQLSTATE),
        said(DiagnosticField.MESSAGE_PRIMARY),
        said(DiagnosticField.COLUMN_NAME),
        said(DiagnosticField.CONSTRAINT_NAME),
    )


def attempt(database: Database, usage: Usage) -> Tried:
    """Try a statement with values that the catalogue of the database leads to."""
    shape = database.prepare(usage.statement.sql)
    if isinstance(shape, Refusal):
        return Tried(refusal=shape)
    sets = dict.fromkeys(value_sets(database.catalogue, usage, shape))
    return Tried(shape, runs={values: database.run(usage, values) for values in sets})


def attempt_again(database: Database, usage: Usage, before: Tried) -> Tried:
    """Try a statement with the values that were accepted before, until one is refused."""
    shape = database.prepare(usage.statement.sql)
    if isinstance(shape, Refusal):
        return Tried(refusal=shape)
    runs: dict[tuple[str | None, ...], Refusal | None] = {}
    for values in (values for values, refusal in before.runs.items() if refusal is None):
        runs[values] = database.run(usage, values)
        if runs[values] is not None:
            break
    return Tried(shape, runs=runs)


def value_sets(catalogue: Catalogue, usage: Usage, shape: Shape) -> Iterator[tuple[str | None, ...]]:
    """Yield values for the parameters of a statement, the most usual ones first.

    What is inserted is new where it has to be unique, and like the first row everywhere else; then each parameter that
    is written takes values at the limits of its type, and NULL where the service was seen to write it.
    """
    types = [catalogue.by_name.get(name, _UNKNOWN) for name in shape.parameters]
    facts, numbers = usage.facts, range(1, len(types) + 1)
    inserted = {source for insert in facts.inserts for source in insert.sources.values()}

    def value(at: int, number: int) -> str | None:
        column = _column(catalogue, facts, at)
        if column is None:
            return value_of(types[at - 1], number)
        return value_of(types[at - 1], number, length=column.length, known=column.known)

    def is_key(at: int) -> bool:
        bound = facts.parameters.get(at)
        table = catalogue.tables.get(bound[0]) if bound is not None else None
        return bound is not None and table is not None and bound[1] in table.unique and f"${at}" in inserted

    usual = [value(at, FRESH if is_key(at) else FIRST) for at in numbers]
    yield tuple(usual)
    if not types:
        return
    yield tuple(value(at, FRESH) for at in numbers)
    yield tuple(value(at, FIRST) for at in numbers)
    for at in numbers:
        for number in _VARIANTS if _is_written(facts, at) else ():
            yield (*usual[: at - 1], value(at, number), *usual[at:])
        if at in usage.statement.nulls:
            yield (*usual[: at - 1], None, *usual[at:])


def _column(catalogue: Catalogue, facts: Facts, at: int) -> Column | None:
    bound = facts.parameters.get(at)
    return catalogue.column(bound[0], bound[1]) if bound is not None else None


def _is_written(facts: Facts, at: int) -> bool:
    return facts.parameters.get(at) in facts.writes
