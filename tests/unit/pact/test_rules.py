"""Which rules decide on a value."""

from typing import Any

import pytest

from servanda.errors import ContractError
from servanda.pact.paths import parse as path
from servanda.pact.rules import Rules, parse


def rules(**matchers: Any) -> Rules:
    return parse({key: {"matchers": [value]} for key, value in matchers.items()}, named=False)


def deciding(found: Rules, text: str) -> list[str]:
    chosen = found.at(path(text))
    return [rule.match for rule in chosen.rules] if chosen else []


def test_the_most_specific_rule_decides() -> None:
    found = rules(**{"$.a.*": {"match": "type"}, "$.a.b": {"match": "integer"}})

    assert deciding(found, "$.a.b") == ["integer"]
    assert deciding(found, "$.a.c") == ["type"]


def test_type_passes_on_to_what_a_value_contains_but_its_limits_do_not() -> None:
    chosen = rules(**{"$.a": {"match": "type", "min": 2}}).at(path("$.a.b"))

    assert chosen is not None
    assert [(rule.match, dict(rule.values)) for rule in chosen.rules] == [("type", {})]


def test_regex_does_not_pass_on_to_what_a_value_contains() -> None:
    assert deciding(rules(**{"$.a": {"match": "regex", "regex": "x"}}), "$.a.b") == []


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param({"$.a": {"matchers": [{"match": "soundsLike"}]}}, "matcher 'soundsLike' is unknown", id="unknown"),
        pytest.param({"$.a": {"matchers": [{"match": "regex", "regex": "("}]}}, "not a valid regular expr", id="regex"),
        pytest.param({"$.a": {"matchers": [{"match": "include"}]}}, "'include' needs a 'value'", id="include"),
        pytest.param({"$.a": {"combine": "XOR", "matchers": []}}, "expected AND or OR", id="combination"),
        pytest.param({"$.a": []}, "expected 'matchers'", id="shape"),
        pytest.param({"a": {"matchers": []}}, "expected a path", id="path"),
    ],
)
def test_a_rule_that_cannot_be_understood_is_refused(document: dict[str, Any], message: str) -> None:
    with pytest.raises(ContractError, match=message):
        parse(document, named=False)
