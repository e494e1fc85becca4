"""Databases that are filled once, for others to be copied from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

from servanda.extras import naming_extra
from servanda.infra.stores.postgres.endpoint import PostgresEndpoint


def database_template(postgres: PostgresEndpoint, key: str, fill: Callable[[PostgresEndpoint], None]) -> str:
    """Return the name of a database that ``fill`` has prepared once per server, for namespaces to be copied from.

    Safe among processes: one fills, the others wait.

    Args:
        postgres: The server.
        key: What the content depends on; another key is another template.
        fill: Migrates the database at the address that it is given.

    Raises:
        InfrastructureError: The server refused.
        MissingExtraError: PostgreSQL's client is not installed.
    """
    # Whoever imports the stores need not have PostgreSQL's client.
    with naming_extra():
        from psycopg import sql  # noqa: PLC0415

        from servanda.infra.stores.postgres.administration import administration  # noqa: PLC0415

    name = f"template_{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    with administration(postgres) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        ready = connection.execute("SELECT datistemplate FROM pg_database WHERE datname = %s", [name]).fetchone()
        if ready is None or not ready[0]:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            fill(replace(postgres, database=name))
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                [name],
            )
            alter = sql.SQL("ALTER DATABASE {} WITH is_template true allow_connections false")
            connection.execute(alter.format(sql.Identifier(name)))
    return name
