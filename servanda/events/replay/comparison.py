"""Comparing two states, and telling which events a row belongs to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from servanda.events.replay.script import Sent
from servanda.events.replay.state import Row, State

# Rows that differ and are brought together; of more, nobody reads how each differs.
_MOST_PAIRED: Final = 200
_LONGEST: Final = 200
_ID_HEADERS: Final = ("ce_id", "id", "event_id", "message_id")


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A place at which two states differ.

    Attributes:
        path: Table, or table and column.
        expected: The value, or the row, that was expected, as JSON; ``None`` for nothing.
        actual: What is there; ``None`` for nothing.
        events: The events that the row belongs to, the one that it names first.
    """

    path: str
    expected: str | None
    actual: str | None
    events: tuple[Sent, ...]


class Attribution:
    """Tells which events a row belongs to: those whose identifier it holds, else those whose key it holds.

    Args:
        events: The events that were sent.
    """

    def __init__(self, events: Iterable[Sent]) -> None:
        self._by_id: dict[str, list[Sent]] = {}
        self._by_key: dict[str, list[Sent]] = {}
        for sent in events:
            for name in _ID_HEADERS:
                if found := sent.record.header(name):
                    self._by_id.setdefault(found, []).append(sent)
            if sent.key:
                self._by_key.setdefault(sent.key, []).append(sent)

    def of(self, row: Row) -> tuple[Sent, ...]:
        """Return the events of a row; none if it names none."""
        texts = list(_texts(row))
        for index in (self._by_id, self._by_key):
            if found := {id(sent): sent for text in texts for sent in index.get(text, ())}:
                return tuple(found.values())
        return ()


def differences(expected: State, actual: State, attribution: Attribution) -> tuple[RowDifference, ...]:
    """Return where a state differs from the expected one.

    A table or column that one of them does not have is not compared: a migration adds, or removes it.

    Args:
        expected: The state that was expected.
        actual: The state that is there.
        attribution: Tells the events of a row.
    """
    found: list[RowDifference] = []
    for table in expected:
        if table in actual:
            columns = _shared(expected[table], actual[table])
            found += _between(table, _only(expected[table], columns), _only(actual[table], columns), attribution)
    return tuple(found)


def only_of(state: State, events: Iterable[Sent], attribution: Attribution) -> State:
    """Return the rows that belong to some events, and to no others.

    Args:
        state: Rows of more events.
        events: The events.
        attribution: Tells the events of a row, of all events.
    """
    wanted = {sent.record.digest for sent in events}

    def belongs(row: Row) -> bool:
        found = {sent.record.digest for sent in attribution.of(row)}
        return bool(found) and found <= wanted

    return {table: tuple(row for row in rows if belongs(row)) for table, rows in state.items()}


def _between(
    table: str, expected: Sequence[Row], actual: Sequence[Row], attribution: Attribution
) -> Iterator[RowDifference]:
    wanted, there = Counter(map(_canonical, expected)), Counter(map(_canonical, actual))
    missing = [json.loads(text) for text in sorted((wanted - there).elements())]
    more = [json.loads(text) for text in sorted((there - wanted).elements())]
    for row in missing:
        other = _closest(row, more, attribution) if len(missing) <= _MOST_PAIRED else None
        if other is None:
            yield RowDifference(table, _shown(row), None, attribution.of(row))
            continue
        more.remove(other)
        events = attribution.of(row) or attribution.of(other)
        yield from (
            RowDifference(f"{table}.{name}", _shown(row[name]), _shown(other[name]), events)
            for name in row
            if row[name] != other[name]
        )
    yield from (RowDifference(table, None, _shown(row), attribution.of(row)) for row in more)


def _closest(row: Row, others: Sequence[Row], attribution: Attribution) -> Row | None:
    """Return the row that is most like another one, of the same events and with at least half of its values."""
    own = {id(sent) for sent in attribution.of(row)}
    candidates = [
        each for each in others[:_MOST_PAIRED] if not own or own & {id(sent) for sent in attribution.of(each)}
    ]
    best = max(candidates, key=lambda each: _alike(row, each), default=None)
    return best if best is not None and 2 * _alike(row, best) >= len(row) else None


def _alike(one: Row, other: Row) -> int:
    return sum(one[name] == other[name] for name in one)


def _shared(one: Sequence[Row], other: Sequence[Row]) -> frozenset[str] | None:
    if not one or not other:
        return None
    return frozenset(one[0]) & frozenset(other[0])


def _only(rows: Sequence[Row], columns: frozenset[str] | None) -> Sequence[Row]:
    if columns is None:
        return rows
    return [{name: value for name, value in row.items() if name in columns} for row in rows]


def _canonical(row: Row) -> str:
    return json.dumps(row, sort_keys=True, ensure_ascii=False)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
