"""Intervals of numbers, both ends included."""

from __future__ import annotations

from collections.abc import Iterable

Interval = tuple[int, int]


def missing(interval: Interval, cover: Iterable[Interval]) -> list[Interval]:
    """Return the parts of an interval that no interval of the cover contains."""
    start, end = interval
    gaps: list[Interval] = []
    for first, last in sorted(cover):
        if last < start:
            continue
        if first > end:
            break
        if first > start:
            gaps.append((start, first - 1))
        start = last + 1
    if start <= end:
        gaps.append((start, end))
    return gaps


def shown(intervals: Iterable[Interval]) -> str:
    """Intervals as a person writes them."""
    return ", ".join(str(start) if start == end else f"{start} to {end}" for start, end in intervals)
