"""Forget what nobody needs any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.notification.domain.login_failures import Threshold
from services.notification.use_cases.ports import Store

PERIOD_SECONDS: Final = 3600.0
"""How often to forget."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Forgets notifications that are done, and failed logins that do not count any more.

    Attributes:
        store: Where they are.
        keep: How long to know of a notification that is done.
        threshold: How long a failed login counts.
    """

    store: Store
    keep: timedelta
    threshold: Threshold

    async def __call__(self) -> None:
        """Forget what there is.

        Raises:
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as transaction:
            now = await transaction.now()
            await transaction.notifications.forget(now - self.keep)
            await transaction.failures.forget(now - self.threshold.window)
