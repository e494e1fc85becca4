"""What has to be true of the library before an interaction."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2

Handler = Callable[[Mapping[str, object]], Awaitable[Mapping[str, object] | None]]


@asynccontextmanager
async def states(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Handler]]:
    shelf = Path(environ["SHELF"])

    async def book_exists(params: Mapping[str, object]) -> Mapping[str, object]:
        book = str(params.get("book", "b-1"))
        (shelf / book).write_text(str(params.get("title", "Emma")))
        return {"book": book}

    async def no_book_exists(params: Mapping[str, object]) -> None:
        (shelf / str(params.get("book", "b-1"))).unlink(missing_ok=True)

    async def shelf_burns(_: Mapping[str, object]) -> None:
        raise RuntimeError("the shelf burns")

    async def book_was_lent(params: Mapping[str, object]) -> None:
        async with httpx2.AsyncClient(trust_env=False) as client:
            await client.post(f"http://127.0.0.1:{environ['WEB_PORT']}/books/{params['book']}/loan")

    yield {
        "a book exists": book_exists,
        "no book exists": no_book_exists,
        "the shelf burns": shelf_burns,
        "a book was lent": book_was_lent,
    }
