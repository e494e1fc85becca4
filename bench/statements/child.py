"""Process that asks PostgreSQL for one row, again and again: ``python child.py DRIVER COUNT``; tells what one cost."""

from __future__ import annotations

import asyncio
import os
import sys
import time

QUERY = "SELECT relname FROM pg_class WHERE oid = "


async def by_asyncpg(count: int) -> None:
    import asyncpg  # noqa: PLC0415 - its import is watched

    connection = await asyncpg.connect(os.environ["POSTGRES_DSN"])
    for number in range(count):
        await connection.fetchval(f"{QUERY}$1", number)
    await connection.close()


async def by_psycopg(count: int) -> None:
    import psycopg  # noqa: PLC0415 - the same

    connection = await psycopg.AsyncConnection.connect(os.environ["POSTGRES_DSN"], autocommit=True)
    for number in range(count):
        await connection.execute(f"{QUERY}%s", [number])
    await connection.close()


def main(driver: str, count: int) -> None:
    run = {"asyncpg": by_asyncpg, "psycopg": by_psycopg}[driver]
    asyncio.run(run(1))
    began, spent = time.perf_counter(), time.process_time()
    asyncio.run(run(count))
    print((time.process_time() - spent) / count * 1e6, (time.perf_counter() - began) / count * 1e6)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
