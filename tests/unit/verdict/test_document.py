"""Facts as JSON values, and back."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servanda.errors import VerdictError
from servanda.verdict import Finding, Location, Outcome, Severity, Span, StageResult, Verdict, decide
from servanda.verdict.document import from_document, to_document
from tests.samples import hostile

FACTS = {
    "verdict": hostile.VERDICTS,
    "verdict of a check": hostile.CHECKS,
    "stage": hostile.STAGES,
    "finding": hostile.FINDINGS,
    "steps": hostile.STEPS,
    "impact": hostile.IMPACTS,
    "evidence": hostile.EVIDENCE,
    "transition": hostile.TRANSITIONS,
    "comparison": hostile.COMPARISONS,
    "interaction": hostile.RESULTS,
    "reason": hostile.REASONS,
    "mismatch": hostile.MISMATCHES,
    "location": hostile.LOCATIONS,
    "store": hostile.STORES,
    "instance": hostile.INSTANCES,
}
QUICK = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
VALID = to_document(decide([StageResult("interfaces", Outcome.HELD)]))


@pytest.mark.parametrize("kind", FACTS)
@QUICK
@given(data=st.data())
def test_every_fact_reads_back_from_its_document(kind: str, data: st.DataObject) -> None:
    fact = data.draw(FACTS[kind])

    assert from_document(type(fact), to_document(fact)) == fact


@pytest.mark.parametrize("kind", FACTS)
@QUICK
@given(data=st.data())
def test_every_document_survives_json(kind: str, data: st.DataObject) -> None:
    fact = data.draw(FACTS[kind])

    assert from_document(type(fact), json.loads(json.dumps(to_document(fact)))) == fact


def test_a_path_that_looks_like_a_place_reads_back() -> None:
    place = Location("a:3", 0, 7)

    assert from_document(Location, to_document(place)) == place


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param([], "written as an object, not as list", id="no object"),
        pytest.param({}, "the key 'verdict' is missing", id="nothing"),
        pytest.param({**VALID, "verdict": "maybe"}, "Invalid enum value 'maybe'", id="unknown answer"),
        pytest.param({**VALID, "started": "now"}, "started", id="text for a number"),
        pytest.param({**VALID, "stages": 3}, "'stages' is a list of objects, not int", id="number for a list"),
        pytest.param({**VALID, "stages": [{"name": "x"}]}, "'findings' of a stage is the number", id="no count"),
        pytest.param({**VALID, "results": [{}]}, "more findings or interactions than its stages", id="nobody's result"),
        pytest.param(
            {**VALID, "infrastructure": {"redis": 1}},
            "'infrastructure' is not an object of objects",
            id="store without facts",
        ),
    ],
)
def test_what_is_no_verdict_is_an_error(document: object, message: str) -> None:
    with pytest.raises(VerdictError, match=message):
        from_document(Verdict, document)


def test_a_stage_may_not_claim_more_than_there_is() -> None:
    stages = [{**VALID["stages"][0], "findings": 1}]

    with pytest.raises(VerdictError, match="a stage has 1 findings, but only 0 are left"):
        from_document(Verdict, {**VALID, "stages": stages})


def test_a_wrong_value_within_a_finding_is_told_with_its_place() -> None:
    finding = to_document(Finding("R", "FILE", Severity.ERROR, Span("a"), "e", "m", "f"))

    with pytest.raises(VerdictError, match=r"\$\.span\.start_line"):
        from_document(Finding, {**finding, "start_line": "3"})
