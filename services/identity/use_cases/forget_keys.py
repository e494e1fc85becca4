"""Forget the idempotency keys that nobody may repeat a request with any more."""

from __future__ import annotations

from dataclasses import dataclass

from services.identity.use_cases.ports import Store

PERIOD_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class ForgetKeys:
    """Forgets keys; those that it has not come to yet are free all the same."""

    store: Store

    async def __call__(self) -> None:
        """Forget the keys that have expired.

        Raises:
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as transaction:
            await transaction.keys.forget(await transaction.now())
