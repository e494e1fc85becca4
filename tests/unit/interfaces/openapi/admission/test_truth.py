"""Findings about random schemas are true, and none is missing; another validator is the judge.

``python -m bench.compatibility.schemas`` asks for as many as one likes.
"""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.compatibility.schemas import edited_pair, equal_pair, missed, untrue

FEW = settings(max_examples=60)
SEEDS = st.integers(min_value=0, max_value=2**32).map(Random)


@FEW
@given(SEEDS)
def test_schemas_that_admit_the_same_are_no_change_on_either_side(random: Random) -> None:
    pair = equal_pair(random)

    assert pair.found() == (), pair


@FEW
@given(SEEDS)
def test_every_change_of_what_is_admitted_is_shown_by_a_value(random: Random) -> None:
    pair = edited_pair(random)

    assert list(untrue(pair.found())) == [], pair


@FEW
@given(SEEDS)
def test_a_value_that_is_refused_now_or_can_come_now_means_a_finding(random: Random) -> None:
    pair = edited_pair(random)

    assert list(missed(pair, pair.found(), random, values=20)) == [], pair
