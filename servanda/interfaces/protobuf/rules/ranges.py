"""Intervals of numbers, both ends included."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

Interval = tuple[int, int]


class Cover:
    """Numbers of many intervals, which may overlap; asking for one takes no longer the more there are.

    Args:
        intervals: The intervals, in any order.
    """

    def __init__(self, intervals: Iterable[Interval]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for first, last in sorted(intervals):
            if self._ends and first <= self._ends[-1] + 1:
                self._ends[-1] = max(self._ends[-1], last)
            else:
                self._starts.append(first)
                self._ends.append(last)

    def __contains__(self, number: int) -> bool:
        """Tell whether a number is in one of the intervals."""
        index = bisect_right(self._starts, number) - 1
        return index >= 0 and number <= self._ends[index]

    def missing(self, interval: Interval) -> list[Interval]:
        """Return the parts of an interval that none of these contains."""
        start, end = interval
        gaps: list[Interval] = []
        index = max(bisect_right(self._starts, start) - 1, 0)
        while start <= end and index < len(self._starts) and self._starts[index] <= end:
            if self._starts[index] > start:
                gaps.append((start, self._starts[index] - 1))
            start = max(start, self._ends[index] + 1)
            index += 1
        if start <= end:
            gaps.append((start, end))
        return gaps


def shown(intervals: Iterable[Interval]) -> str:
    """Intervals as a person writes them."""
    return ", ".join(str(start) if start == end else f"{start} to {end}" for start, end in intervals)
