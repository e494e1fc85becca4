"""Statements that SQLAlchemy makes, with and without await."""

from __future__ import annotations

import asyncio

from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine, insert, select
from sqlalchemy.ext.asyncio import create_async_engine

BOOKS = Table("books", MetaData(), Column("book_id", Integer), Column("title", Text), Column("shelf", Text))


def main(dsn: str) -> None:
    with create_engine(dsn.replace("postgresql://", "postgresql+psycopg://")).begin() as connection:
        connection.execute(select(BOOKS.c.shelf).where(BOOKS.c.book_id == 3))
        connection.execute(insert(BOOKS), [{"book_id": 30 + number, "title": "a"} for number in range(3)])
    asyncio.run(later(dsn))


async def later(dsn: str) -> None:
    engine = create_async_engine(dsn.replace("postgresql://", "postgresql+asyncpg://"))
    async with engine.begin() as connection:
        await connection.execute(select(BOOKS.c.title).where(BOOKS.c.book_id.in_([1, 2])))
    await engine.dispose()
