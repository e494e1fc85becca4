"""All ways in which asyncpg runs a statement."""

from __future__ import annotations

import asyncio
import io

import asyncpg


async def run(dsn: str) -> None:
    async with asyncpg.create_pool(dsn, min_size=0, max_size=2) as pool:
        await pool.execute("DELETE FROM books WHERE title = 'asyncpg execute'")
        await pool.fetchval("SELECT title FROM books WHERE shelf = $1", None)
        await asyncio.create_task(task(pool))
        async with pool.acquire() as connection, connection.transaction():
            await connection.executemany("INSERT INTO books VALUES ($1, $2, $3)", [(10, "a", "b"), (11, "a", None)])
            prepared = await connection.prepare("SELECT shelf FROM books WHERE book_id = $1")
            await prepared.fetchrow(10)
            async for _ in connection.cursor("SELECT book_id FROM books WHERE title = $1", "a"):
                pass
            await connection.copy_records_to_table("books", records=[(12, "c")], columns=["book_id", "title"])
            await connection.copy_from_query("SELECT shelf, title FROM books", output=io.BytesIO())
            async with connection.transaction():  # a savepoint
                await connection.fetch("UPDATE books SET shelf = $2 WHERE book_id = $1 RETURNING *", 10, "z")


async def task(pool: asyncpg.Pool) -> None:
    await pool.fetch("SELECT title, book_id FROM books")


def main(dsn: str) -> None:
    asyncio.run(run(dsn))
