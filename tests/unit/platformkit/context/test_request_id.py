import pytest
from hypothesis import given
from hypothesis import strategies as st

from platformkit.context import accept_request_id, new_request_id


@pytest.mark.parametrize(
    "candidate",
    [pytest.param("8f14e45f", id="hexadecimal"), pytest.param("00-4bf9-01/7:a=b", id="punctuation")],
)
def test_the_id_of_the_caller_is_kept(candidate: str) -> None:
    assert accept_request_id(candidate) == candidate


@pytest.mark.parametrize(
    "candidate",
    [
        pytest.param(None, id="absent"),
        pytest.param("", id="empty"),
        pytest.param("a" * 129, id="too long"),
        pytest.param('a"\n{"level": "error"}', id="forges a log line"),
        pytest.param("a\r\nset-cookie: b", id="forges a header"),
        pytest.param("käse", id="not ASCII"),
    ],
)
def test_an_id_that_is_unfit_is_replaced(candidate: str | None) -> None:
    assert accept_request_id(candidate) not in {candidate, ""}


@given(st.text())
def test_whatever_comes_the_id_is_fit_to_be_sent_on(candidate: str) -> None:
    accepted = accept_request_id(candidate)
    assert accept_request_id(accepted) == accepted
    assert accepted.isascii()
    assert accepted.isprintable()


def test_new_ids_differ() -> None:
    assert new_request_id() != new_request_id()
