"""One verdict from the results of all jobs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from servanda.errors import JobError
from servanda.jobs import Task, identified, merged
from servanda.report.json import render
from servanda.verdict import Answer, Outcome, Reason, ReasonKind, StoreFact
from tests.unit.jobs.conftest import POSTGRES, document, interaction, job, result


def test_what_was_found_stands_in_the_order_of_the_jobs_whoever_ended_first() -> None:
    jobs = document()
    one, two = jobs.jobs
    found = {one.hash: result(one), two.hash: result(two)}
    verdict = merged(jobs, found)
    assert verdict.answer is Answer.YES
    assert [each.provider for each in verdict.results] == ["shop", "stock"]
    assert render(verdict) == render(merged(jobs, dict(reversed(found.items()))))


def test_one_broken_job_breaks_the_whole() -> None:
    jobs = document()
    one, two = jobs.jobs
    broken = result(two, interaction("stock", outcome=Outcome.BROKEN))
    assert merged(jobs, {one.hash: result(one), two.hash: broken}).answer is Answer.NO


def test_nothing_is_judged_without_the_result_of_every_job() -> None:
    jobs = document()
    with pytest.raises(JobError, match=r"1 of 2 jobs gave no result: job 2 \(stock with web\)"):
        merged(jobs, {jobs.jobs[0].hash: result(jobs.jobs[0])})


def test_jobs_on_different_stores_are_told_apart() -> None:
    jobs = document()
    one, two = jobs.jobs
    other = StoreFact("postgres", "docker", "PostgreSQL 17.2")
    with pytest.raises(JobError, match=r"used docker PostgreSQL 17.2, job 1 .* embedded PostgreSQL 18.6"):
        merged(jobs, {one.hash: result(one), two.hash: result(two, stores=(other,))})


def test_an_interaction_of_several_steps_counts_once_with_its_worst_outcome() -> None:
    steps = tuple(identified(f"step {number}", Task("edge", (str(number),)), {}) for number in (1, 2))
    jobs = replace(document(*steps), stage="versions")
    reason = Reason(ReasonKind.MISMATCH, "step 1 breaks")
    held = result(steps[0], interaction("edge"), interaction("edge", "another"))
    broken = result(steps[1], interaction("edge", outcome=Outcome.BROKEN))
    found = [replace(each, stage=replace(each.stage, name="versions", reasons=(reason,))) for each in (held, broken)]
    verdict = merged(jobs, {step.hash: each for step, each in zip(steps, found, strict=True)})
    assert [(each.interaction, each.outcome) for each in verdict.results] == [
        ("a call", Outcome.BROKEN),
        ("another", Outcome.HELD),
    ]
    assert verdict.stages[0].reasons == (reason,)


def test_what_no_provider_can_read_is_told_once() -> None:
    jobs = document()
    one, two = jobs.jobs
    unreadable = interaction("unknown", "the file x.json", Outcome.UNKNOWN)
    found = {each.hash: result(each, unreadable, interaction(each.task.provider)) for each in (one, two)}
    assert [each.provider for each in merged(jobs, found).results] == ["unknown", "shop", "stock"]


def test_the_verdict_says_what_the_jobs_were_made_of() -> None:
    only = job("shop")
    verdict = merged(document(only), {only.hash: result(only)})
    assert (verdict.versions["commit"], verdict.infrastructure) == ("aaaaaaaaaaaa", (POSTGRES,))
    assert (verdict.started, verdict.stages[0].seconds) == (0, 0.0)
