"""A part of the stores that one run or one test has for itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import psycopg
from psycopg import sql

from servanda.configuration import Store
from servanda.errors import InfrastructureError
from servanda.infra.endpoints import Endpoints, KafkaEndpoint, PostgresEndpoint, RedisEndpoint

_SHARED_BY_ALL = "external"


@dataclass(frozen=True, slots=True)
class Namespace:
    """What belongs to one run or one test.

    Attributes:
        name: Prefix of its Redis keys (``<name>:<rest>``), suffix of its topics and consumer groups
            (``<rest>.<name>``), and name of its database; lower-case letters and digits.
        endpoints: The stores, with that database.
    """

    name: str
    endpoints: Endpoints


def new_name() -> str:
    """A name for a namespace that no other has."""
    return f"t{uuid4().hex[:12]}"


@contextmanager
def isolate(endpoints: Endpoints, *, template: str | None = None, name: str | None = None) -> Iterator[Namespace]:
    """A namespace for as long as the context lasts.

    What the namespace holds is removed at its end: the database always; keys and topics only in stores that outlive the
    run. Nothing outside the namespace is touched.

    Args:
        endpoints: The stores of the run.
        template: Database that the namespace's own is a copy of, see :func:`database_template`; empty if absent.
        name: Its name; a new one by default.

    Raises:
        InfrastructureError: A store refused.
    """
    own = name or new_name()
    with_postgres = Store.POSTGRES in endpoints.stores
    if with_postgres:
        _create_database(endpoints.postgres, own, template)
    try:
        yield Namespace(own, endpoints.with_database(own) if with_postgres else endpoints)
    finally:
        for endpoint in endpoints.stores.values():
            _clean(endpoint, own)


def database_template(postgres: PostgresEndpoint, key: str, fill: Callable[[PostgresEndpoint], None]) -> str:
    """The name of a database that ``fill`` has prepared, for namespaces to be copied from. Filled once per server.

    Safe among processes: one fills, the others wait.

    Args:
        postgres: The server.
        key: What the content depends on; another key is another template.
        fill: Migrates the database at the address that it is given.

    Raises:
        InfrastructureError: The server refused.
    """
    name = f"template_{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    with _administration(postgres) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        ready = connection.execute("SELECT datistemplate FROM pg_database WHERE datname = %s", [name]).fetchone()
        if ready is None or not ready[0]:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            fill(_with_database(postgres, name))
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                [name],
            )
            alter = sql.SQL("ALTER DATABASE {} WITH is_template true allow_connections false")
            connection.execute(alter.format(sql.Identifier(name)))
    return name


def _with_database(postgres: PostgresEndpoint, name: str) -> PostgresEndpoint:
    return Endpoints({Store.POSTGRES: postgres}).with_database(name).postgres


@contextmanager
def _administration(postgres: PostgresEndpoint) -> Iterator[psycopg.Connection]:
    try:
        with psycopg.connect(postgres.dsn, autocommit=True, connect_timeout=10) as connection:
            yield connection
    except psycopg.Error as error:
        raise InfrastructureError(
            f"PostgreSQL refused: {str(error).strip()}", where=f"{postgres.host}:{postgres.port}/{postgres.database}"
        ) from error


def _create_database(postgres: PostgresEndpoint, name: str, template: str | None) -> None:
    # Copying files beats writing the copy to the log as long as checkpoints are cheap, which they are without fsync.
    own_server = postgres.fact.kind != _SHARED_BY_ALL
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}" + (" STRATEGY FILE_COPY" if own_server else ""))
    source = sql.Identifier(template or "template1")
    with _administration(postgres) as connection:
        connection.execute(statement.format(sql.Identifier(name), source))


def _clean(endpoint: PostgresEndpoint | RedisEndpoint | KafkaEndpoint, name: str) -> None:
    if isinstance(endpoint, PostgresEndpoint):
        with _administration(endpoint) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    elif endpoint.fact.kind == _SHARED_BY_ALL:
        # Imported here alone: the clients of both stores take long to import, and most runs have stores of their own.
        from servanda.infra.leftovers import remove  # noqa: PLC0415

        remove(endpoint, name)
