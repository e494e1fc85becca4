"""The order of a script: those of one key keep theirs, in every phase and for every seed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from servanda.events.replay.script import UNREADABLE, Script, Sent, lanes_of, script_of
from servanda.topics.record import Record
from tests.unit.events.samples import TOPIC, events, record

KEYS = st.lists(st.sampled_from(["a", "b", "c", None]), min_size=1, max_size=20)


def script(keys: list[str | None], seed: int = 1) -> Script:
    encoded = [None if key is None else key.encode() for key in keys]
    return Script(tuple(Sent(Record(TOPIC, key, b"%d" % at, (), at)) for at, key in enumerate(encoded)), seed)


def by_key(sents: object) -> dict[bytes, list[int]]:
    found: dict[bytes, list[int]] = {}
    for sent in sents:  # type: ignore[attr-defined]  # of a script
        if sent.record.key is not None:
            found.setdefault(sent.record.key, []).append(sent.record.time)
    return found


@given(KEYS, st.integers())
def test_another_order_keeps_that_of_each_key_and_every_record(keys: list[str | None], seed: int) -> None:
    one = script(keys, seed)
    odd = {sent.record.digest for sent in one.oddities}
    found = [sent for sent in one.shuffled if sent.record.digest not in odd]
    assert sorted(sent.record.time for sent in found) == list(range(len(keys)))
    assert by_key(found) == by_key(one.events)


@given(KEYS)
def test_no_wave_has_two_records_of_one_key(keys: list[str | None]) -> None:
    one = script(keys)
    assert sum(map(len, one.waves)) == len(keys)
    for wave in one.waves:
        own = [sent.record.key for sent in wave if sent.record.key is not None]
        assert len(own) == len(set(own))


def test_the_same_seed_makes_the_same_order_and_another_one_another() -> None:
    keys: list[str | None] = [f"k{number}" for number in range(20)]
    assert script(keys, 3).shuffled == script(keys, 3).shuffled != script(keys, 4).shuffled


def test_odd_records_are_among_the_others_and_never_in_order() -> None:
    one = script(["a", "b", "c", "d"])
    values = [sent.record.value for sent in one.shuffled]
    assert (values.count(UNREADABLE), values.count(None)) == (3, 1)
    assert values[0] != UNREADABLE != values[-1]
    assert UNREADABLE not in [sent.record.value for wave in one.waves for sent in wave]


def test_what_came_before_is_sent_too_and_once() -> None:
    kept = events(*(record({"status": each}, number=at) for at, each in enumerate(("placed", "paid", "sent"))))
    last = [event for event in kept if '$.status="sent"' in event.signature]
    for chosen in (last, kept):
        assert [sent.record.header("ce_id") for sent in script_of(chosen, [TOPIC]).events] == ["e0", "e1", "e2"]


def test_topics_that_nobody_reads_are_not_sent_to() -> None:
    assert script_of(events(record({})), ["elsewhere"]).events == ()


def test_the_lanes_of_an_event_are_all_events_of_its_key() -> None:
    kept = events(record({"status": "placed"}), record({"status": "paid"}, number=1), record({"a": 1}, "other", 2))
    (chosen,) = (event for event in kept if '$.status="paid"' in event.signature)
    assert {event.record.key for event in lanes_of(kept, [chosen])} == {b"k1"}
    assert len(lanes_of(kept, [chosen])) == 2
