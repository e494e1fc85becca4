"""Limits, and the decision of a limiter about a request.

The algorithm is GCRA (ITU-T I.371): for each caller one time is kept, at which its requests so far would be evenly
spent. A request moves that time on by the interval between two requests, and is refused if the time would then lie
further in the future than the burst allows. So requests that are refused cost nothing, and no window begins at which
everybody starts anew.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in so many seconds, evenly spread after a burst.

    Attributes:
        name: Name of the limit, as the headers call it.
        requests: Requests in ``seconds``; at least 1.
        seconds: Length of the window.
        burst: Requests that may come at once; at least 1.
    """

    name: str
    requests: int
    seconds: float
    burst: int

    def __post_init__(self) -> None:
        """Refuses what is no limit."""
        if self.requests < 1 or self.burst < 1 or not 0 < self.seconds < math.inf:
            raise ValueError(f"limit {self.name!r}: expected requests and burst of 1 or more, and some seconds")

    @property
    def interval_microseconds(self) -> int:
        """Return the time that one request takes of what its caller has; never none."""
        return max(1, round(self.seconds * 1e6 / self.requests))


@dataclass(frozen=True, slots=True)
class Usage:
    """Rest of one limit that one caller has.

    Attributes:
        limit: The limit.
        remaining: Requests that could follow at once.
        reset_seconds: Time until the whole burst is there again.
        retry_seconds: Time until this request would be let through; 0 if it is.
    """

    limit: Limit
    remaining: int
    reset_seconds: float
    retry_seconds: float


@dataclass(frozen=True, slots=True)
class Decision:
    """Answer of a limiter about a request.

    Attributes:
        usages: One for each limit, in the order in which they were asked for.
        shared: Whether all instances were counted; if not, this instance counted alone.
    """

    usages: tuple[Usage, ...]
    shared: bool = True

    @property
    def allowed(self) -> bool:
        """Tell whether every limit lets the request through."""
        return all(not usage.retry_seconds for usage in self.usages)

    @property
    def tightest(self) -> Usage:
        """Return the usage that decides: the longest wait, or the least that is left."""
        return max(self.usages, key=lambda usage: (usage.retry_seconds, -usage.remaining))


class Limiter(Protocol):
    """Counts requests."""

    async def take(self, taken: Sequence[tuple[str, Limit]]) -> Decision:
        """Count a request against several limits, or against none of them if one refuses it.

        Args:
            taken: Who is counted by which limit; at least one.
        """
        ...


def usage(limit: Limit, ahead_microseconds: int, allowed_alone: bool, counted: bool) -> Usage:
    """Return what is left, from how far the kept time lies ahead of now.

    Args:
        limit: The limit.
        ahead_microseconds: How far it lies ahead before this request; 0 if it lies behind.
        allowed_alone: Whether this limit lets the request through.
        counted: Whether the request was counted.
    """
    interval = limit.interval_microseconds
    burst = interval * limit.burst
    after = ahead_microseconds + (interval if counted else 0)
    retry = 0.0 if allowed_alone else (ahead_microseconds + interval - burst) / 1e6
    return Usage(limit, max(0, (burst - after) // interval), after / 1e6, retry)
