"""The result of a job: it reads back, and damage is seen."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from servanda.errors import JobError
from servanda.jobs import read_result, sealed
from servanda.jobs.result import without_times
from servanda.policy.evidence import Pairing
from servanda.verdict import Outcome, Reason, ReasonKind
from tests.unit.jobs.conftest import interaction, job, result

ODD = "half of a pair \ud83d, 'quotes' and\nlines"


def test_a_result_reads_back() -> None:
    told = replace(interaction("shop", ODD, Outcome.BROKEN), reasons=(Reason(ReasonKind.MISMATCH, ODD, "$.a", "1"),))
    found = replace(result(job("shop"), told), pairings=(Pairing("contract", "web", "1", "shop", "2", Outcome.HELD),))
    assert read_result(sealed(found), "r.json") == found
    assert sealed(found).count("\n") == 1


def test_one_letter_that_differs_is_damage() -> None:
    with pytest.raises(JobError, match="is damaged"):
        read_result(sealed(result(job("shop"))).replace("held", "hold"), "r.json")


def test_a_result_that_is_cut_off_is_none() -> None:
    with pytest.raises(JobError, match="is no result of a job"):
        read_result(sealed(result(job("shop")))[:-30], "r.json")


@pytest.mark.parametrize("text", ["{}", "[]", '{"format": "servanda-jobs"}'])
def test_another_document_is_no_result(text: str) -> None:
    with pytest.raises(JobError, match="is no result of a job"):
        read_result(text, "r.json")


def test_a_result_of_another_version_is_refused() -> None:
    document = json.loads(sealed(result(job("shop"))))
    with pytest.raises(JobError, match="of version 9, expected 1"):
        read_result(json.dumps({**document, "version": 9}), "r.json")


def test_a_stage_without_times_says_nothing_of_the_run() -> None:
    found = result(job("shop"), replace(interaction("shop"), seconds=3.2)).stage
    assert without_times(replace(found, seconds=4.0)) == result(job("shop")).stage
