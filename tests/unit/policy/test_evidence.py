"""Documents of evidence."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from servanda.errors import VerdictError
from servanda.policy.deployment import Meeting, Side
from servanda.policy.evidence import Evidence, Pairing, read_evidence, written
from servanda.verdict import Outcome

SCHEMA = Path(__file__).parents[3] / "docs" / "reference" / "evidence.schema.json"
EVIDENCE = Evidence(
    ("1.4.0",),
    "working-tree",
    "2026-11-30T02:00:00+00:00",
    "real stores",
    (
        Pairing("contract", "edge", "1.4.0", "users", "1.4.0", Outcome.HELD),
        Pairing("contract", "edge", "1.4.0", "users", "working-tree", Outcome.BROKEN, "a user: gone"),
        Pairing("contract", "edge", "working-tree", "users", "1.4.0", Outcome.HELD),
    ),
)


def test_evidence_reads_back_from_its_own_json() -> None:
    assert read_evidence(written(EVIDENCE), "evidence.json") == EVIDENCE


def test_evidence_is_as_its_schema_says() -> None:
    jsonschema.validate(json.loads(written(EVIDENCE)), json.loads(SCHEMA.read_text()))


def test_only_pairs_of_an_old_and_a_new_side_are_meetings() -> None:
    tried = "tried on real stores at 2026-11-30T02:00:00+00:00"
    assert EVIDENCE.meetings() == (
        Meeting("edge", "users", Side.PROVIDER, Outcome.BROKEN, "a user: gone"),
        Meeting("edge", "users", Side.CONSUMER, Outcome.HELD, tried),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON"),
        ("{}", "is no evidence: 'format'"),
        ('{"format": "servanda-evidence", "version": 9}', "is evidence of version 9, expected 1"),
        ('{"format": "servanda-evidence", "version": 1}', "is no evidence: "),
    ],
)
def test_what_is_no_evidence_is_refused(text: str, said: str) -> None:
    with pytest.raises(VerdictError) as refused:
        read_evidence(text, "evidence.json")
    assert said in str(refused.value)
    assert "evidence.json" in str(refused.value)
