"""The published schema of a verdict."""

import json
from pathlib import Path

import jsonschema
import pytest

from servanda.report.json import render
from servanda.verdict import (
    Answer,
    Bump,
    DeployOrder,
    Impact,
    InstanceFact,
    Outcome,
    ReasonKind,
    Severity,
    Verdict,
    decide,
)

REFERENCE = Path("docs/reference/verdict.md").read_text(encoding="utf-8")
SCHEMA = json.loads(Path("docs/reference/verdict.schema.json").read_text(encoding="utf-8"))
DEFINITIONS = SCHEMA["$defs"]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_verdict_is_as_the_schema_says(verdict: Verdict) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(render(verdict)))


@pytest.mark.parametrize(
    ("known", "values"),
    [
        pytest.param(SCHEMA["properties"]["verdict"], Answer, id="answer"),
        pytest.param(DEFINITIONS["bump"], Bump, id="bump"),
        pytest.param(DEFINITIONS["deploy_order"], DeployOrder, id="deploy order"),
        pytest.param(DEFINITIONS["reason"]["properties"]["kind"], ReasonKind, id="kind of a reason"),
        pytest.param(DEFINITIONS["finding"]["properties"]["severity"], Severity, id="severity"),
        pytest.param(DEFINITIONS["consumer"]["properties"]["impact"], Impact, id="impact"),
    ],
)
def test_the_schema_knows_every_value(known: dict[str, list[str]], values: type[Outcome]) -> None:
    assert known["enum"] == [str(value) for value in values]


@pytest.mark.parametrize(("fact", "never"), [("stage", Outcome.PENDING), ("result", Outcome.SKIPPED)])
def test_the_schema_knows_every_outcome_that_a_part_can_have(fact: str, never: Outcome) -> None:
    known = DEFINITIONS[fact]["properties"]["outcome"]["enum"]

    assert sorted(known) == sorted(str(value) for value in Outcome if value is not never)


def test_the_schema_leaves_transports_open_for_installed_ones() -> None:
    assert "enum" not in DEFINITIONS["result"]["properties"]["transport"]


@pytest.mark.parametrize(
    "name", ["stage", "result", "reason", "finding", "consumer", "evidence", "transition", "steps"]
)
def test_the_schema_demands_every_key(name: str) -> None:
    assert DEFINITIONS[name]["required"] == list(DEFINITIONS[name]["properties"])


def test_a_check_has_its_conclusions_at_the_top(two_fields: Verdict) -> None:
    document = json.loads(render(two_fields))

    assert (document["input"], document["base"], document["holds"]) == ("proto", "1.0.0", False)
    assert (document["bump"], document["deploy_order"]) == ("major", "consumers-first")


def test_every_interaction_is_told(verdict: Verdict) -> None:
    told = json.loads(render(verdict))["results"]

    assert [entry["interaction"] for entry in told] == [result.interaction for result in verdict.results]


def test_every_proof_is_told(two_fields: Verdict) -> None:
    document = json.loads(render(two_fields))

    [app, *_] = document["findings"][0]["consumers"]
    assert [proof["source"] for proof in app["evidence"]] == ["pact", "usage-log"]
    assert (app["owner"], app["impact"]) == ("team-app", "broken")


def test_the_reference_explains_every_kind_of_reason() -> None:
    assert [kind for kind in ReasonKind if f"`{kind}`" not in REFERENCE] == []


def test_the_reference_explains_every_key() -> None:
    assert [key for key in SCHEMA["properties"] if f"`{key}" not in REFERENCE] == []


def test_the_instances_that_ran_are_named_with_their_versions() -> None:
    told = json.loads(render(decide([], instances=[InstanceFact("shop", "2.0.0", "5626f74")])))

    jsonschema.Draft202012Validator(SCHEMA).validate(told)
    assert told["instances"] == [{"service": "shop", "version": "2.0.0", "commit": "5626f74"}]
