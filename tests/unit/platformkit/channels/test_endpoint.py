"""What calls show of an instance."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from platformkit.channels import BreakerState, MemoryChannel
from platformkit.channels.endpoint import PROVEN_SECONDS, SILENT_SECONDS, Endpoint, EndpointState
from platformkit.channels.errors import deadline_exceeded, failed, unreachable
from tests.unit.platformkit.channels.conftest import instance_at

FAILURES_THAT_OPEN = 5
UNAVAILABLE = failed(grpc.StatusCode.UNAVAILABLE, "away", "AWAY")
NOT_FOUND = failed(grpc.StatusCode.NOT_FOUND, "no such user", "USER_NOT_FOUND")
LATE = deadline_exceeded("/a.B/C")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def endpoint(clock: Clock) -> Endpoint:
    return Endpoint(instance_at(), MemoryChannel(), clock)


def end_call(endpoint: Endpoint, error: BaseException | None = None, seconds: float = 0.0) -> None:
    clock = endpoint._clock
    assert isinstance(clock, Clock)
    with suppress(type(error) if error else ZeroDivisionError), endpoint.call():
        clock.now += seconds
        if error:
            raise error


async def test_a_new_instance_is_neither_doubtful_nor_proven(endpoint: Endpoint) -> None:
    assert (endpoint.doubtful, endpoint.proven) == (False, False)


async def test_an_answer_proves_an_instance_for_a_while(endpoint: Endpoint, clock: Clock) -> None:
    end_call(endpoint)
    assert endpoint.proven
    clock.now += PROVEN_SECONDS
    assert not endpoint.proven
    assert not endpoint.doubtful


async def test_an_instance_with_nothing_to_answer_is_not_silent(endpoint: Endpoint, clock: Clock) -> None:
    end_call(endpoint)
    clock.now += 1000
    assert endpoint.silent_seconds == 0.0


async def test_an_instance_that_answers_nothing_for_a_second_is_doubtful(endpoint: Endpoint, clock: Clock) -> None:
    with endpoint.call():
        clock.now += SILENT_SECONDS - 0.01
        assert not endpoint.doubtful
        clock.now += 0.01
        assert endpoint.doubtful
    assert not endpoint.doubtful


async def test_an_answer_to_one_call_takes_the_doubt_of_another(endpoint: Endpoint, clock: Clock) -> None:
    with endpoint.call():
        clock.now += SILENT_SECONDS
        end_call(endpoint)
        assert not endpoint.doubtful
        clock.now += SILENT_SECONDS
        assert endpoint.doubtful


@pytest.mark.parametrize(
    "error", [LATE, asyncio.CancelledError(), UNAVAILABLE], ids=["late", "given-up", "unavailable"]
)
async def test_a_call_that_ends_without_an_answer_leaves_the_doubt(
    endpoint: Endpoint, clock: Clock, error: BaseException
) -> None:
    end_call(endpoint, error)
    clock.now += SILENT_SECONDS
    assert endpoint.doubtful
    endpoint.answered()
    assert not endpoint.doubtful


async def test_an_instance_that_cannot_be_reached_is_doubtful_at_once(endpoint: Endpoint) -> None:
    end_call(endpoint)
    end_call(endpoint, unreachable("nobody listens"))
    assert (endpoint.doubtful, endpoint.proven) == (True, False)


@pytest.mark.parametrize(
    ("error", "seconds", "opens"),
    [
        pytest.param(UNAVAILABLE, 0.0, True, id="unavailable"),
        pytest.param(LATE, SILENT_SECONDS, True, id="late"),
        pytest.param(LATE, SILENT_SECONDS / 2, False, id="hurried"),
        pytest.param(asyncio.CancelledError(), 60.0, False, id="given-up"),
        pytest.param(NOT_FOUND, 60.0, False, id="answered"),
        pytest.param(unreachable("nobody listens"), 0.0, False, id="refused"),
    ],
)
async def test_failures_in_a_row_open_the_breaker(
    endpoint: Endpoint, error: BaseException, seconds: float, *, opens: bool
) -> None:
    for _ in range(FAILURES_THAT_OPEN):
        end_call(endpoint, error, seconds)
    assert (endpoint.breaker.state is BreakerState.OPEN) is opens


@given(errors=st.lists(st.sampled_from([None, UNAVAILABLE, LATE, NOT_FOUND, asyncio.CancelledError()])))
def test_calls_that_ended_are_no_longer_on_their_way(errors: list[BaseException | None]) -> None:
    async def run() -> int:
        endpoint = Endpoint(instance_at(), MemoryChannel(), Clock())
        for error in errors:
            end_call(endpoint, error)
        return endpoint.in_flight

    assert asyncio.run(run()) == 0


async def test_the_state_of_an_instance_is_whether_it_gets_calls(endpoint: Endpoint) -> None:
    states = [endpoint.state]
    end_call(endpoint, unreachable("refused"))
    states.append(endpoint.state)
    endpoint.answered()
    for _ in range(FAILURES_THAT_OPEN):
        end_call(endpoint, UNAVAILABLE)
        endpoint.answered()
    states.append(endpoint.state)
    assert states == [EndpointState.WORKING, EndpointState.SILENT, EndpointState.BROKEN]
