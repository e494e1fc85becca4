"""The bakery: matchers, masks, lists in queries and schemas with branches, replayed after an edit."""

from pathlib import Path

import pytest

import bench.consumer_impact
from bench.consumer_impact.generated import drawing
from bench.consumer_impact.replay import judge
from bench.consumer_impact.replay.projection import Meaning
from bench.consumer_impact.scenario import interactions, scenario
from bench.consumer_impact.scenario.scenario import Scenario


@pytest.fixture(scope="module")
def bakery() -> Scenario:
    return scenario.load(Path(bench.consumer_impact.__file__).parent / "bakery")


def test_nothing_breaks_without_a_change(bakery: Scenario) -> None:
    assert judge.broken(interactions.recorded(bakery.parties), bakery.state, bakery.state, Meaning()) == {}


def test_every_edit_can_be_made(bakery: Scenario) -> None:
    assert len(list(drawing.drawn(bakery, 300, seed=2))) == 300


@pytest.mark.parametrize(
    ("only", "consumers"),
    [
        # Names in a mask are those of the definition, over HTTP as well.
        ("rename field, not in JSON: bakery.recipes.v1.Recipe.rating", {"till"}),
        ("another JSON name: bakery.recipes.v1.Recipe.code", {"app"}),
        # One value of a query is a list of one; a path holds no list.
        ("cardinality: bakery.recipes.v1.SearchRecipesRequest.vegan: many", set()),
        ("cardinality: bakery.recipes.v1.GetRecipeRequest.name: many", {"app"}),
        # An example that the contract expects by type says nothing of other values.
        ("openapi: limit: shop components/schemas/Order/properties/orderId: {'maxLength': 3}", set()),
        ("openapi: retype: shop components/schemas/Order/properties/orderId: integer", {"app", "till"}),
        # A value is of one branch only.
        ("openapi: delete property: shop components/schemas/Company: vat", {"till"}),
        ("openapi: delete property: shop components/schemas/Person: name", {"app"}),
        ("openapi: delete parameter: shop paths//orders/{orderId}/get/parameters", {"app"}),
        ("openapi: close object: shop components/schemas/Order", {"till"}),
    ],
)
def test_those_break_whose_interactions_do(bakery: Scenario, only: str, consumers: set[str]) -> None:
    found = next(
        each
        for each in drawing.drawn(bakery, 3, seed=1, only=only)
        if only in f"{each.candidate.kind}: {each.candidate.name}"
    )

    assert found.broken.keys() == consumers
