"""Headers and metadata."""

import pytest

from servanda.pact.matching.fields import match_fields
from servanda.pact.rules import NO_RULES, parse


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        pytest.param(("a, b",), ("a", "b"), id="one line or two"),
        pytest.param(("a,b",), ("a,  b",), id="spaces after commas"),
    ],
)
def test_the_same_header_may_be_written_in_several_ways(expected: tuple[str], actual: tuple[str, ...]) -> None:
    assert list(match_fields("header", {"X-A": expected}, {"x-a": actual}, NO_RULES)) == []


@pytest.mark.parametrize(
    ("actual", "held"),
    [
        pytest.param("application/json", True, id="the same"),
        pytest.param("Application/JSON; charset=utf-8", True, id="a charset besides"),
        pytest.param("application/json; charset=latin-1", True, id="another charset than none"),
        pytest.param("text/plain", False, id="another type"),
    ],
)
def test_media_types_are_compared_by_meaning(actual: str, held: bool) -> None:
    found = list(match_fields("header", {"Content-Type": ("application/json",)}, {"content-type": (actual,)}, NO_RULES))

    assert (found == []) is held


def test_a_charset_that_both_name_has_to_agree() -> None:
    expected = {"Content-Type": ("text/plain; charset=utf-8",)}

    assert list(match_fields("header", expected, {"content-type": ("text/plain; charset=latin-1",)}, NO_RULES)) != []


def test_a_missing_header_is_named() -> None:
    (found,) = match_fields("header", {"X-Request-Id": ("1",)}, {"other": ("1",)}, NO_RULES)

    assert (found.path, found.expected, found.actual) == ("header.x-request-id", '"1"', None)


def test_rules_read_numbers_from_text() -> None:
    rules = parse({"x-count": {"matchers": [{"match": "integer"}]}}, named=True)

    assert list(match_fields("header", {"X-Count": ("1",)}, {"X-Count": ("27",)}, rules)) == []
    assert list(match_fields("header", {"X-Count": ("1",)}, {"X-Count": ("many",)}, rules)) != []
