"""How long the next attempt has to wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain.attempts import Attempts, Limit
from services.auth.domain.errors import AttemptsExhaustedError

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LIMIT = Limit(3)


def after(failures: int, limit: Limit = LIMIT) -> tuple[Attempts, datetime]:
    """Attempts after so many failures, each as soon as it was allowed, and when the last one was made."""
    attempts, now = Attempts(), NOW
    for _ in range(failures):
        now = attempts.locked_until or now
        attempts = attempts.charged(limit, now)
    return attempts, now


@pytest.mark.parametrize(("failures", "seconds"), [(1, 0), (2, 0), (3, 1), (4, 2), (5, 4), (6, 8), (40, 900)])
def test_the_wait_doubles_up_to_the_longest(failures: int, seconds: int) -> None:
    attempts, now = after(failures)
    assert (attempts.locked_until or now) - now == timedelta(seconds=seconds)


def test_an_attempt_during_the_wait_is_refused_and_told_how_long_to_wait() -> None:
    attempts, now = after(4)
    with pytest.raises(AttemptsExhaustedError) as refused:
        attempts.charged(LIMIT, now + timedelta(seconds=0.5))
    assert refused.value.seconds == 2


def test_failures_of_long_ago_are_forgotten() -> None:
    attempts, now = after(10)
    assert attempts.charged(LIMIT, now + timedelta(hours=24)).failures == 1


def test_a_success_takes_back_one_failure_and_no_more() -> None:
    attempts, _ = after(10)
    assert attempts.refunded(LIMIT) == Attempts(9, attempts.last_time, attempts.locked_until)
    assert after(4)[0].refunded(LIMIT).locked_until is not None
    assert after(3)[0].refunded(LIMIT).locked_until is None
    assert Attempts().refunded(LIMIT).failures == 0


@given(st.integers(1, 200), st.lists(st.floats(0, 2000), max_size=200))
def test_no_more_attempts_get_through_than_the_waits_allow(threshold: int, pauses: list[float]) -> None:
    limit, attempts, now, made = Limit(threshold), Attempts(), NOW, 0
    for pause in pauses:
        now += timedelta(seconds=pause)
        try:
            attempts = attempts.charged(limit, now)
            made += 1
        except AttemptsExhaustedError:
            assert attempts.locked_until is not None
            assert now < attempts.locked_until <= now + limit.longest
    # Each attempt beyond the limit has waited for the ones before it.
    waited = sum((limit.wait(number) for number in range(1, made)), timedelta(0))
    assert now - NOW >= waited
