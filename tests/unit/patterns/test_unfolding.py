"""How long an expression becomes when its repetitions are written out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.patterns.unfolding import unfolded


@pytest.mark.parametrize(
    ("expression", "steps"),
    [
        ("", 0),
        ("abc", 3),
        ("a{3}b", 4),
        ("(?:a{3}){2}", 12),
        (r"\{3}", 3),
        ("[{3}]", 1),
        ("[]{9}]{2}", 2),
        ("a{0}", 1),
        ("a{2}{3}", 6),
    ],
)
def test_steps_are_counted(expression: str, steps: int) -> None:
    assert unfolded(expression) == steps


@given(st.text())
def test_every_text_is_counted(text: str) -> None:
    assert unfolded(text) >= 0


@given(st.lists(st.integers(1, 50), min_size=1, max_size=6))
def test_repetitions_within_each_other_multiply(counts: list[int]) -> None:
    expression, product = "a", 1
    for count in counts:
        expression, product = f"({expression}){{{count}}}", product * count
    assert unfolded(expression) >= product
