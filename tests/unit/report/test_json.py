"""The published schema of verdict.json."""

import json
from pathlib import Path

import jsonschema
import pytest

from servanda.report.json import document, render
from servanda.verdict import (
    Impact,
    InstanceFact,
    InteractionResult,
    Outcome,
    ReasonKind,
    Severity,
    Transport,
    Verdict,
    decide,
)

REFERENCE = Path("docs/reference/verdict.md").read_text(encoding="utf-8")
SCHEMA = json.loads(Path("docs/reference/verdict.schema.json").read_text(encoding="utf-8"))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_verdict_is_as_the_schema_says(verdict: Verdict) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(render(verdict)))


@pytest.mark.parametrize(
    ("definition", "key", "values"),
    [
        pytest.param("stage", "outcome", Outcome, id="outcome of a stage"),
        pytest.param("result", "transport", Transport, id="transport"),
        pytest.param("reason", "kind", ReasonKind, id="kind of a reason"),
        pytest.param("finding", "severity", Severity, id="severity"),
    ],
)
def test_the_schema_knows_every_value(definition: str, key: str, values: type[Outcome]) -> None:
    assert SCHEMA["$defs"][definition]["properties"][key]["enum"] == [str(value) for value in values]


def test_the_schema_knows_every_impact() -> None:
    consumers = SCHEMA["$defs"]["finding"]["properties"]["consumers"]

    assert consumers["items"]["properties"]["impact"]["enum"] == [str(impact) for impact in Impact]


def test_no_interaction_is_skipped_by_the_schema() -> None:
    assert Outcome.SKIPPED not in SCHEMA["$defs"]["result"]["properties"]["outcome"]["enum"]


def test_every_interaction_is_told(verdict: Verdict) -> None:
    told = document(verdict)["results"]

    assert isinstance(told, list)
    assert [entry["interaction"] for entry in told] == [_description(result) for result in verdict.results]


def _description(result: InteractionResult) -> str:
    return result.interaction


def test_the_reference_explains_every_kind_of_reason() -> None:
    assert [kind for kind in ReasonKind if f"`{kind}`" not in REFERENCE] == []


def test_the_reference_explains_every_key() -> None:
    assert [key for key in SCHEMA["properties"] if f"`{key}" not in REFERENCE] == []


def test_the_instances_that_ran_are_named_with_their_versions() -> None:
    told = document(decide([], instances=[InstanceFact("shop", "2.0.0", "5626f74")]))
    jsonschema.Draft202012Validator(SCHEMA).validate(told)
    assert told["instances"] == [{"service": "shop", "version": "2.0.0", "commit": "5626f74"}]
