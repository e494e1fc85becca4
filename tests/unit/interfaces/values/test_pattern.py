"""Patterns match the keys of their parts, and two overlap exactly if a key matches both."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.interfaces.values.pattern import Pattern

PIECES = st.lists(st.sampled_from(["a", "b", ":", "{x}", "{y...}"]), min_size=1, max_size=4)
# All keys that are long enough to tell patterns of so few pieces apart.
KEYS = ["".join(key) for count in range(1, 7) for key in itertools.product("ab:", repeat=count)]


@pytest.mark.parametrize(
    ("pattern", "key", "matches"),
    [
        ("{namespace}:user:{user_id}", "plt:user:1", True),
        ("{namespace}:user:{user_id}", "other:user:1", False),
        ("{namespace}:user:{user_id}", "plt:user:1:2", False),
        ("{namespace}:user:{user_id}", "plt:user:", False),
        ("{namespace}:limit:{caller...}", "plt:limit:::1", True),
        ("a.c", "abc", False),
    ],
)
def test_a_part_holds_anything_but_a_colon_unless_it_says_so(pattern: str, key: str, matches: bool) -> None:
    assert Pattern(pattern).matches(key, "plt") is matches


@pytest.mark.parametrize("text", ["", "{}", "{Name}", "{a", "a}", "{a}{b}", "{a}:{a}"])
def test_what_is_no_pattern_says_why(text: str) -> None:
    assert Pattern(text).flaw


@pytest.mark.parametrize(
    ("pattern", "prefix"),
    [("{namespace}:user:{user_id}", "{namespace}:user:"), ("{namespace}:opened", "{namespace}:opened"), ("{a}:b", "")],
)
def test_a_prefix_ends_at_the_first_part_that_varies(pattern: str, prefix: str) -> None:
    assert Pattern(pattern).prefix == prefix


def test_names_of_parts_make_no_other_keys() -> None:
    assert Pattern("{namespace}:user:{id}").shape == Pattern("{namespace}:user:{user_id}").shape
    assert Pattern("{namespace}:user:{id}").shape != Pattern("{namespace}:user:{id...}").shape


def test_the_namespace_is_the_same_in_all_keys() -> None:
    assert not Pattern("{namespace}:a").overlaps(Pattern("{namespace}:b"))
    assert Pattern("{namespace}:a").overlaps(Pattern("{tenant}:a"))


@given(PIECES, PIECES)
def test_patterns_overlap_if_and_only_if_some_key_matches_both(one: list[str], other: list[str]) -> None:
    mine, theirs = Pattern("".join(one)), Pattern("".join(other))
    if mine.flaw or theirs.flaw:
        return

    assert mine.overlaps(theirs) == any(mine.matches(key) and theirs.matches(key) for key in KEYS)
