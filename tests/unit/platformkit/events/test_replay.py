"""Moments as Kafka counts the time of records."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from platformkit.events.replay import since_epoch

MOMENT = datetime(2026, 11, 30, 1, 2, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize("microseconds", [0, 1, 499, 500, 501, 999])
def test_a_record_of_the_same_millisecond_is_one_since_the_moment(microseconds: int) -> None:
    moment = MOMENT + timedelta(microseconds=microseconds)
    assert since_epoch(moment) == int(MOMENT.timestamp()) * 1000


def test_an_offset_does_not_move_the_moment() -> None:
    there = MOMENT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert since_epoch(there) == since_epoch(MOMENT)
