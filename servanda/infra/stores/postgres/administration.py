"""A connection that creates and drops databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from servanda.errors import InfrastructureError
from servanda.infra.stores.postgres.endpoint import PostgresEndpoint

_CONNECT_SECONDS = 10


@contextmanager
def administration(endpoint: PostgresEndpoint) -> Iterator[psycopg.Connection]:
    """Connect to the server's own database.

    Raises:
        InfrastructureError: The server does not answer, or refused.
    """
    try:
        with psycopg.connect(endpoint.dsn, autocommit=True, connect_timeout=_CONNECT_SECONDS) as connection:
            yield connection
    except psycopg.Error as error:
        raise InfrastructureError(
            f"PostgreSQL refused: {str(error).strip()}", where=f"{endpoint.host}:{endpoint.port}/{endpoint.database}"
        ) from error
