"""The document of jobs: it reads back, and what was changed in it is seen."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from servanda.errors import JobError
from servanda.jobs import Jobs, Task, identified, read_jobs, written
from servanda.verdict import DeployOrder
from servanda.versions.plan import Version, make_plan
from tests.unit.jobs.conftest import document, job

SCHEMA = Path(__file__).parents[3] / "docs" / "reference" / "jobs.schema.json"
PLAN = replace(
    make_plan([Version("one", "c" * 40)], Version("two"), ["stock", "edge"], DeployOrder.ANY, seed=3), base="b" * 40
)


def of_a_plan() -> Jobs:
    made = identified("one to two", Task(plan=PLAN), {"tree": "b" * 40}, services=("stock", "edge"))
    return replace(document(), stage="versions", jobs=(made,))


@pytest.mark.parametrize("jobs", [document(), of_a_plan()], ids=["contracts", "plan"])
def test_a_document_reads_back_and_is_as_its_schema_says(jobs: Jobs) -> None:
    text = written(jobs)
    assert read_jobs(text, "jobs.json") == jobs
    assert written(read_jobs(text, "jobs.json")) == text
    jsonschema.validate(json.loads(text), json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_hash_is_that_of_everything_that_decides_and_of_nothing_else() -> None:
    one = job("shop")
    assert job("shop", seconds=99.0).hash == one.hash
    assert len({one.hash, job("stock").hash, job("shop", ("app",)).hash, job("shop", tree="b" * 40).hash}) == 4


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    found = json.loads(written(document()))
    change(found)
    return json.dumps(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "is no document of jobs"),
        ("[]", "'format' is not 'servanda-jobs'"),
        (changed(lambda found: found.update(version=2)), "of version 2, expected 1"),
        (changed(lambda found: found.update(jobs=[])), "has no jobs"),
        (changed(lambda found: found.update(jobs=3)), "is no document of jobs"),
        (
            changed(lambda found: found["jobs"][1]["inputs"].update(tree="c" * 40)),
            "job 2 was changed after it was made",
        ),
        (changed(lambda found: found["jobs"][0]["task"].update(provider="stock")), "job 1 was changed"),
        (changed(lambda found: found["jobs"].append(found["jobs"][0])), "is there twice"),
    ],
)
def test_what_is_no_document_is_refused(text: str, said: str) -> None:
    with pytest.raises(JobError, match=said) as caught:
        read_jobs(text, "jobs.json")
    assert caught.value.where == "jobs.json"


def test_a_job_is_found_by_its_number_or_the_beginning_of_its_hash() -> None:
    jobs = document()
    one, two = jobs.jobs
    assert jobs.find(["2", one.hash[:8], two.hash]) == (two, one)


@pytest.mark.parametrize("name", ["0", "3", "-1", "ab", "zzzz", ""])
def test_a_job_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(JobError, match="there is no job"):
        document().find([name])
