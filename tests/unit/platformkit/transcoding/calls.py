"""A call behind the edge, for tests."""

from __future__ import annotations

import asyncio

from plt.identity.v1 import identity_pb2

from platformkit.context import Context, current
from platformkit.transcoding import Invocation, Reply


class Calls:
    """Answers calls as it is told, and remembers them."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.seen: list[Invocation] = []
        self.contexts: list[Context] = []
        self.entered = asyncio.Event()
        self.cancelled = asyncio.Event()

    async def __call__(self, invocation: Invocation) -> Reply:
        self.seen.append(invocation)
        self.contexts.append(current())
        if self.failure is not None:
            raise self.failure
        return Reply(identity_pb2.GetUserResponse(user=identity_pb2.User(user_id="7")), (("cost", "3"),), (("n", "1"),))

    async def for_ever(self, _: Invocation) -> Reply:
        self.entered.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        raise AssertionError
