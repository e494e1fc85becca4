"""The fields of a form and the parameters of a query."""

from collections.abc import Mapping

import pytest

from servanda.pact import Body
from servanda.pact.matching.bodies import match_body
from servanda.pact.rules import parse

FORM = "application/x-www-form-urlencoded"
DIGITS = {"$.a": {"match": "regex", "regex": r"\d+"}}


def compare(
    expected: str, actual: bytes, rules: Mapping[str, object] | None = None, *, allow_unexpected: bool = True
) -> list[str]:
    body = Body(expected.encode(), FORM)
    found = parse(rules or {}, named=False)
    differences = match_body(body, actual, found, content_type="", allow_unexpected=allow_unexpected)
    return [difference.path for difference in differences]


@pytest.mark.parametrize("actual", [b"a=1&b=x+y", b"b=x%20y&a=1", b"a=1&b=x%20y&c=3"])
def test_a_form_is_compared_by_its_fields(actual: bytes) -> None:
    assert compare("a=1&b=x+y", actual) == []


@pytest.mark.parametrize(
    ("actual", "path"), [(b"a=1", "$.b"), (b"a=2&b=2", "$.a"), (b"a=1&b=2&b=3", "$.b"), (b"a=1&b=", "$.b")]
)
def test_a_field_that_differs_is_named(actual: bytes, path: str) -> None:
    assert compare("a=1&b=2", actual) == [path]


def test_the_order_of_the_values_of_one_field_counts() -> None:
    assert compare("a=1&a=2", b"a=1&a=2") == []
    assert compare("a=1&a=2", b"a=2&a=1") == ["$.a"]


def test_a_rule_is_about_every_value_of_a_field() -> None:
    assert compare("a=1", b"a=22&a=3", DIGITS) == []
    assert compare("a=1", b"a=22&a=x3", DIGITS) == ["$.a"]
    assert compare("a=1", b"a=22", {"$['a'][0]": {"match": "regex", "regex": r"\d+"}}) == []


def test_a_request_may_have_no_more_fields() -> None:
    assert compare("a=1", b"a=1&b=2", allow_unexpected=False) == ["$.b"]


def test_bytes_that_are_no_text_are_no_form() -> None:
    assert compare("a=1", b"a=\xff") == ["$"]
    assert compare("a=1", b"a=%ff") == ["$"]
