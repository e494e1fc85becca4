"""One event of each shape is kept, with what came before it for its key."""

from __future__ import annotations

from servanda.events.recording.selection import not_produced
from servanda.topics.record import Record
from tests.unit.events.samples import NOON, TOPIC, events, record, seen

PLACED, PAID, SENT = {"status": "placed"}, {"status": "paid"}, {"status": "sent"}


def test_one_event_of_each_shape_is_kept() -> None:
    found = events(*(record(PLACED, f"k{number}", number) for number in range(5)), record(PAID, "k9", 9))
    assert sorted(event.signature[0] for event in found) == ['$.status="paid"', '$.status="placed"']


def test_shapes_come_from_the_key_that_has_most_of_them() -> None:
    found = events(
        record(PLACED, "lonely", 0), record(PLACED, "k2", 1), record(PAID, "k2", 2), record(SENT, "lonely2", 3)
    )
    assert {(event.record.key, event.signature[0]) for event in found} == {
        (b"k2", '$.status="placed"'),
        (b"k2", '$.status="paid"'),
        (b"lonely2", '$.status="sent"'),
    }


def test_the_history_is_what_came_before_for_the_key() -> None:
    found = events(record(PLACED, "k", 0), record(PLACED, "other", 1), record(PAID, "k", 2), record(SENT, "k", 3))
    sent = next(event for event in found if event.signature[0] == '$.status="sent"')
    assert [each.header("ce_id") for each in sent.history] == ["e0", "e2"]


def test_the_history_follows_time_and_not_partitions() -> None:
    found = events(record(SENT, "k", 3), record(PLACED, "k", 0))
    sent = next(event for event in found if event.signature[0] == '$.status="sent"')
    assert [each.header("ce_id") for each in sent.history] == ["e0"]


def test_a_record_without_a_key_has_no_history() -> None:
    one = Record(TOPIC, None, b'{"status": "placed"}', (), NOON)
    other = Record(TOPIC, None, b'{"status": "paid"}', (), NOON + 1)
    assert [event.history for event in events(one, other)] == [(), ()]


def test_a_known_shape_is_not_chosen_again() -> None:
    found = seen(record(PLACED), record(PAID, number=1))
    known = [identity for identity, (_, signature) in found.words.items() if '$.status="paid"' in signature]
    assert [event.signature[0] for event in found.chosen(known)] == ['$.status="placed"']
    assert list(not_produced(found, [*known, ("shop", TOPIC, "gone"), ("shop", "unread", "x")])) == [
        ("shop", TOPIC, "gone")
    ]


def test_what_cannot_be_read_is_counted_and_not_kept() -> None:
    one = record(PLACED)
    found = seen(one, Record(TOPIC, b"k", b"{", (), NOON))
    assert (len(found.chosen(())), sum(found.unreadable.values()), found.records[TOPIC]) == (1, 1, 2)


def test_the_same_records_always_give_the_same_events() -> None:
    records = [record(body, f"k{number % 3}", number) for number, body in enumerate((PLACED, PAID, SENT) * 4)]
    assert events(*records) == events(*reversed(records))
