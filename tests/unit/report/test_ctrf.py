"""The Common Test Report Format, as its schema says."""

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from servanda.report.ctrf import render
from servanda.verdict import Verdict
from tests.samples.hostile import CHECKS, VERDICTS
from tests.unit.report.conftest import ALL

# The schema of https://github.com/ctrf-io/ctrf (MIT), unchanged.
SCHEMA = json.loads((Path(__file__).parent / "ctrf.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)


def test_every_verdict_is_as_the_schema_says(verdict: Verdict) -> None:
    VALIDATOR.validate(json.loads(render(verdict)))


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(CHECKS | VERDICTS)
def test_no_text_breaks_the_schema(verdict: Verdict) -> None:
    VALIDATOR.validate(json.loads(render(verdict)))


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        pytest.param("yes", {"passed": 7}, id="held"),
        pytest.param("no", {"passed": 4, "failed": 1, "other": 1, "skipped": 1}, id="broken and unknown"),
        pytest.param("policy", {"failed": 1, "skipped": 2}, id="waived and in the baseline"),
        pytest.param("nothing", {"passed": 1}, id="nothing breaks"),
    ],
)
def test_the_summary_counts_every_status(name: str, counts: dict[str, int]) -> None:
    summary = json.loads(render(ALL[name]))["results"]["summary"]

    statuses = ("passed", "failed", "skipped", "pending", "other")
    assert {status: summary[status] for status in statuses if summary[status]} == counts
    assert summary["tests"] == sum(counts.values())


def test_times_are_milliseconds() -> None:
    results = json.loads(render(ALL["yes"]))["results"]

    assert results["summary"]["start"] == ALL["yes"].started
    assert results["summary"]["stop"] - results["summary"]["start"] == 19850
    assert [test["duration"] for test in results["tests"] if test["name"] == "a user was created"] == [125]


def test_a_failure_says_where_and_why() -> None:
    tests = json.loads(render(ALL["no"]))["results"]["tests"]

    [failed] = [test for test in tests if test["status"] == "failed"]
    assert (failed["filePath"], failed["line"]) == ("contracts/pacts/web-app-gateway.json", 12)
    assert failed["message"] == "the field 'email' | is missing"
    assert "expected: 200" in failed["trace"]
