"""A PostgreSQL that somebody else runs, at ``POSTGRES_DSN``."""

from __future__ import annotations

import psycopg
from psycopg.conninfo import conninfo_to_dict

from servanda.errors import InfrastructureError
from servanda.infra.bringup import BringUp, Running
from servanda.infra.stores.postgres.endpoint import NAME, PostgresEndpoint
from servanda.verdict import StoreFact

_CONNECT_SECONDS = 5


def start(task: BringUp) -> Running:
    """Connect once; stopping does nothing.

    Raises:
        InfrastructureError: The address cannot be read, nobody answers there, or it refuses.
    """
    dsn = task.choice.addresses[NAME]
    try:
        conninfo_to_dict(dsn)
        with psycopg.connect(dsn, connect_timeout=_CONNECT_SECONDS) as connection:
            info = connection.info
            release = info.parameter_status("server_version") or str(info.server_version)
            fact = StoreFact(NAME, "external", f"PostgreSQL {release.split()[0]}")
            endpoint = PostgresEndpoint(info.host, info.port, info.user, info.password, info.dbname, fact)
    except psycopg.Error as error:
        raise InfrastructureError(
            f"PostgreSQL is not reachable: {str(error).strip()}",
            where="POSTGRES_DSN",
            hint="check the address, or unset POSTGRES_DSN to have one started",
        ) from error
    return Running(endpoint, lambda: None)
