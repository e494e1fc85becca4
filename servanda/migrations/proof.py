"""The proof: the statements of live versions, on the schema that they run on and on the migrated one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from servanda.errors import InterfaceError
from servanda.infra import PostgresEndpoint
from servanda.interfaces.sql.change import Place
from servanda.interfaces.sql.hits import Hit, Usage, hits
from servanda.interfaces.sql.migration import Migration
from servanda.interfaces.sql.review import Obstacle, Step
from servanda.interfaces.sql.schema import element
from servanda.migrations.catalogue import Catalogue, read_catalogue
from servanda.migrations.comparison import compared
from servanda.migrations.database import MigrationRefusedError, connected, migrate, new_database, opened
from servanda.migrations.rows import fill, fill_as_new
from servanda.migrations.trial import Database, Shape, Tried, attempt, attempt_again


@dataclass(frozen=True, slots=True)
class Proven:
    """Findings of PostgreSQL.

    Attributes:
        hits: Statements that the migrations hit.
        refused: Migrations that rows do not let pass.
    """

    hits: tuple[Hit, ...] = ()
    refused: tuple[Obstacle, ...] = ()


def prove(
    server: PostgresEndpoint, schema: str, steps: Iterable[Step], notice: Callable[[str], None] = lambda _: None
) -> Proven:
    """Run every statement of every live version before and after the migrations that it has not applied.

    Versions that have applied the same migrations share their databases. All databases are dropped.

    Args:
        server: Where databases are made.
        schema: Schema of names that say none.
        steps: What lies between each live version and the working tree.
        notice: Told in one sentence what could not be tried.

    Raises:
        InfrastructureError: The server refused, or is gone.
        InterfaceError: A migration cannot be applied to a database without rows.
    """
    groups: dict[tuple[str, ...], list[Step]] = {}
    for step in steps:
        if step.pending:
            groups.setdefault(tuple(each.file.name for each in step.pending), []).append(step)
    found = [_Group(server, schema, group, notice).prove() for group in groups.values()]
    return Proven(
        tuple(hit for each in found for hit in each.hits),
        tuple(dict.fromkeys(each for one in found for each in one.refused)),
    )


class _Group:
    """Versions between which and the working tree the same migrations lie."""

    def __init__(
        self, server: PostgresEndpoint, schema: str, steps: Sequence[Step], notice: Callable[[str], None]
    ) -> None:
        self._server = server
        self._schema = schema
        self._steps = steps
        self._notice = notice
        self._applied, self._pending = steps[0].applied, steps[0].pending
        self._names = " and ".join(step.version.named for step in steps)

    def prove(self) -> Proven:
        with ExitStack() as stack:
            old = stack.enter_context(new_database(self._server))
            self._make(old, self._applied)
            new, refused = self._migrated(stack, old)
            before = stack.enter_context(opened(old, self._schema))
            after = stack.enter_context(opened(new, self._schema))
            return Proven(tuple(self._hits(before, after)), refused)

    def _make(self, database: PostgresEndpoint, migrations: Sequence[Migration]) -> None:
        with connected(database, self._schema) as connection:
            try:
                migrate(connection, self._schema, migrations)
            except MigrationRefusedError as error:
                raise _cannot_be_applied(error) from error
            for key in fill(connection, read_catalogue(connection)):
                self._notice(f"{self._names}: no row could be made for {'.'.join(key)}; it is empty in this run")

    def _migrated(self, stack: ExitStack, old: PostgresEndpoint) -> tuple[PostgresEndpoint, tuple[Obstacle, ...]]:
        """Migrate a copy with its rows; if they do not let that pass, a database without rows."""
        copy = stack.enter_context(new_database(self._server, old))
        with connected(copy, self._schema) as connection:
            try:
                migrate(connection, self._schema, self._pending)
            except MigrationRefusedError as error:
                refused = self._obstacle(error)
            else:
                fill_as_new(connection, read_catalogue(connection))
                return copy, ()
        empty = stack.enter_context(new_database(self._server))
        self._make(empty, (*self._applied, *self._pending))
        return empty, (refused,)

    def _obstacle(self, error: MigrationRefusedError) -> Obstacle:
        path = error.migration.file.path
        told = f"Migration {path} fails on rows that the schema of {self._names} allows"
        return Obstacle(path, told, error.place, error.proof)

    def _hits(self, before: Database, after: Database) -> Iterator[Hit]:
        known: dict[str, tuple[Tried, Tried]] = {}
        first = Place(self._pending[0].file.path)
        referred = set(_newly_referred(before.catalogue, after.catalogue))
        for step in self._steps:
            touched = {change.relation for change in step.changes} | referred
            text: dict[str, list[Hit]] = {}
            for hit in hits(step.changes, step.used):
                text.setdefault(hit.statement.sql, []).append(hit)
            for usage in step.used:
                sql = usage.statement.sql
                if sql not in known:
                    is_touched = step.is_opaque or not touched.isdisjoint(map(_full, usage.facts.relations))
                    known[sql] = _tried(usage, before, after, is_touched=is_touched)
                if known[sql][0].refusal is not None:
                    self._notice(f"{step.version.named}: not on its own schema ({known[sql][0].refusal}): {sql}")
                yield from compared(usage, *known[sql], text.get(sql, ()), first)


def _newly_referred(before: Catalogue, after: Catalogue) -> Iterator[str]:
    """Yield the tables that new foreign keys refer to: rows of theirs may not go any more."""
    for key, table in after.tables.items():
        known = before.tables[key].parents if key in before.tables else set()
        yield from (element(parent) for parent in table.parents - known)


def _full(name: tuple[str, str]) -> str:
    return element(name)


def _tried(usage: Usage, before: Database, after: Database, *, is_touched: bool) -> tuple[Tried, Tried]:
    """Try a statement before and after; one of other tables than those that change only has to be understood."""
    if not is_touched and isinstance(shape := after.prepare(usage.statement.sql), Shape):
        tried = Tried(shape)
        return tried, tried
    was = attempt(before, usage)
    return (was, was) if was.shape is None else (was, attempt_again(after, usage, was))


def _cannot_be_applied(error: MigrationRefusedError) -> InterfaceError:
    return InterfaceError(
        f"the migration cannot be applied: {error.proof}",
        where=f"{error.place.path}:{error.place.line}",
        hint="it fails without rows, too; the roles and extensions that it needs have to be made by a migration",
    )
