"""Provider states of a service, with types."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import assert_type

from servanda import StateHandler, StateHandlers


@asynccontextmanager
async def states(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, StateHandler]]:
    async def book_exists(params: Mapping[str, object]) -> Mapping[str, object]:
        return {"book": params["book"]}

    async def no_book_exists(params: Mapping[str, object]) -> None:
        pass

    yield {"a book exists": book_exists, "no book exists": no_book_exists}


def opened(environ: Mapping[str, str]) -> StateHandlers:
    return states(environ)


async def used(handlers: StateHandlers) -> None:
    async with handlers as by_name:
        assert_type(await by_name["a book exists"]({"book": "b-1"}), Mapping[str, object] | None)
