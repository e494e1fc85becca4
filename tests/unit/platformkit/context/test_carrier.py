from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platformkit.context import Context, Principal, Trace, current, deadline, entered, handed_on, received, remaining

PARENT = f"00-{'a' * 32}-{'b' * 16}-01"
OTHER_PARENT = f"00-{'c' * 32}-{'d' * 16}-01"


@given(
    request_id=st.from_regex(r"[A-Za-z0-9]{1,20}", fullmatch=True),
    trace=st.sampled_from([None, Trace(PARENT), Trace(PARENT, "rojo=1")]),
)
def test_a_context_that_is_handed_on_is_received(request_id: str, trace: Trace | None) -> None:
    with entered(Context(request_id, trace=trace)):
        travelling = handed_on(())
    assert received(travelling) == Context(request_id, trace=trace)


def test_outside_of_a_request_nothing_is_handed_on() -> None:
    assert handed_on((("tenant", "north"),)) == (("tenant", "north"),)


def test_no_principal_travels_and_none_is_believed() -> None:
    with entered(Context("r-1", principal=Principal("ada", ("admin",)))):
        assert handed_on(()) == (("x-request-id", "r-1"),)
    forged = (("principal", "ada"), ("x-principal", "ada"), ("authorization", "Bearer ada"))
    assert received(forged).principal is None


def test_what_the_caller_says_itself_stays() -> None:
    with entered(Context("r-1", trace=Trace(PARENT, "rojo=1"))):
        assert dict(handed_on((("x-request-id", "own"),)))["x-request-id"] == "own"
        assert "tracestate" not in dict(handed_on((("traceparent", OTHER_PARENT),)))


def test_a_state_in_two_headers_is_one_list_and_two_parents_are_none() -> None:
    pairs = (("traceparent", PARENT), ("tracestate", "a=1"), ("tracestate", "b=2"))
    assert received(pairs).trace == Trace(PARENT, "a=1,b=2")
    assert received((*pairs, ("traceparent", PARENT))).trace is None


@pytest.mark.parametrize("value", ["", "a b", "x" * 129])
def test_a_request_without_a_fit_id_is_given_one(value: str) -> None:
    assert received((("x-request-id", value),)).request_id not in {"", value}


def test_the_time_that_the_caller_gives_is_a_deadline_that_a_wider_one_cannot_move() -> None:
    with entered(received((), 5.0)), deadline(60.0):
        assert remaining() == pytest.approx(5.0, abs=0.5)
    with entered(received(())):
        assert remaining() is None
    assert current().expiry is None
