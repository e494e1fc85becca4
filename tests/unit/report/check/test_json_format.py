"""The published schema of the findings."""

import json
from pathlib import Path

import jsonschema
import pytest

from servanda.report.check import FORMATS
from servanda.verdict import Bump, Check, DeployOrder, Impact, Severity

SCHEMA = json.loads(Path("docs/reference/findings.schema.json").read_text(encoding="utf-8"))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_check_is_as_the_schema_says(check: Check) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(FORMATS["json"](check)))


@pytest.mark.parametrize(
    ("known", "values"),
    [
        pytest.param(SCHEMA["properties"]["bump"], Bump, id="bump"),
        pytest.param(SCHEMA["$defs"]["deploy_order"], DeployOrder, id="deploy order"),
        pytest.param(SCHEMA["$defs"]["finding"]["properties"]["severity"], Severity, id="severity"),
        pytest.param(SCHEMA["$defs"]["consumer"]["properties"]["impact"], Impact, id="impact"),
    ],
)
def test_the_schema_knows_every_value(known: dict[str, list[str]], values: type[Bump]) -> None:
    assert known["enum"] == [str(value) for value in values]


def test_every_proof_is_told(two_fields: Check) -> None:
    document = json.loads(FORMATS["json"](two_fields))

    [app, *_] = document["findings"][0]["consumers"]
    assert [proof["source"] for proof in app["evidence"]] == ["pact", "usage-log"]
    assert (app["owner"], app["impact"]) == ("team-app", "broken")
