from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platformkit.context import Trace, trace_of

TRACE_ID, SPAN_ID = "4bf92f3577b34da6a3ce929d0e0e4736", "1111111111111111"
PARENT = f"00-{TRACE_ID}-{SPAN_ID}-01"


def test_a_trace_is_handed_on_as_it_came() -> None:
    trace = trace_of(PARENT, "rojo=1,congo=1")
    assert trace == Trace(PARENT, "rojo=1,congo=1")
    assert trace.trace_id == TRACE_ID


def test_a_later_version_may_say_more() -> None:
    assert trace_of(f"cc-{TRACE_ID}-{SPAN_ID}-01-more") == Trace(f"cc-{TRACE_ID}-{SPAN_ID}-01-more")


@pytest.mark.parametrize(
    "parent",
    [
        pytest.param(None, id="absent"),
        pytest.param("", id="empty"),
        pytest.param(f"ff-{TRACE_ID}-{SPAN_ID}-01", id="version that is invalid"),
        pytest.param(f"00-{'0' * 32}-{SPAN_ID}-01", id="no trace id"),
        pytest.param(f"00-{TRACE_ID}-{'0' * 16}-01", id="no parent id"),
        pytest.param(f"00-{TRACE_ID.upper()}-{SPAN_ID}-01", id="capital letters"),
        pytest.param(f"{PARENT}-more", id="more than version 00 has"),
        pytest.param(f"{PARENT},{PARENT}", id="two of them"),
        pytest.param(f"{PARENT}\r\nx: y", id="forges a header"),
        pytest.param(f"cc-{TRACE_ID}-{SPAN_ID}-01-{'x' * 500}", id="endless"),
    ],
)
def test_what_is_no_parent_leaves_no_trace(parent: str | None) -> None:
    assert trace_of(parent, "rojo=1") is None


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(None, id="absent"),
        pytest.param("a=" + "x" * 511, id="too long"),
        pytest.param(",".join(f"a{number}=1" for number in range(33)), id="too many members"),
        pytest.param("a=1\r\nx: y", id="forges a header"),
        pytest.param("rojo", id="no member"),
    ],
)
def test_what_is_no_state_is_dropped_by_itself(state: str | None) -> None:
    assert trace_of(PARENT, state) == Trace(PARENT)


@given(st.text(), st.text())
def test_whatever_comes_a_trace_is_fit_to_be_sent_on(parent: str, state: str) -> None:
    trace = trace_of(parent, state)
    assert trace is None or trace_of(trace.parent, trace.state) == trace


@given(st.text())
def test_whatever_state_comes_with_a_parent_it_is_fit_to_be_sent_on(state: str) -> None:
    trace = trace_of(PARENT, state)
    assert trace is not None
    assert trace.state in {"", state}
    assert "\n" not in trace.state
    assert trace_of(trace.parent, trace.state) == trace
