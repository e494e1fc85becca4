"""JSON against what a contract expects of it."""

from typing import Any

import pytest

from bench.consumer_impact.replay.differing import difference


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": [{"b": None}]}, {"a": [{"b": None, "c": 1}]}),
        (2, 2.0),
    ],
)
def test_what_is_not_named_may_be_anything(expected: Any, actual: Any) -> None:
    assert difference(expected, actual) == ""


@pytest.mark.parametrize(
    ("expected", "actual"),
    [({"a": 1}, {}), ({"a": 1}, {"a": "1"}), (True, 1), ([1], [1, 2]), ([1], 1), ({"a": 1}, [1]), (None, 0)],
)
def test_a_difference_has_a_place(expected: Any, actual: Any) -> None:
    assert difference(expected, actual).startswith("$")


@pytest.mark.parametrize(
    ("actual", "holds"),
    [({"a": [{"b": 7}]}, True), ({"a": [{"b": 2.5}, {"b": 1}]}, True), ({"a": [{"b": "1"}]}, False), ({}, False)],
)
def test_where_a_type_is_expected_the_value_is_free(actual: Any, holds: bool) -> None:
    assert (difference({"a": [{"b": 1}]}, actual, ["$.a"]) == "") == holds
