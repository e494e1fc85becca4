"""Generators as pact files write them."""

import pytest

from servanda.errors import ContractError
from servanda.pact.document import Generator
from servanda.pact.parts.generators import of
from tests.unit.pact.parts.written import table

FROM_STATE = {"type": "ProviderState", "expression": "${id}"}
READ = Generator("ProviderState", {"expression": "${id}"})


def test_generators_stand_under_their_category_and_their_path() -> None:
    written = {"body": {"$.id": FROM_STATE, "$.at": {"type": "DateTime"}}, "header": {"X-Id": FROM_STATE}}
    assert of(table({"generators": written})) == {
        "body": {"$.id": READ, "$.at": Generator("DateTime")},
        "header": {"X-Id": READ},
    }


def test_the_generator_of_a_whole_category_stands_under_the_empty_path() -> None:
    assert of(table({"generators": {"path": FROM_STATE}})) == {"path": {"": READ}}


def test_a_part_without_generators_has_none() -> None:
    assert of(table({})) == {}
    assert of(table({"generators": []})) == {}
    assert of(table({"generators": {"body": []}})) == {"body": {}}


def test_a_category_is_known_under_the_names_that_writers_give_it() -> None:
    written = {"content": {"$.id": FROM_STATE}, "headers": {"X-Id": FROM_STATE}}
    assert of(table({"generators": written})) == {"body": {"$.id": READ}, "header": {"X-Id": READ}}


def test_a_generator_without_a_type_is_refused() -> None:
    with pytest.raises(ContractError, match="type"):
        of(table({"generators": {"body": {"$.id": {"expression": "${id}"}}}}))


def test_the_generators_of_a_variant_stand_below_its_example() -> None:
    variants = [{"index": 1, "rules": {}, "generators": {"$.id": FROM_STATE}}, {"index": 0}]
    rules = {"body": {"$.actions": {"matchers": [{"match": "arrayContains", "variants": variants}]}}}
    assert of(table({"matchingRules": rules})) == {"body": {"$.actions[1].id": READ}}
    both = {"matchingRules": rules, "generators": {"body": {"$.at": FROM_STATE}}}
    assert of(table(both)) == {"body": {"$.actions[1].id": READ, "$.at": READ}}


def test_a_path_in_a_body_may_be_written_without_the_root() -> None:
    written = {"body": {"a.b": FROM_STATE, "[0]": FROM_STATE, "$.c": FROM_STATE}}
    assert of(table({"generators": written})) == {"body": {"$.a.b": READ, "$[0]": READ, "$.c": READ}}
