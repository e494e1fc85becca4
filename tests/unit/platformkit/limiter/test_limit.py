"""Limits that one process counts; tests/integration/platformkit/limiter has the same claims about Redis."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platformkit.limiter import Decision, FallbackLimiter, Limit, LocalLimiter
from platformkit.limiter.local import CAPACITY
from platformkit.redis import OUTAGES

LIMIT = Limit("address", requests=60, seconds=60, burst=3)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@given(
    limit=st.builds(
        Limit, st.just("a"), st.integers(1, 1_000), st.floats(0.1, 3_600, allow_nan=False), st.integers(1, 100)
    ),
    pauses=st.lists(st.floats(0, 100, allow_nan=False), max_size=60),
)
async def test_no_caller_ever_gets_more_than_the_burst_and_what_time_gives_back(
    limit: Limit, pauses: list[float]
) -> None:
    clock = Clock()
    limiter = LocalLimiter(clock)
    began, passed = clock.now, 0
    for pause in pauses:
        clock.now += pause
        passed += (await limiter.take([("x", limit)])).allowed
    given_back = (clock.now - began) * 1e6 / limit.interval_microseconds
    assert passed <= limit.burst + math.ceil(given_back)


@given(st.lists(st.floats(0, 5, allow_nan=False), max_size=40))
async def test_whoever_waits_as_long_as_it_is_told_is_let_through(pauses: list[float]) -> None:
    clock = Clock()
    limiter = LocalLimiter(clock)
    for pause in pauses:
        clock.now += pause
        decision = await limiter.take([("x", LIMIT)])
        if not decision.allowed:
            # A microsecond more, for clocks of floats.
            clock.now += decision.tightest.retry_seconds + 1e-6
            assert (await limiter.take([("x", LIMIT)])).allowed


async def test_nobody_is_counted_twice_where_one_of_two_limits_refuses(clock: Clock) -> None:
    limiter = LocalLimiter(clock)
    tight = Limit("tight", requests=1, seconds=60, burst=1)
    assert (await limiter.take([("x", tight), ("x", LIMIT)])).allowed
    for _ in range(5):
        refused = await limiter.take([("x", tight), ("x", LIMIT)])
        assert (refused.allowed, refused.tightest.limit) == (False, tight)
    assert (await limiter.take([("x", LIMIT)])).usages[0].remaining == LIMIT.burst - 2


async def test_callers_beyond_the_capacity_are_forgotten_and_not_kept_for_ever(clock: Clock) -> None:
    limiter = LocalLimiter(clock)
    for number in range(CAPACITY + 1):
        await limiter.take([(str(number), LIMIT)])
    assert (await limiter.take([("0", LIMIT)])).usages[0].remaining == LIMIT.burst - 1
    assert (await limiter.take([(str(CAPACITY), LIMIT)])).usages[0].remaining == LIMIT.burst - 2


@pytest.mark.parametrize(
    ("requests", "seconds", "burst"), [(0, 1, 1), (1, 0, 1), (1, 1, 0), (1, math.inf, 1), (1, math.nan, 1)]
)
def test_what_is_no_limit_is_refused(requests: int, seconds: float, burst: int) -> None:
    with pytest.raises(ValueError, match="limit 'a': expected"):
        Limit("a", requests, seconds, burst)


class Away:
    """A shared limiter that is away until it is told otherwise."""

    def __init__(self, limiter: LocalLimiter) -> None:
        self._limiter = limiter
        self.away = True
        self.asked = 0

    async def take(self, taken: list[tuple[str, Limit]]) -> Decision:
        self.asked += 1
        if self.away:
            raise OUTAGES[0]("nobody listens")
        return await self._limiter.take(taken)


async def test_while_the_store_is_away_an_instance_counts_alone_and_says_so(clock: Clock) -> None:
    shared = Away(LocalLimiter(clock))
    limiter = FallbackLimiter(shared, LocalLimiter(clock, shared=False), clock)  # type: ignore[arg-type]
    decisions = [await limiter.take([("x", LIMIT)]) for _ in range(4)]
    assert [(decision.allowed, decision.shared) for decision in decisions] == [(True, False)] * 3 + [(False, False)]
    assert shared.asked == 1
    shared.away = False
    clock.now += 1.5
    decision = await limiter.take([("x", LIMIT)])
    assert (decision.allowed, decision.shared) == (True, True)
