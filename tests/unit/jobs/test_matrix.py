"""Matrices: every job in one batch, and no more batches than a system takes."""

from __future__ import annotations

import json

import pytest
import yaml

from servanda.jobs.matrix import MATRICES, batches
from tests.unit.jobs.conftest import document, job


def many(count: int) -> list[float]:
    return [float(number * 7 % 41 + 1) for number in range(count)]


@pytest.mark.parametrize("count", [1, 255, 256, 257, 3000])
def test_every_job_is_in_one_batch_and_no_batch_waits_long_for_another(count: int) -> None:
    jobs = document(*(job(f"p{number}", seconds=seconds) for number, seconds in enumerate(many(count))))
    found = batches(jobs, 256)
    assert len(found) == min(count, 256)
    assert sorted(number for batch in found for number in batch.numbers) == list(range(1, count + 1))
    whole = sum(many(count))
    assert found[0].expected_seconds <= 4 / 3 * max(whole / 256, *many(count), 1)
    assert list(found) == sorted(found, key=lambda batch: -batch.expected_seconds)


def test_jobs_of_unknown_length_are_spread_as_well() -> None:
    jobs = document(*(job(f"p{number}", seconds=0.0) for number in range(8)))
    assert {len(batch.numbers) for batch in batches(jobs, 4)} == {2}


def test_the_matrix_of_github_is_one_line_of_json() -> None:
    jobs = document(*(job(f"p{number}") for number in range(300)))
    form = MATRICES["github"]
    text = form.render(jobs, batches(jobs, form.most))
    entries = json.loads(text)["include"]
    assert (text.count("\n"), len(entries)) == (1, 256)
    assert sorted(int(number) for entry in entries for number in entry["jobs"].split()) == list(range(1, 301))


def test_the_matrix_of_gitlab_is_a_pipeline() -> None:
    jobs = document(*(job(f"p{number}") for number in range(300)))
    form = MATRICES["gitlab"]
    pipeline = yaml.safe_load(form.render(jobs, batches(jobs, form.most)))
    entries = pipeline["servanda-jobs"]["parallel"]["matrix"]
    assert len(entries) == 200
    assert sorted(int(number) for entry in entries for number in entry["SERVANDA_JOBS"].split()) == list(range(1, 301))
