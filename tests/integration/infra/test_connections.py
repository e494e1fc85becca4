"""Stores take what several systems at once ask of them."""

from __future__ import annotations

import psycopg

from servanda.infra.stores.postgres.endpoint import PostgresEndpoint


def test_postgres_accepts_as_many_connections_wherever_it_runs(servanda_postgres: PostgresEndpoint) -> None:
    with psycopg.connect(servanda_postgres.dsn) as connection:
        (found,) = connection.execute("SHOW max_connections").fetchall()
    assert found == ("400",)
