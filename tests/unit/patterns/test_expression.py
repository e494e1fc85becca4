"""Regular expressions of strangers end, whatever they are."""

import contextlib
import os
import signal
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.errors import LimitError, PatternError
from servanda.patterns import Expression, PatternBounds, compiled, within

SHORT = PatternBounds(seconds=0.05)
SLOW = "^(a|a)*$"
SLOW_TEXT = "a" * 60 + "!"


def test_an_expression_is_searched_for_anywhere() -> None:
    assert compiled("b+").search("abbc")
    assert not compiled("x").search("abbc")


def test_a_full_match_reaches_from_beginning_to_end() -> None:
    assert compiled("[a-c]+").fullmatch("abbc")
    assert not compiled("b+").fullmatch("abbc")


@pytest.mark.parametrize("expression", [SLOW, "^(a|a)+?$", "(?R)", "^((a{1,100}){1,100}){1,100}$"])
def test_an_expression_that_would_take_years_ends(expression: str) -> None:
    with within(SHORT), pytest.raises(LimitError, match=r"longer than the 0\.05 s") as failed:
        compiled(expression).search(SLOW_TEXT)
    assert failed.value.limit == "pattern_seconds"


def test_the_expressions_of_one_piece_of_work_share_one_budget() -> None:
    with within(SHORT), pytest.raises(LimitError):
        all(compiled(SLOW).search("a" * 16 + "!") is None for _ in range(1_000_000))


def test_what_is_over_at_once_uses_nothing_up() -> None:
    with within(PatternBounds(seconds=0.05)):
        assert all(compiled("^[a-z]+$").search("abc") for _ in range(50_000))


def test_the_next_piece_of_work_has_a_budget_of_its_own() -> None:
    with within(SHORT), pytest.raises(LimitError):
        compiled(SLOW).search(SLOW_TEXT)
    with within(SHORT):
        assert compiled("a").search("a")


@pytest.mark.parametrize(
    "expression",
    [
        "((a{1000}){1000}){1000}",
        "(?x)((a{1000}) {1000}) {1000}",
        "((a{1000})(?#x){1000}){1000}",
        "((a{1000,}){1000,}){1000,}",
        "(?:a{1000}){1000}" * 3,
        "(?:ab){99999999999999999999}",
    ],
)
def test_repetitions_are_not_written_out_without_end(expression: str) -> None:
    with pytest.raises(LimitError, match="once its repetitions are written out"):
        compiled(expression)


def test_an_expression_may_not_be_too_long() -> None:
    with (
        within(PatternBounds(characters=10)),
        pytest.raises(LimitError, match="11 characters, more than the 10") as failed,
    ):
        compiled("a" * 11)
    assert failed.value.limit == "pattern_characters"


def test_an_expression_may_not_be_nested_too_deeply() -> None:
    with pytest.raises(LimitError, match="nested too deeply"):
        compiled("(" * 3000 + "a" + ")" * 3000)


@pytest.mark.parametrize("expression", ["(", "[a", "a{2}{3}**", "(?P<n>a)(?P<n", "\\"])
def test_what_is_no_expression_is_refused(expression: str) -> None:
    with pytest.raises(PatternError, match="is not a valid regular expression"):
        compiled(expression)


@pytest.mark.parametrize(
    "expression",
    [r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", r"^/users/\d+$", r"\p{L}+", "x{0,65535}", "(?i)^[A-Z]{1,1000}$"],
)
def test_what_honest_contracts_write_is_taken(expression: str) -> None:
    compiled(expression)


@pytest.mark.parametrize("text", ["/users/{id}", "{e}", "a{i<=1}", "{}", "{,x}", "{1,2,3}"])
def test_braces_that_repeat_nothing_mean_themselves(text: str) -> None:
    assert compiled(f"^{text}$").fullmatch(text)
    assert not compiled(f"^{text}$").fullmatch(text[:-2])


@given(st.text("ab(){}[]*+?|.\\123,^$ #x", max_size=30), st.text("ab1", max_size=30))
def test_every_expression_matches_is_refused_or_runs_out_of_time(expression: str, text: str) -> None:
    with within(SHORT), contextlib.suppress(PatternError, LimitError):
        Expression(expression, SHORT).search(text)


def test_an_interrupt_is_heard_while_an_expression_is_tried() -> None:
    code = (
        "import time; from servanda.patterns import *\nprint('begun', flush=True)\n"
        f"with within(PatternBounds(seconds=2.0)): compiled({SLOW!r}).search({SLOW_TEXT!r})"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "begun\n"
    os.kill(child.pid, signal.SIGINT)
    assert "KeyboardInterrupt" in child.communicate()[1]
