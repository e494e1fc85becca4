"""Bodies, compared by their media type."""

from typing import Any

import pytest

from servanda.errors import LimitError
from servanda.pact import Body
from servanda.pact.matching.bodies import match_body
from servanda.pact.rules import NO_RULES, Rules, parse
from servanda.verdict import Mismatch


def match(expected: Body | None, actual: bytes, rules: Rules = NO_RULES, content_type: str = "") -> list[Mismatch]:
    return list(match_body(expected, actual, rules, content_type=content_type))


def at_root(rule: dict[str, Any]) -> Rules:
    return parse({"$": {"matchers": [rule]}}, named=False)


def test_a_contract_that_says_nothing_of_a_body_accepts_any() -> None:
    assert match(None, b"anything") == []


def test_a_body_that_is_expected_empty_has_to_be_empty() -> None:
    assert match(Body(b"", "text/plain"), b"") == []
    assert match(Body(b"", "text/plain"), b"x") == [
        Mismatch("$", "an empty body", '"x"', 'the body is "x", expected it empty')
    ]


@pytest.mark.parametrize(("own", "other"), [("application/json", ""), ("", "application/json")], ids=["own", "header"])
def test_json_is_compared_by_its_values(own: str, other: str) -> None:
    example = Body(b'{"a": 1, "b": 2}', own)
    assert match(example, b'{"b":2,"a":1}', content_type=other) == []
    assert [found.path for found in match(example, b'{"a": 1, "b": 3}', content_type=other)] == ["$.b"]


def test_the_type_of_the_example_counts_before_that_of_the_header() -> None:
    assert match(Body(b"[1]", "text/plain"), b"[ 1 ]", content_type="application/json") != []


def test_what_should_be_json_and_is_none_is_told_as_a_whole() -> None:
    assert match(Body(b'{"a": 1}', "application/json"), b"<html>") == [
        Mismatch("$", '{"a": 1}', '"<html>"', 'the body is not JSON: "<html>", expected {"a": 1}')
    ]
    assert [found.path for found in match(Body(b"[1]", "application/json"), b"\xff")] == ["$"]


def test_json_that_nobody_compares_is_no_difference_but_a_limit() -> None:
    with pytest.raises(LimitError, match="the body cannot be compared"):
        match(Body(b"[1]", "application/json"), b"[" * 100_000)


def test_an_example_that_is_no_json_is_compared_as_it_stands() -> None:
    example = Body(b"{", "application/json")
    assert match(example, b"{") == []
    assert match(example, b"{}") != []


def test_text_has_to_be_the_same_unless_a_rule_says_otherwise() -> None:
    example = Body(b"order 7", "text/plain")
    assert match(example, b"order 7") == []
    assert match(example, b"order 8") == [
        Mismatch("$", '"order 7"', '"order 8"', 'the body is "order 8", expected "order 7"')
    ]
    rules = at_root({"match": "regex", "regex": r"^order \d+$"})
    assert match(example, b"order 8", rules) == []
    (found,) = match(example, b"order x", rules)
    assert found.expected == r"a string matching '^order \d+$'"


def test_bytes_are_compared_and_shown_as_bytes() -> None:
    (found,) = match(Body(b"\xff\x00", "application/octet-stream"), b"\xff\x01")
    assert (found.expected, found.actual) == ('"0xff00"', '"0xff01"')


@pytest.mark.parametrize(("size", "more"), [(200, ""), (207, " and 7 bytes more")])
def test_of_a_long_body_the_beginning_is_shown(size: int, more: str) -> None:
    (found,) = match(Body(b"a", "text/plain"), b"x" * size)
    assert found.actual == '"' + "x" * 200 + '"' + more


def test_a_rule_about_the_media_type_looks_at_how_the_body_begins() -> None:
    example, rules = Body(b"%PDF-1.4", "application/pdf"), at_root({"match": "contentType", "value": "application/pdf"})
    assert match(example, b"%PDF-1.7 other", rules) == []
    assert match(example, b"hello", rules) == [
        Mismatch("$", "application/pdf", '"hello"', 'the body is "hello", expected data of type application/pdf')
    ]


@pytest.mark.parametrize(
    ("body", "actual", "held"),
    [
        (Body(b"null", "application/json", is_null=True), b"", True),
        (Body(b"null", "application/json", is_null=True), b" null\n", True),
        (Body(b"null", "application/json", is_null=True), b"{}", False),
        (Body(b"", "", is_null=True), b"", True),
        (Body(b"", "", is_null=True), b"null", True),
        (Body(b"", "", is_null=True), b"{}", False),
        (Body(b"", "text/plain", is_null=True), b"", True),
        (Body(b"", "text/plain", is_null=True), b"null", False),
        (Body(b"null", "application/json"), b"", False),
    ],
)
def test_null_is_no_body_or_null_in_json(body: Body, actual: bytes, held: bool) -> None:
    assert (match(body, actual) == []) is held


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_only_javascript_calls_a_number_is_no_json(constant: str) -> None:
    example = Body(b'{"a": 1.5}', "application/json")
    rules = parse({"$.a": {"matchers": [{"match": "type"}]}}, named=False)
    for actual in (f'{{"a": {constant}}}', f'{{"a": 1.5, "b": {constant}}}'):
        (found,) = match(example, actual.encode(), rules)
        assert "is not JSON" in found.message


@pytest.mark.parametrize("content_type", ["application/problem+json", "application/vnd.api+json; charset=utf-8"])
def test_a_suffix_tells_that_a_body_is_json(content_type: str) -> None:
    assert match(Body(b'{"a": 1, "b": 2}', content_type), b'{"b":2,"a":1}') == []


def test_an_empty_example_may_have_a_rule() -> None:
    rules = at_root({"match": "notEmpty"})
    assert match(Body(b"", "image/jpeg"), b"\xff", rules) == []
    assert match(Body(b"x", "image/jpeg"), b"", rules) != []


@pytest.mark.parametrize(
    ("content_type", "actual", "held"),
    [
        ("text/plain; charset=iso-8859-1", "é".encode("latin-1"), True),
        ("text/plain; charset=utf-16", "é".encode("utf-16"), True),
        ("text/plain; charset=UTF-8", "é".encode(), True),
        ("text/plain", "é".encode("latin-1"), False),
        ("text/plain; charset=no-such", "é".encode(), True),
        ("text/plain; charset=utf-16", b"\xff", False),
        ("text/plain; charset=hex", "é".encode(), True),
        ("text/plain; charset=a\0b", "é".encode(), True),
    ],
)
def test_a_text_is_read_in_its_own_encoding(content_type: str, actual: bytes, held: bool) -> None:
    example = Body("é".encode(), "text/plain")
    assert (list(match_body(example, actual, NO_RULES, content_type="", received=content_type)) == []) is held


@pytest.mark.parametrize(("combine", "held"), [("AND", [True, False, False]), ("OR", [True, True, True])])
def test_rules_beside_the_one_about_the_media_type_count_as_well(combine: str, held: list[bool]) -> None:
    rules = [{"match": "contentType", "value": "application/pdf"}, {"match": "include", "value": "secret"}]
    found = parse({"$": {"combine": combine, "matchers": rules}}, named=False)
    example = Body(b"%PDF-1.4 secret", "application/pdf")
    assert [match(example, body, found) == [] for body in (b"%PDF-1.7 secret", b"%PDF-1.7", b"secret")] == held
    assert match(example, b"hello", found) != []
