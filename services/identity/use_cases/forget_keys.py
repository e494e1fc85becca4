"""Forget the idempotency keys that nobody may repeat a request with any more."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from services.identity.use_cases.ports import Clock, Store, StoreUnavailableError

PERIOD_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class ForgetKeys:
    """Forgets keys; those that it has not come to yet are free all the same."""

    store: Store
    clock: Clock

    async def __call__(self) -> None:
        """Forgets the keys that have expired.

        Raises:
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as transaction:
            await transaction.keys.forget(self.clock())

    async def run(self) -> None:
        """Forgets them again and again, until cancelled; while the store is away they wait."""
        while True:
            with suppress(StoreUnavailableError):
                await self()
            await asyncio.sleep(PERIOD_SECONDS)
