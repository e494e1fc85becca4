from __future__ import annotations

import pytest

from platformkit.channels import BreakerState, CircuitBreaker


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(failures=3, open_seconds=10.0, clock=clock)


def trip(breaker: CircuitBreaker) -> None:
    for _ in range(3):
        assert breaker.allow()
        breaker.failure()


def test_a_new_breaker_lets_calls_through(breaker: CircuitBreaker) -> None:
    assert breaker.allow()
    assert breaker.state is BreakerState.CLOSED


def test_failures_in_a_row_open_it(breaker: CircuitBreaker) -> None:
    trip(breaker)
    assert breaker.state is BreakerState.OPEN
    assert not breaker.allow()


def test_a_success_between_failures_starts_the_count_again(breaker: CircuitBreaker) -> None:
    breaker.failure()
    breaker.failure()
    breaker.success()
    breaker.failure()
    breaker.failure()
    assert breaker.state is BreakerState.CLOSED


def test_after_its_time_one_call_may_probe(breaker: CircuitBreaker, clock: Clock) -> None:
    trip(breaker)
    clock.now += 10.0
    assert breaker.state is BreakerState.HALF_OPEN
    assert breaker.allow()
    assert not breaker.allow()


def test_a_probe_that_succeeds_closes_it(breaker: CircuitBreaker, clock: Clock) -> None:
    trip(breaker)
    clock.now += 10.0
    breaker.allow()
    breaker.success()
    assert breaker.state is BreakerState.CLOSED


def test_a_probe_that_fails_opens_it_for_the_whole_time_again(breaker: CircuitBreaker, clock: Clock) -> None:
    trip(breaker)
    clock.now += 10.0
    breaker.allow()
    breaker.failure()
    clock.now += 9.9
    assert not breaker.allow()
    clock.now += 0.1
    assert breaker.allow()


def test_a_probe_that_was_given_up_leaves_the_turn_to_the_next(breaker: CircuitBreaker, clock: Clock) -> None:
    trip(breaker)
    clock.now += 10.0
    breaker.allow()
    breaker.abandon()
    assert breaker.allow()


def test_a_call_that_began_before_it_opened_does_not_close_it(breaker: CircuitBreaker) -> None:
    breaker.allow()
    trip(breaker)
    breaker.success()
    assert breaker.state is BreakerState.OPEN
