"""Announce revocations to the verifiers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from platformkit.service import StoreUnavailableError
from platformkit.telemetry import get_logger
from services.auth.use_cases.ports import Announcements, Store

PERIOD_SECONDS: Final = 0.5
"""Seconds between two looks for revocations that nobody announced: verifiers have to know them within one."""

_BATCH: Final = 200
_SOON_SECONDS: Final = 1.0

_log = get_logger("auth.revocations")


@dataclass(frozen=True, slots=True)
class AnnounceRevocations:
    """Announces what is revoked. A revocation is a row until it is announced, so none is lost while Redis is away."""

    store: Store
    announcements: Announcements

    async def __call__(self) -> None:
        """Announce what was not announced yet; everything, if what was may have been lost.

        Raises:
            StoreUnavailableError: The store does not answer.
            ConnectionError: The verifiers cannot be told now.
        """
        lost = await self.announcements.lost()
        if lost:
            async with self.store.transaction() as transaction:
                await transaction.revocations.repeat(await transaction.now())
        while await self._batch() == _BATCH:
            pass
        if lost:
            await self.announcements.kept()

    async def soon(self) -> None:
        """Announce what the caller has just revoked; if that takes long or fails, it is done in the background."""
        try:
            async with asyncio.timeout(_SOON_SECONDS):
                await self._batch()
        except (StoreUnavailableError, ConnectionError, TimeoutError) as error:
            _log.warning("a revocation waits to be announced", error=str(error) or type(error).__name__)

    async def _batch(self) -> int:
        async with self.store.transaction() as transaction:
            waiting = await transaction.revocations.waiting(_BATCH)
            if waiting:
                now = await transaction.now()
                await self.announcements.announce([revocation for _, revocation in waiting], now)
                await transaction.revocations.announced([number for number, _ in waiting])
        return len(waiting)
