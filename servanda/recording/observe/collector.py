"""Calls that passed, each with the members of its messages, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from servanda.interfaces.protobuf.usage.values import Touch
from servanda.interfaces.usage.exchange import EVERYTHING, Exchange, Shape, Side
from servanda.interfaces.usage.log import Noted, UsageLog
from servanda.interfaces.usage.use import Observation
from servanda.recording.observe import shapes
from servanda.recording.observe.shapes import Bare, TooManyMembersError
from servanda.recording.usage.described import Described
from servanda.verdict import Transport

MOST_WAYS: Final = 64
"""Different requests of one call that are told apart; further ones are put together."""

MOST_NAMES: Final = 200
"""Different names of query parameters or headers of one request."""

Calls = tuple[str, Transport, int | None, bool]


@dataclass(frozen=True, slots=True)
class Passed:
    """One call that passed, as far as it was understood.

    Attributes:
        sent: Members of the request; ``None`` if they are not known.
        received: Members of the response; ``None`` if they are not known.
        touched: Values of enums that were sent, and that were received.
        refused: Whether the request was refused as invalid.
    """

    call: str
    transport: Transport
    status: int | None = None
    query: tuple[str, ...] | None = None
    headers: tuple[str, ...] | None = None
    sent: Shape | None = None
    received: Shape | None = None
    mask: tuple[str, ...] = ()
    touched: tuple[tuple[Side, str], ...] = ()
    refused: bool = False


_Way = tuple[tuple[str, ...] | None, tuple[str, ...] | None, str, tuple[str, ...]]


@dataclass(slots=True)
class _Seen:
    """Everything that passed of one call with one status."""

    received: Bare = None
    is_received: bool = True
    ways: dict[_Way, Shape | None] = field(default_factory=dict)


class Collector:
    """Everything that passed so far.

    Attributes:
        interfaces: What is described.
        is_whole: Whether every request is told apart.

    Args:
        interfaces: What is described.
        told: Is told in one line of each call that passes for the first time.
    """

    def __init__(self, interfaces: Described, told: Callable[[str], None] = lambda _: None) -> None:
        self.interfaces = interfaces
        self.is_whole = True
        self._told = told
        self._calls: dict[Calls, _Seen] = {}
        self._values: set[tuple[Side, str, Transport]] = set()
        self._others = 0

    @property
    def others(self) -> int:
        """Number of calls that nothing describes."""
        return self._others

    def pass_by(self) -> None:
        """Count a call that nothing describes."""
        self._others += 1

    def add(self, passed: Passed) -> None:
        """Note a call."""
        call = (passed.call, passed.transport, passed.status, passed.refused)
        seen = self._calls.get(call)
        if seen is None:
            seen = self._calls[call] = _Seen()
            self._told(
                " ".join(str(part) for part in (passed.transport, passed.call, passed.status) if part is not None)
            )
        self._values.update((side, name, passed.transport) for side, name in passed.touched)
        self._receive(seen, passed.received)
        self._send(seen, passed)

    def _receive(self, seen: _Seen, received: Shape | None) -> None:
        if not seen.is_received:
            return
        try:
            found = None if received is None else shapes.bounded(shapes.merged(seen.received, _bare(received)))
        except TooManyMembersError:
            received = None
        if received is None:
            seen.is_received, seen.received = False, None
        else:
            seen.received = found

    def _send(self, seen: _Seen, passed: Passed) -> None:
        sent = passed.sent
        try:
            told = "" if sent is None else shapes.key(shapes.bounded(_bare(sent, apart=True)))
        except TooManyMembersError:
            sent, told = None, ""
        way = (_few(passed.query), _few(passed.headers), told, _few(passed.mask) or ())
        if way in seen.ways or len(seen.ways) < MOST_WAYS:
            seen.ways[way] = sent
            return
        # What one request leaves out is not told any more once others are put together with it.
        self.is_whole = False
        last, before = seen.ways.popitem()
        names, mask = (_both(last[0], way[0]), _both(last[1], way[1])), _both(last[3], way[3]) or ()
        try:
            both = None if before is None or sent is None else shapes.bounded(shapes.merged(_bare(before), _bare(sent)))
        except TooManyMembersError:
            both = None
        seen.ways[*names, "" if both is None else shapes.key(both), mask] = None if both is None else Shape(both)

    def log(self, observation: Observation, *, complete: bool) -> UsageLog:
        """Return everything as a usage log.

        Args:
            observation: Whose it is, and since when.
            complete: Whether the consumer did everything meanwhile that it ever does.
        """
        noted = EVERYTHING if self.is_whole else EVERYTHING - {Side.WRITES}
        reads, writes = (tuple(self._enums(side)) for side in (Side.READS, Side.WRITES))
        exchanges = tuple(each for call in sorted(self._calls, key=str) for each in self._exchanges(call))
        return UsageLog(observation, reads, writes, (), exchanges, noted if complete else frozenset())

    def _enums(self, wanted: Side) -> Iterator[Noted]:
        for side, name, transport in sorted(self._values):
            if side is wanted:
                yield Noted(name, transport, "", possible=wanted is Side.READS)

    def _exchanges(self, call: Calls) -> Iterator[Exchange]:
        seen = self._calls[call]
        # The first one tells what was received; of the others that is a part.
        received = Shape(seen.received) if seen.is_received else None
        for way in sorted(seen.ways, key=str):
            query, headers, _, mask = way
            name, transport, status, refused = call
            sent = seen.ways[way]
            yield Exchange(name, transport, "", status, query, headers, sent, received, None, mask, refused)
            received = Shape(None) if received is not None else None


def enum_values(touches: Iterable[Touch], enums: frozenset[str], side: Side) -> tuple[tuple[Side, str], ...]:
    """Return those of the elements that are values of enums: shapes do not hold them."""
    return tuple((side, touch.element) for touch in touches if touch.element.rpartition(".")[0] in enums)


def _bare(shape: Shape | None, *, apart: bool = False) -> Bare:
    # A shape is read from JSON as well, and holds what JSON holds.
    return shapes.of_json(shape.value, apart=apart) if shape is not None else None


def _both(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if one is None or other is None else _few(tuple(sorted({*one, *other})))


def _few(names: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Return the names; nothing, as if nobody had looked, if they are too many or too long to be kept."""
    is_kept = names is not None and len(names) <= MOST_NAMES and sum(map(len, names)) <= shapes.MOST_CHARACTERS
    return names if is_kept else None
