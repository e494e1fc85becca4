"""Accepted writes and the events that follow them: as many as from the old versions alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import TypeAlias

from servanda.versions.oracle.answer import Question
from servanda.versions.oracle.memory import shape_of_target

EventKind: TypeAlias = tuple[str, str]
"""Topic, without the namespace of the run, and type of an event."""
Published: TypeAlias = Mapping[str, Set[tuple[EventKind, str]]]
"""Kind and identifier of each event, by trace."""


@dataclass(frozen=True, slots=True)
class Write:
    """A request that may change something, and was answered well.

    Attributes:
        method: Its method.
        target: Path and query.
        trace: Identifier of its trace, which events that follow from it carry on.
    """

    method: str
    target: str
    trace: str

    @property
    def title(self) -> str:
        """Return it as a person calls it."""
        return f"{self.method} {self.target}"

    @property
    def shape(self) -> str:
        """Return it without the values in it."""
        return f"{self.method} {shape_of_target(self.target)}"


@dataclass(frozen=True, slots=True)
class Passed:
    """Requests that passed through the entry.

    Attributes:
        questions: Those that were answered well, and can be asked again.
        writes: Those that may change something, and were answered well.
        errors: Title and status of those that met an error of the server.
    """

    questions: tuple[Question, ...] = ()
    writes: tuple[Write, ...] = ()
    errors: tuple[tuple[str, int], ...] = ()

    def __add__(self, other: Passed) -> Passed:
        """Return both, each once."""
        return Passed(
            tuple(dict.fromkeys((*self.questions, *other.questions))),
            (*self.writes, *other.writes),
            tuple(dict.fromkeys((*self.errors, *other.errors))),
        )


@dataclass(frozen=True, slots=True)
class Miscount:
    """An accepted write that another number of events follows than from the old versions alone.

    Attributes:
        expected: How many follow from the old versions alone, at least.
        actual: How many followed.
    """

    write: Write
    kind: EventKind
    expected: int
    actual: int


class Writes:
    """Numbers of events by shape of write, learned from the old versions alone.

    Kinds of events that no write of a shape had there are new, and are not counted. Where the number differs from one
    write to the other, such as that of a change which changes nothing, only fewer than the smallest number is wrong.
    """

    def __init__(self) -> None:
        self._known: dict[str, list[Counter[EventKind]]] = {}

    def learn(self, writes: Iterable[Write], published: Published) -> None:
        """Take note of what follows from the old versions alone."""
        for write in writes:
            self._known.setdefault(write.shape, []).append(_count(write, published))

    def miscounts(self, writes: Iterable[Write], published: Published) -> Iterator[Miscount]:
        """Yield what differs; of the writes of one shape the first for each kind of event."""
        told: set[tuple[str, EventKind]] = set()
        for write in writes:
            known, found = self._known.get(write.shape, []), _count(write, published)
            for kind in sorted({kind for each in known for kind in each}):
                numbers = [each[kind] for each in known]
                least, most = min(numbers), max(numbers)
                is_wrong = found[kind] < least or (least == most < found[kind])
                if is_wrong and (write.shape, kind) not in told:
                    told.add((write.shape, kind))
                    yield Miscount(write, kind, least, found[kind])


def _count(write: Write, published: Published) -> Counter[EventKind]:
    return Counter(kind for kind, _ in published.get(write.trace, frozenset()))
