from __future__ import annotations

import asyncio

from platformkit.context import Context, Principal, current, entered, start_detached


def test_outside_of_a_request_everything_is_empty() -> None:
    assert current() == Context("", None, None, None)


def test_a_context_ends_with_its_block() -> None:
    with entered(Context("r-1", principal=Principal("ada"))) as context:
        assert current() is context
    assert current() == Context()


async def test_two_requests_at_once_do_not_see_each_other() -> None:
    arrived = asyncio.Barrier(2)

    async def handle(request_id: str) -> str:
        with entered(Context(request_id)):
            await arrived.wait()
            return current().request_id

    first, second = await asyncio.gather(handle("r-1"), handle("r-2"))
    assert (first, second) == ("r-1", "r-2")


async def test_a_task_that_a_request_starts_belongs_to_it() -> None:
    async def read() -> str:
        return current().request_id

    with entered(Context("r-1")):
        task = asyncio.create_task(read())
    assert await task == "r-1"


async def test_work_that_outlives_a_request_is_in_no_context() -> None:
    seen: list[Context] = []

    async def read() -> None:
        seen.append(current())

    with entered(Context("r-1", expiry=1.0)):
        await start_detached(read())
    assert seen == [Context()]
