"""A database for one run or one test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from psycopg import sql

from servanda.infra.store import outlives_run
from servanda.infra.stores.postgres.administration import administration
from servanda.infra.stores.postgres.endpoint import PostgresEndpoint


@contextmanager
def isolate(endpoint: PostgresEndpoint, name: str, template: str | None) -> Iterator[PostgresEndpoint]:
    """Give a database of this name, a copy of the template if there is one; it is dropped at the end.

    Raises:
        InfrastructureError: The server refused.
    """
    _create(endpoint, name, template)
    try:
        yield replace(endpoint, database=name)
    finally:
        with administration(endpoint) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _create(endpoint: PostgresEndpoint, name: str, template: str | None) -> None:
    # Copying files beats writing the copy to the log as long as checkpoints are cheap, which they are without fsync.
    strategy = "" if outlives_run(endpoint) else " STRATEGY FILE_COPY"
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}" + strategy)
    source = sql.Identifier(template or "template1")
    with administration(endpoint) as connection:
        connection.execute(statement.format(sql.Identifier(name), source))
