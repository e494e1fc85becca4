"""All ways in which psycopg runs a statement."""

from __future__ import annotations

import asyncio

import psycopg
from psycopg import sql


def main(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("SELECT shelf AS one FROM books WHERE book_id = %s", [1])
        cursor = connection.cursor()
        cursor.executemany("INSERT INTO books VALUES (%s, %s, %s)", [(20, "a", None), (21, "b", "c")])
        cursor.execute(sql.SQL("SELECT {} FROM books").format(sql.Identifier("shelf")))
        for _ in cursor.stream("SELECT title AS streamed FROM books"):
            pass
        with cursor.copy("COPY books (book_id, title) FROM STDIN") as copy:
            copy.write_row((22, "d"))
        with connection.cursor(name="large") as large:
            large.execute("SELECT book_id AS large FROM books WHERE title = %(title)s", {"title": None})
        with psycopg.ClientCursor(connection) as client:
            client.execute("SELECT title AS client FROM books WHERE shelf = %s", ["secret"])
        with psycopg.RawCursor(connection) as raw:
            raw.execute("SELECT title AS raw FROM books WHERE shelf = $1", ["x"])
    asyncio.run(later(dsn))


async def later(dsn: str) -> None:
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        await connection.execute("SELECT title AS later FROM books")
