from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from services.notification.domain.login_failures import LoginFailures, Threshold

TIME = datetime(2026, 1, 2, tzinfo=UTC)
THRESHOLD = Threshold(3, timedelta(seconds=60))


def told(seconds: Iterable[int]) -> list[int]:
    """The failures that a user is told of, of those at such seconds."""
    failures, found = LoginFailures(), []
    for second in seconds:
        failures, is_worth_a_mail = failures.counted(TIME + timedelta(seconds=second), THRESHOLD)
        if is_worth_a_mail:
            found.append(second)
        assert len(failures.times) <= THRESHOLD.count
    return found


def test_the_failure_that_reaches_the_number_is_told() -> None:
    assert told([0, 1, 2]) == [2]


def test_fewer_within_the_time_are_not_told() -> None:
    assert told([0, 1, 61, 62, 122]) == []


def test_a_user_is_told_once_within_the_time_however_many_there_are() -> None:
    assert told(range(60)) == [2]


def test_a_user_is_told_again_when_the_time_is_over_and_it_goes_on() -> None:
    assert told(range(0, 200, 10)) == [20, 80, 140]
