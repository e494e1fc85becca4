"""Databases of a run: made of migrations, copied with their rows, and dropped at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import sql

from servanda.errors import InfrastructureError
from servanda.infra import PostgresEndpoint, isolate
from servanda.infra.endpoints import Endpoints
from servanda.infra.stores.postgres.endpoint import NAME
from servanda.interfaces.sql.change import Place
from servanda.interfaces.sql.migration import Migration
from servanda.interfaces.sql.tree import parse
from servanda.migrations.catalogue import read_catalogue
from servanda.migrations.trial import Database

_CONNECT_SECONDS: Final = 10
# What waits for a lock or a signal waits for ever here: nobody else is connected.
_SETTINGS: Final = "-c statement_timeout=20s -c lock_timeout=5s -c client_min_messages=error"


class MigrationRefusedError(Exception):
    """PostgreSQL refuses a statement of a migration.

    Attributes:
        migration: The migration.
        place: Where the statement is.
        proof: SQLSTATE and message.
    """

    def __init__(self, migration: Migration, place: Place, proof: str) -> None:
        super().__init__(proof)
        self.migration = migration
        self.place = place
        self.proof = proof


@contextmanager
def new_database(server: PostgresEndpoint, template: PostgresEndpoint | None = None) -> Iterator[PostgresEndpoint]:
    """Give a database of its own, empty or a copy of another one; it is dropped at the end, however that comes.

    Raises:
        InfrastructureError: The server refused, or is gone.
    """
    templates = {NAME: template.database} if template is not None else {}
    with isolate(Endpoints({NAME: server}), templates=templates) as namespace:
        yield namespace.endpoints.of(PostgresEndpoint)


@contextmanager
def connected(database: PostgresEndpoint, schema: str) -> Iterator[psycopg.Connection[Any]]:
    """Connect to a database, with a schema first in the search path.

    Raises:
        InfrastructureError: The server does not answer, or the connection breaks.
    """
    where = f"{database.host}:{database.port}/{database.database}"
    try:
        with psycopg.connect(
            database.dsn, autocommit=True, connect_timeout=_CONNECT_SECONDS, options=_SETTINGS
        ) as connection:
            name = sql.Identifier(schema)
            connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(name))
            connection.execute(sql.SQL("SET search_path = {}").format(name))
            yield connection
    except psycopg.OperationalError as error:
        what = f"PostgreSQL broke off: {str(error).strip()}"
        raise InfrastructureError(what, where=where, hint="see whether the server still runs") from error


def migrate(connection: psycopg.Connection[Any], schema: str, migrations: Iterable[Migration]) -> None:
    """Apply migrations, statement by statement as each stands there.

    Raises:
        MigrationRefusedError: PostgreSQL refuses one.
        InterfaceError: One cannot be parsed.
    """
    for migration in migrations:
        connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(schema)))
        for statement in parse(migration.sql, migration.file.path):
            try:
                connection.execute(statement.text.encode())
            except psycopg.OperationalError:
                raise
            except psycopg.Error as error:
                told = f"{error.sqlstate}: {error.diag.message_primary}"
                raise MigrationRefusedError(migration, migration.place(statement), told) from error
    connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(schema)))


@contextmanager
def opened(database: PostgresEndpoint, schema: str) -> Iterator[Database]:
    """Connect to a database that statements are tried on.

    Raises:
        InfrastructureError: See :func:`connected`.
    """
    with connected(database, schema) as connection:
        yield Database(connection, read_catalogue(connection))
