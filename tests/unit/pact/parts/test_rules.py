"""Matching rules as pact files write them."""

import pytest

from servanda.errors import ContractError
from servanda.pact.parts.rules import of
from servanda.pact.paths import ROOT
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
    found = of(table({"matchingRules": {category: {"X-Id[0]": TYPE, "Tags[*]": TYPE}}}))
    assert [path for path, _ in found[category].entries] == [("tags",), ("x-id",)]


def test_a_name_is_no_path_in_a_body() -> None:
    with pytest.raises(ContractError, match=r"'id': expected a path that starts with '\$'"):
        of(table({"matchingRules": {"body": {"id": TYPE}}}))


def test_a_part_without_rules_has_none() -> None:
    assert of(table({})) == {}
