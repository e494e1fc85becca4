"""The order in which changed services can be deployed, from what is known of each two of them.

A deployment of one service takes a while, during which old and new instances of it live; a service comes before
another one if the rollout of the first is over when that of the second begins.
"""

from __future__ import annotations

import enum
import graphlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from servanda.verdict import Outcome


class Side(enum.StrEnum):
    """Side of a pair that is new while the other one is old."""

    CONSUMER = "consumer"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True, order=True)
class Meeting:
    """A consumer and a provider of which one is new and the other one old.

    Attributes:
        new: The side that is new.
        outcome: Whether the two understand each other.
        why: What shows it, in one sentence; of a break the change that makes it.
        expand: The step that would let them meet; empty if none is known.
    """

    consumer: str
    provider: str
    new: Side
    outcome: Outcome
    why: str = ""
    expand: str = ""

    @property
    def title(self) -> str:
        """Return who meets whom."""
        consumer, provider = ("new", "old") if self.new is Side.CONSUMER else ("old", "new")
        return f"{consumer} {self.consumer} and {provider} {self.provider}"


@dataclass(frozen=True, slots=True)
class Deployment:
    """An order of deployment, or what stands in its way.

    Attributes:
        waves: Services that can be deployed at the same time, wave after wave; empty if there is no safe order.
        cycle: Meetings of which each one demands that its first service goes before the next: a smallest cycle.
        blocked: Meetings that break with somebody who is not deployed in this set: no order avoids them.
        unproven: Meetings of which nobody knows whether they hold.
        rollback: For each service that cannot be rolled back by itself once all is new, a meeting that breaks then.
    """

    waves: tuple[tuple[str, ...], ...] = ()
    cycle: tuple[Meeting, ...] = ()
    blocked: tuple[Meeting, ...] = ()
    unproven: tuple[Meeting, ...] = ()
    rollback: Mapping[str, Meeting] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome:
        """Return held for a safe order, broken if there is none, unknown if a meeting is unproven."""
        if self.cycle or self.blocked:
            return Outcome.BROKEN
        return Outcome.UNKNOWN if self.unproven else Outcome.HELD


def deployment(changed: Iterable[str], meetings: Iterable[Meeting]) -> Deployment:
    """Return the safe order of a set of changed services.

    An old consumer that a new provider breaks has to be gone before: the consumer goes first. A new consumer that an
    old provider breaks has to wait: the provider goes first. Both at once is a cycle of two; a service that does not
    live beside its own old version is a cycle by itself.

    Args:
        changed: The services of the set.
        meetings: What is known. Of the same meeting one that breaks counts, else one that was tried and held.
    """
    services = sorted(set(changed))
    known = set(services)
    told = [each for each in meetings if each.consumer in known or each.provider in known]
    broken = sorted(each for each in told if each.outcome is Outcome.BROKEN and _new(each) in known)
    blocked = tuple(each for each in broken if _old(each) not in known)
    before: dict[str, dict[str, Meeting]] = {service: {} for service in services}
    for meeting in broken:
        if _old(meeting) in known:
            # The side that is old here has to be new by then.
            before[_new(meeting)].setdefault(_old(meeting), meeting)
    cycle = _smallest_cycle(before)
    waves = () if cycle or blocked else _waves(before)
    settled = {each.title for each in told if each.outcome is not Outcome.UNKNOWN}
    unknown = (each for each in told if each.outcome is Outcome.UNKNOWN and _new(each) in known)
    unproven = tuple(sorted(each for each in unknown if each.title not in settled))
    return Deployment(waves, cycle, blocked, unproven, _rollback(services, broken))


def _new(meeting: Meeting) -> str:
    return meeting.consumer if meeting.new is Side.CONSUMER else meeting.provider


def _old(meeting: Meeting) -> str:
    return meeting.provider if meeting.new is Side.CONSUMER else meeting.consumer


def _rollback(services: Iterable[str], broken: Iterable[Meeting]) -> Mapping[str, Meeting]:
    """Return a meeting for each service that, old again beside all others new, breaks or is broken."""
    found: dict[str, Meeting] = {}
    for meeting in broken:
        found.setdefault(_old(meeting), meeting)
    return {service: found[service] for service in services if service in found}


def _waves(before: Mapping[str, Collection[str]]) -> tuple[tuple[str, ...], ...]:
    sorter = graphlib.TopologicalSorter(before)
    sorter.prepare()
    waves: list[tuple[str, ...]] = []
    while sorter.is_active():
        wave = tuple(sorted(sorter.get_ready()))
        sorter.done(*wave)
        waves.append(wave)
    return tuple(waves)


def _smallest_cycle(before: Mapping[str, Mapping[str, Meeting]]) -> tuple[Meeting, ...]:
    knot = _Knot(before)
    best: tuple[Meeting, ...] = ()
    # What goes through the service that was asked is known: without it fewer are left to ask.
    while (start := knot.any_left()) is not None:
        best = knot.way_back(start, len(best) or None) or best
        knot.take_away([start])
    return best


class _Knot:
    """The services that are left when all are taken away that nothing stands in the way of, at either end."""

    def __init__(self, before: Mapping[str, Mapping[str, Meeting]]) -> None:
        self._before = before
        self._firsts = {service: set(firsts) for service, firsts in before.items()}
        self._after: dict[str, set[str]] = {service: set() for service in before}
        for service, firsts in before.items():
            for first in firsts:
                self._after[first].add(service)
        self._left = dict.fromkeys(sorted(before))
        self.take_away([one for one in self._left if not self._firsts[one] or not self._after[one]])

    def any_left(self) -> str | None:
        """Return one of them, the same one each time."""
        return next(iter(self._left), None)

    def take_away(self, services: Iterable[str]) -> None:
        """Take services away, and all that are in no cycle then."""
        pending = list(services)
        while pending:
            service = pending.pop()
            if service not in self._left:
                continue
            del self._left[service]
            for others, own in ((self._after[service], self._firsts), (self._firsts[service], self._after)):
                for other in others:
                    own[other].discard(service)
                    if not own[other] and other in self._left:
                        pending.append(other)

    def way_back(self, start: str, most: int | None) -> tuple[Meeting, ...]:
        """Return the shortest way from a service back to it, shorter than ``most``; nothing if there is none."""
        came_from: dict[str, str] = {}
        here, length = [start], 1
        while here and (most is None or length < most):
            following: list[str] = []
            for service in here:
                for first in self._before[service]:
                    if first == start:
                        return self._meetings(start, service, came_from)
                    if first in self._left and first not in came_from:
                        came_from[first] = service
                        following.append(first)
            here, length = following, length + 1
        return ()

    def _meetings(self, start: str, last: str, came_from: Mapping[str, str]) -> tuple[Meeting, ...]:
        way, to = [self._before[last][start]], last
        while to != start:
            way.append(self._before[came_from[to]][to])
            to = came_from[to]
        return tuple(reversed(way))
