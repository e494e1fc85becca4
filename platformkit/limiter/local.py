"""Counting within one process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

from platformkit.limiter.limit import Decision, Limit, usage

CAPACITY: Final = 10_000
"""Callers that are remembered; of more, those are forgotten that were away longest."""


class LocalLimiter:
    """A limiter that knows the requests of this process only.

    Args:
        clock: Monotonic seconds.
        shared: Whether to say that all instances were counted: there is only one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, shared: bool = True) -> None:
        self._clock = clock
        self._shared = shared
        self._times: OrderedDict[tuple[str, str], int] = OrderedDict()

    async def take(self, taken: Sequence[tuple[str, Limit]]) -> Decision:
        """Count a request, see `Limiter`."""
        now = round(self._clock() * 1e6)
        ahead = [max(0, self._times.get((limit.name, who), 0) - now) for who, limit in taken]
        alone = [
            microseconds + limit.interval_microseconds <= limit.interval_microseconds * limit.burst
            for microseconds, (_, limit) in zip(ahead, taken, strict=True)
        ]
        if all(alone):
            for microseconds, (who, limit) in zip(ahead, taken, strict=True):
                self._keep((limit.name, who), now + microseconds + limit.interval_microseconds)
        usages = (
            usage(limit, microseconds, fits, all(alone))
            for microseconds, fits, (_, limit) in zip(ahead, alone, taken, strict=True)
        )
        return Decision(tuple(usages), self._shared)

    def _keep(self, key: tuple[str, str], moment: int) -> None:
        self._times[key] = moment
        self._times.move_to_end(key)
        if len(self._times) > CAPACITY:
            self._times.popitem(last=False)
