"""Headers and metadata."""

from collections.abc import Mapping

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


@pytest.mark.parametrize("name", ["Content-Type", "Accept"])
@pytest.mark.parametrize(
    ("wanted", "actual", "held"),
    [
        ("a/b; charset=utf-8", "a/b;charset=UTF-8", True),
        ("a/b; charset=utf-8", "a/b", False),
        ('a/b; x="1"; y=2', "a/b; y=2; x=1", True),
        ("a/b; x=1", "a/b; x=2", False),
        ("multipart/mixed; boundary=a", "multipart/mixed; boundary=b", True),
        ("multipart/mixed; boundary=a", "multipart/mixed", True),
        ("application/protobuf;message=.a.B", "application/protobuf", True),
        ("application/protobuf;message=.a.B", "application/protobuf; message=a.B", True),
        ("application/protobuf;message=.a.B", "application/protobuf; message=a.C", False),
        ("a/b", "A/B", True),
        ("alligators", "Alligators", False),
    ],
)
def test_the_parameters_that_are_expected_have_to_be_there(name: str, wanted: str, actual: str, held: bool) -> None:
    assert (list(match_fields("header", {name: (wanted,)}, {name: (actual,)}, NO_RULES)) == []) is held


@pytest.mark.parametrize(
    ("expected", "actual", "held"),
    [
        pytest.param(("1",), ("123",), True, id="one"),
        pytest.param(("1",), ("123ABC",), False, id="a part of it"),
        pytest.param(("1",), ("1", "22"), True, id="each of several lines"),
        pytest.param(("1",), ("1", "2x"), False, id="one of several lines"),
        pytest.param(("1", "2"), ("3, 4",), True, id="several, in one line"),
        pytest.param(("1",), ("3, 4",), False, id="one, which may hold a comma"),
    ],
)
def test_a_rule_is_about_every_value_of_a_header(expected: tuple[str], actual: tuple[str], held: bool) -> None:
    rules = parse({"X-A": {"matchers": [{"match": "regex", "regex": r"\d+"}]}}, named=True)
    assert (list(match_fields("header", {"X-A": expected}, {"x-a": actual}, rules)) == []) is held


def test_a_header_may_have_rules_for_each_some_and_the_number_of_its_values() -> None:
    def held(rule: Mapping[str, object], actual: tuple[str, ...]) -> bool:
        rules = parse({"x-a": {"matchers": [rule]}}, named=True)
        return list(match_fields("header", {"x-a": ("1", "b")}, {"x-a": actual}, rules)) == []

    each = {"match": "eachValue", "rules": [{"match": "regex", "regex": r"\d+"}]}
    assert (held(each, ("1", "2")), held(each, ("1", "x"))) == (True, False)
    variants = [{"index": 0, "rules": {"$": {"matchers": [{"match": "integer"}]}}}, {"index": 1}]
    some = {"match": "arrayContains", "variants": variants}
    assert (held(some, ("b", "7")), held(some, ("b", "x")), held(some, ("7",))) == (True, False, False)
    most = {"match": "type", "min": 2, "max": 3}
    assert [held(most, ("1",) * count) for count in (1, 2, 3, 4)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("match", "held"),
    [
        ("integer", ["7", "-7", "007"]),
        ("decimal", ["7.50", "-0.1", "1.5e3"]),
        ("number", ["7", "-7", "007", "7.50", "-0.1", "1.5e3"]),
        ("boolean", ["true", "false"]),
    ],
)
def test_a_text_is_read_as_the_matcher_needs_it(match: str, held: list[str]) -> None:
    rules = parse({"x": {"matchers": [{"match": match}]}}, named=True)
    values = ["7", "-7", "007", "7.50", "-0.1", "1.5e3", "true", "false", "x7", "7x", "", "TRUE"]
    assert [each for each in values if not list(match_fields("header", {"x": ("1",)}, {"x": (each,)}, rules))] == held


@pytest.mark.parametrize(
    ("actual", "held"),
    [('{"b": [1], "a": 1}', True), ('{"a": 1, "b": [2]}', False), ("x", False), ("", False)],
)
def test_metadata_that_are_objects_are_compared_by_their_values(actual: str, held: bool) -> None:
    expected = {"tag": ('{"a": 1, "b": [1]}',)}
    assert (list(match_fields("metadata", expected, {"tag": (actual,)}, NO_RULES)) == []) is held


def test_several_lines_with_commas_are_compared_line_by_line() -> None:
    rules = parse({"X-A": {"matchers": [{"match": "equality"}]}}, named=True)
    lines = ("a,b", "Wed, 21 Oct 2015 07:28:00 GMT")
    assert list(match_fields("header", {"X-A": lines}, {"x-a": lines}, rules)) == []
    assert list(match_fields("header", {"X-A": lines}, {"x-a": lines[::-1]}, rules)) != []


def test_a_variant_of_a_header_without_an_example_is_a_difference() -> None:
    rules = parse({"x-a": {"matchers": [{"match": "arrayContains", "variants": [{"index": 5}]}]}}, named=True)
    assert list(match_fields("header", {"X-A": ("1",)}, {"x-a": ("1",)}, rules)) != []
