"""The side that stops understanding the other one, and the order of deployment that follows.

Of a response or an event the provider is the writer and consumers are the readers; of a request it is the other way
round. A side that breaks must not meet the other one, so it must be gone, or not be there yet, when the other changes.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from servanda.verdict import DeployOrder, Transition


class Direction(enum.Flag):
    """Direction in which consumers use an element."""

    NONE = 0
    WRITTEN = enum.auto()
    """Consumers write it: it is part of a request."""
    READ = enum.auto()
    """Consumers read it: it is part of a response or of an event."""
    BOTH = WRITTEN | READ
    """Both; an element that nothing in the interface reaches counts as used both ways."""


class Reader(enum.Flag):
    """A reader that does not understand the writer of the other version."""

    NONE = 0
    OLD = enum.auto()
    NEW = enum.auto()
    BOTH = OLD | NEW


@dataclass(frozen=True, slots=True)
class Breaks:
    """The readers that a change breaks.

    Attributes:
        read: Where consumers read the element.
        written: Where consumers write it; a call is something that they write.
    """

    read: Reader = Reader.NONE
    written: Reader = Reader.NONE


SOURCE_ONLY: Final = Breaks()
"""Only code that is generated from the definition; messages stay readable."""
BOTH_WAYS: Final = Breaks(Reader.BOTH, Reader.BOTH)
"""The form changes, so that neither version reads the other."""
BOTH_WAYS_IF_WRITTEN: Final = Breaks(written=Reader.BOTH)
BOTH_WAYS_IF_READ: Final = Breaks(read=Reader.BOTH)
GONE: Final = Breaks(read=Reader.OLD, written=Reader.NEW)
"""Users of what is gone get nothing, or are ignored; those who left it are safe with both versions."""
SURPRISE: Final = Breaks(read=Reader.OLD)
"""Old readers meet what they do not expect."""
REFUSAL: Final = Breaks(written=Reader.NEW)
"""The new version refuses what old writers send."""
UNKNOWN_VALUE: Final = Breaks(read=Reader.NEW, written=Reader.NEW)
"""New readers meet a value that only the old version knows."""
MISSING: Final = Breaks(read=Reader.NEW)
"""New readers miss what old writers do not send."""


def transition(breaks: Breaks, direction: Direction) -> Transition:
    """Tell what happens while only one side has the change, if consumers use the element in this direction."""
    broken, first = Reader.NONE, set[DeployOrder]()
    if direction & Direction.READ:
        broken |= breaks.read
        first |= _first(breaks.read, DeployOrder.CONSUMERS_FIRST, DeployOrder.PROVIDER_FIRST)
    if direction & Direction.WRITTEN:
        broken |= breaks.written
        first |= _first(breaks.written, DeployOrder.PROVIDER_FIRST, DeployOrder.CONSUMERS_FIRST)
    order = DeployOrder.NONE if len(first) > 1 else next(iter(first), DeployOrder.ANY)
    return Transition(not broken & Reader.OLD, not broken & Reader.NEW, order)


def _first(breaks: Reader, readers: DeployOrder, writers: DeployOrder) -> set[DeployOrder]:
    """Old readers that break have to change first; new readers that break have to wait for the writers."""
    first = {readers} if breaks & Reader.OLD else set()
    return first | ({writers} if breaks & Reader.NEW else set())
