"""SARIF 2.1.0, as its schema says."""

import json
from pathlib import Path

import jsonschema

from servanda.report.formats import FORMATS
from servanda.verdict import Verdict

# The schema of OASIS, unchanged but for its white space: its "id" says where it is from.
SCHEMA = json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))


def test_every_check_is_as_the_schema_says(check: Verdict) -> None:
    jsonschema.Draft4Validator(SCHEMA).validate(json.loads(FORMATS["sarif"].render(check)))


def test_every_result_points_to_its_rule(check: Verdict) -> None:
    [run] = json.loads(FORMATS["sarif"].render(check))["runs"]

    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [each.rule for each in check.findings]


def test_what_is_accepted_is_a_suppressed_result(check: Verdict) -> None:
    [run] = json.loads(FORMATS["sarif"].render(check))["runs"]

    suppressed = [bool(result.get("suppressions")) for result in run["results"]]
    assert suppressed == [each.severity in ("waived", "baseline") for each in check.findings]


def test_a_file_that_is_gone_has_no_region(odd: Verdict) -> None:
    [run] = json.loads(FORMATS["sarif"].render(odd))["runs"]

    assert "region" not in run["results"][1]["locations"][0]["physicalLocation"]
