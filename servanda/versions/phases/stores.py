"""Stores of a run, and whether they are still there: what fails without them says nothing about versions."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from typing import Final

from servanda.errors import InfrastructureError

_SECONDS: Final = 2.0


def require_stores(placeholders: Mapping[str, str]) -> None:
    """Ask each store for a connection.

    Args:
        placeholders: The values of the stores.

    Raises:
        InfrastructureError: One of them does not listen any more.
    """
    for store, host, port in _addresses(placeholders):
        try:
            socket.create_connection((host, port), _SECONDS).close()
        except OSError as error:
            what = f"{store} died during the run: {error.strerror or error}"
            raise InfrastructureError(what, where=f"{host}:{port}", hint="repeat the run") from error


def dsn_of(placeholders: Mapping[str, str]) -> str:
    """Return where PostgreSQL is, as its client writes it, with the rights of its administrator.

    Args:
        placeholders: The values of the stores; PostgreSQL is one of them.
    """
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - of an extra

    parts = {name: placeholders[f"postgres.{name}"] for name in ("host", "port", "user", "password")}
    return make_conninfo(**parts, dbname=placeholders["postgres.database"])


def _addresses(placeholders: Mapping[str, str]) -> Iterator[tuple[str, str, int]]:
    for name, value in placeholders.items():
        store, _, part = name.partition(".")
        if part == "bootstrap":
            host, _, port = value.partition(",")[0].rpartition(":")
        elif part == "host":
            host, port = value, placeholders.get(f"{store}.port", "")
        else:
            continue
        if port.isdigit():
            yield store, host, int(port)
