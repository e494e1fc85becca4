"""The changes, by what they are about."""

from bench.skew.change import Change
from bench.skew.faults import cache, calls, database, events, safe

CHANGES: tuple[Change, ...] = (*database.FAULTS, *cache.FAULTS, *events.FAULTS, *calls.FAULTS, *safe.CHANGES)

__all__ = ["CHANGES"]
