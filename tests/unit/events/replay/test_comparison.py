"""Two states are compared row by row, and what differs is told with the event that it belongs to."""

from __future__ import annotations

import datetime as dt
import uuid

from servanda.events.replay.comparison import Attribution, RowDifference, differences, only_of
from servanda.events.replay.script import Sent
from servanda.events.replay.state import MADE, NOW, Row, Scrubber, identifiers_in
from tests.unit.events.samples import record

ONE, TWO = Sent(record({}, "k1", 1), "", "s1"), Sent(record({}, "k2", 2), "", "s2")
EVENTS = Attribution([ONE, TWO])
BEGAN = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
KNOWN = str(uuid.UUID(int=7))
SCRUBBER = Scrubber(frozenset({KNOWN}), BEGAN, BEGAN + dt.timedelta(minutes=1))


def compared(expected: list[Row], actual: list[Row]) -> tuple[RowDifference, ...]:
    return differences({"orders": tuple(expected)}, {"orders": tuple(actual)}, EVENTS)


def test_the_order_of_rows_is_no_difference() -> None:
    assert compared([{"id": "k1"}, {"id": "k2"}], [{"id": "k2"}, {"id": "k1"}]) == ()


def test_a_changed_value_names_column_values_and_event() -> None:
    (found,) = compared([{"id": "k1", "state": "open"}], [{"id": "k1", "state": "paid"}])
    assert found == RowDifference("orders.state", '"open"', '"paid"', (ONE,))


def test_a_row_that_is_gone_and_one_that_is_more_are_told_whole() -> None:
    (gone,) = compared([{"id": "k1"}, {"id": "k2"}], [{"id": "k2"}])
    (more,) = compared([], [{"id": "k2"}])
    assert (gone.expected, gone.actual, gone.events) == ('{"id": "k1"}', None, (ONE,))
    assert (more.expected, more.actual, more.events) == (None, '{"id": "k2"}', (TWO,))


def test_a_row_that_is_there_twice_is_a_difference() -> None:
    assert len(compared([{"id": "k1"}], [{"id": "k1"}, {"id": "k1"}])) == 1


def test_rows_of_different_events_are_not_taken_for_each_other() -> None:
    found = compared([{"id": "k1", "state": "open"}], [{"id": "k2", "state": "open"}])
    assert [(each.path, each.events) for each in found] == [("orders", (ONE,)), ("orders", (TWO,))]


def test_the_identifier_of_an_event_says_more_than_its_key() -> None:
    assert EVENTS.of({"id": "k1", "caused": {"by": ["e2"]}}) == (TWO,)


def test_a_column_or_table_that_one_side_lacks_is_not_compared() -> None:
    assert compared([{"id": "k1", "old": 1}], [{"id": "k1", "new": 2}]) == ()
    assert differences({"gone": ({"id": "k1"},)}, {"come": ({"id": "k2"},)}, EVENTS) == ()


def test_only_rows_of_the_chosen_events_are_kept() -> None:
    state = {"orders": ({"id": "k1"}, {"id": "k2"}, {"sum": 3})}
    assert only_of(state, [ONE], EVENTS) == {"orders": ({"id": "k1"},)}


def test_identifiers_that_no_record_has_are_made_in_the_run() -> None:
    row = {"a": str(uuid.UUID(int=9)), "b": KNOWN.upper(), "c": [{"d": str(uuid.UUID(int=8))}]}
    assert SCRUBBER.scrubbed({"t": (row,)}) == {"t": ({"a": MADE, "b": KNOWN.upper(), "c": [{"d": MADE}]},)}


def test_only_times_of_the_run_are_scrubbed() -> None:
    row = {"now": "2026-01-01T12:00:30.5+00:00", "then": "2025-12-31T12:00:30+00:00", "text": "noon"}
    (found,) = SCRUBBER.scrubbed({"t": (row,)})["t"]
    assert found == {**row, "now": NOW}


def test_identifiers_are_found_within_bytes() -> None:
    assert identifiers_in([b"\x0a$" + KNOWN.upper().encode() + b"\xff"]) == {KNOWN}
