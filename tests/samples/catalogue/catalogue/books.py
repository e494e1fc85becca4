"""What the catalogue asks PostgreSQL."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.rows import dict_row


def book(dsn: str, number: int) -> dict[str, Any] | None:
    with psycopg.connect(dsn, row_factory=dict_row) as connection:
        return connection.execute("SELECT title, shelf FROM books WHERE book_id = %s", [number]).fetchone()


def lend(dsn: str, number: int, reader: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "INSERT INTO loans (book_id, reader, note) VALUES (%(book)s, %(reader)s, %(note)s)",
            {"book": number, "reader": reader, "note": None},
        )
