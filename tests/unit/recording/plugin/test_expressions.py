"""Matching definitions."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.errors import RecordingError
from servanda.recording.plugin.expressions import is_expression, parse


@pytest.mark.parametrize(
    ("text", "value", "rules"),
    [
        pytest.param("matching(type, 'x')", "x", [{"match": "type"}], id="type"),
        pytest.param(
            "matching(regex, '[A-Z]-\\d+', 'A-1')", "A-1", [{"match": "regex", "regex": "[A-Z]-\\d+"}], id="regex"
        ),
        pytest.param("matching(integer,2)", 2, [{"match": "integer"}], id="no space"),
        pytest.param("matching(decimal, -1.5)", -1.5, [{"match": "decimal"}], id="negative number"),
        pytest.param("matching(boolean, true)", True, [{"match": "boolean"}], id="boolean"),
        pytest.param("matching(equalTo, 'a')", "a", [{"match": "equality"}], id="equality"),
        pytest.param("matching(include, 'a')", "a", [{"match": "include", "value": "a"}], id="include"),
        pytest.param(
            r"matching(regex, '\\d+\.\bx\u00e9', '1.x')",
            "1.x",
            [{"match": "regex", "regex": r"\d+\.\bxé"}],
            id="escapes in an expression",
        ),
        pytest.param(r"notEmpty('a\n\u{1F600}\\')", "a\n\U0001f600\\", [{"match": "notEmpty"}], id="escapes in a text"),
        pytest.param(
            "matching(include, 'a', 'cat')", "cat", [{"match": "include", "value": "a"}], id="include in an example"
        ),
        pytest.param(
            "matching(datetime, 'yyyy-MM-dd', '2024-01-01')",
            "2024-01-01",
            [{"match": "timestamp", "format": "yyyy-MM-dd"}],
            id="time",
        ),
        pytest.param("notEmpty('it\\'s')", "it's", [{"match": "notEmpty"}], id="a quote within a text"),
        pytest.param(
            "eachKey(matching(regex, '[a-z]+', 'a')), eachValue(matching(type, 'v'))",
            None,
            [
                {"match": "eachKey", "rules": [{"match": "regex", "regex": "[a-z]+"}], "value": "a"},
                {"match": "eachValue", "rules": [{"match": "type"}], "value": "v"},
            ],
            id="keys and values",
        ),
        pytest.param(
            "atLeast(1), atMost(3)", None, [{"match": "type", "min": 1}, {"match": "type", "max": 3}], id="limits"
        ),
    ],
)
def test_a_definition_gives_example_and_rules(text: str, value: Any, rules: list[Any]) -> None:
    found = parse(text)

    assert (found.value, list(found.rules)) == (value, rules)


def test_a_value_may_come_from_a_provider_state() -> None:
    found = parse("matching(type, fromProviderState('${id}', 'u-1'))")

    assert (found.value, found.rules) == ("u-1", ({"match": "type"},))
    assert found.generator == {"type": "ProviderState", "expression": "${id}"}


def test_elements_may_be_described_elsewhere() -> None:
    assert parse("eachValue(matching($'line'))").reference == "line"


@given(st.text(alphabet=st.characters(exclude_characters="\\")))
def test_every_text_can_be_an_example(text: str) -> None:
    quoted = text.replace("'", "\\'")

    assert parse(f"matching(type, '{quoted}')").value == text


@pytest.mark.parametrize("text", ["EUR", "matching", "a matching (of sorts)", "eachKeyOf(x)"])
def test_ordinary_text_is_no_definition(text: str) -> None:
    assert not is_expression(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("matching(type)", "','", id="no example"),
        pytest.param("matching(likes, 'x')", "one of", id="no such matcher"),
        pytest.param("matching(type, x)", "quoted string", id="no quotes"),
        pytest.param("matching(type, 'x'", "'\\)'", id="no end"),
        pytest.param("matching(type, 'x') and more", "its end", id="more than a definition"),
    ],
)
def test_a_definition_that_cannot_be_read_says_what_was_expected(text: str, expected: str) -> None:
    with pytest.raises(RecordingError, match=f"{expected}.* was expected"):
        parse(text)
