"""Forget what nothing hangs on any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.auth.use_cases.ports import Store

PERIOD_SECONDS: Final = 600.0

# A refresh token that is used after its session ended is refused, whether it is known or not.
_SESSIONS: Final = timedelta(days=1)
_ATTEMPTS: Final = timedelta(days=2)
_REVOCATIONS: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Forget:
    """Forgets sessions that are over, attempts of long ago, and revocations of what has expired."""

    store: Store

    async def __call__(self) -> None:
        """Forget them.

        Raises:
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as transaction:
            now = await transaction.now()
            await transaction.sessions.forget(now - _SESSIONS)
            await transaction.attempts.forget(now - _ATTEMPTS)
            await transaction.revocations.forget(now - _REVOCATIONS)
