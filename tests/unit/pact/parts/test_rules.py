"""Matching rules as pact files write them."""

from collections.abc import Mapping

import pytest

from servanda.errors import ContractError
from servanda.pact.parts.rules import of
from servanda.pact.paths import ROOT, Wildcard
from tests.unit.pact.parts.written import table

TYPE = {"matchers": [{"match": "type"}]}


def test_rules_stand_under_their_category() -> None:
    found = of(table({"matchingRules": {"body": {"$.id": TYPE}, "path": TYPE}}))
    assert {category: [path for path, _ in rules.entries] for category, rules in found.items()} == {
        "body": [("id",)],
        "path": [ROOT],
    }


@pytest.mark.parametrize("category", ["header", "metadata", "query"])
def test_a_name_is_known_without_its_case_and_its_index(category: str) -> None:
    written = {"X-Id[0]": TYPE, "Tags[*]": TYPE, "$.X-B": TYPE, "$['X-A'][0]": TYPE}
    found = of(table({"matchingRules": {category: written}}))
    assert sorted(path for path, _ in found[category].entries) == [("tags",), ("x-a",), ("x-b",), ("x-id",)]


def test_a_name_is_no_path_in_a_body() -> None:
    with pytest.raises(ContractError, match=r"'id': expected a path that starts with '\$'"):
        of(table({"matchingRules": {"body": {"id": TYPE}}}))


def test_a_part_without_rules_has_none() -> None:
    assert of(table({})) == {}
    assert of(table({"matchingRules": []})) == {}
    assert not of(table({"matchingRules": {"header": [], "body": {}, "path": {"matchers": []}}}))["path"]


def places(written: Mapping[str, object], key: str = "matchingRules") -> dict[str, list[object]]:
    return {name: [path for path, _ in rules.entries] for name, rules in of(table({key: written})).items()}


def test_rules_of_version_2_name_their_category_in_the_path() -> None:
    rule = {"match": "type"}
    keys = ("$.body", "$.body.a[0]", "$['body']['b c']", "$.headers.X-A", "$.header['X-B']", "$.query.q[0]", "$.path")
    assert places(dict.fromkeys(keys, rule)) == {
        "body": [(), ("a", 0), ("b c",)],
        "header": [("x-a",), ("x-b",)],
        "query": [("q",)],
        "path": [()],
    }


def test_the_rules_of_a_body_begin_with_an_index_in_version_2() -> None:
    assert places({"$.body[0][*].*": {"match": "type"}}) == {"body": [(0, Wildcard.INDEX, Wildcard.ANY)]}


def test_a_rule_without_a_category_is_refused() -> None:
    with pytest.raises(ContractError, match=r"matching rule '\$\[0\]': expected a path that begins with a category"):
        of(table({"matchingRules": {"$[0]": {"match": "type"}}}))


def test_a_category_is_known_under_the_names_that_writers_give_it() -> None:
    written = {"content": {"$.a": TYPE}, "body": {"$.b": TYPE}, "headers": {"X": TYPE}, "metaData": {"Y": TYPE}}
    assert places(written) == {"body": [("a",), ("b",)], "header": [("x",)], "metadata": [("y",)]}


def test_rules_are_known_under_the_keys_that_pact_jvm_once_wrote() -> None:
    for key in ("requestMatchingRules", "responseMatchingRules"):
        assert places({"$.body.a": {"match": "type"}}, key) == {"body": [("a",)]}
