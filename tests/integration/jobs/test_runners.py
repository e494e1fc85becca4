"""The behaviour of every place where jobs run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from servanda.errors import JobError
from servanda.jobs import merged
from servanda.jobs.folder import ResultFolder
from servanda.jobs.running import Ended, Runner, gather
from servanda.jobs.running.dask import Dask
from servanda.jobs.running.gathering import Listeners
from servanda.jobs.running.kubernetes import Kubernetes
from servanda.jobs.running.local import Local
from servanda.jobs.running.runner import ATTEMPTS
from servanda.report.json import render
from tests.integration.jobs.conftest import Desk
from tests.integration.jobs.kubernetes_api import serving


@pytest.fixture(params=["local", "dask", "kubernetes"])
async def runner(
    request: pytest.FixtureRequest, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Runner]:
    """Each runner, with jobs that start nothing."""
    match request.param:
        case "local":
            yield Local(desk.suite)
        case "dask":
            yield Dask(request.getfixturevalue("cluster"), str(desk.work.root), desk.suite)
        case _:
            async with serving(tmp_path, desk.suite, tmp_path) as api:
                monkeypatch.setenv("KUBECONFIG", str(api.kubeconfig))
                yield Kubernetes(pause=0.05)
                assert api.deleted[-2:] == ["Job", "ConfigMap"]


async def test_every_job_runs_once_and_all_results_are_there(runner: Runner, desk: Desk) -> None:
    heard: list[Ended] = []
    await runner.run(desk.work, heard.append)
    assert sorted(ended.job.hash for ended in heard) == sorted(job.hash for job in desk.jobs.jobs)
    assert [ended.why for ended in heard] == [""] * 6
    assert [desk.attempts(job) for job in desk.jobs.jobs] == [1] * 6


async def test_a_job_that_is_killed_is_begun_again_and_counts_once(runner: Runner, desk: Desk, tmp_path: Path) -> None:
    killed = desk.jobs.jobs[3]
    desk.kill(killed, 2)
    found = await gather(desk.work, runner, ResultFolder(tmp_path / "results"))
    assert desk.attempts(killed) == 3
    assert len(merged(desk.jobs, found).results) == 6


async def test_a_job_that_is_killed_each_time_is_given_up_and_the_others_have_results(
    runner: Runner, desk: Desk, tmp_path: Path
) -> None:
    killed, folder = desk.jobs.jobs[0], ResultFolder(tmp_path / "results")
    desk.kill(killed, 99)
    with pytest.raises(JobError, match=r"1 of 6 jobs gave no result: job 1 \(p0 with web\)"):
        await gather(desk.work, runner, folder)
    assert desk.attempts(killed) == ATTEMPTS
    assert len(folder.certain(desk.jobs.jobs)) == 5


async def test_a_job_that_cannot_run_is_not_begun_again_and_says_why(
    runner: Runner, desk: Desk, tmp_path: Path
) -> None:
    refused = desk.jobs.jobs[5]
    desk.refuse(refused)
    failed: list[str] = []
    with pytest.raises(JobError, match="job 6") as caught:
        await gather(
            desk.work,
            runner,
            ResultFolder(tmp_path / "results"),
            Listeners(failed=lambda job, why: failed.append(f"{job.title}: {why}")),
        )
    assert "shop was not ready within 60 s" in str(caught.value.hint)
    assert [line.startswith("p5 with web: shop was not ready") for line in failed] == [True]
    assert desk.attempts(refused) == 1


async def test_a_second_run_carries_out_only_what_has_no_result(runner: Runner, desk: Desk, tmp_path: Path) -> None:
    folder = ResultFolder(tmp_path / "results")
    lost = desk.jobs.jobs[2]
    first = await gather(desk.work, runner, folder)
    folder.path(lost).unlink()
    reused: list[str] = []
    second = await gather(desk.work, runner, folder, Listeners(reused=lambda job: reused.append(job.title)))
    assert len(reused) == 5
    assert [desk.attempts(job) for job in desk.jobs.jobs] == [1, 1, 2, 1, 1, 1]
    assert render(merged(desk.jobs, first)) == render(merged(desk.jobs, second))


async def test_the_verdict_is_the_same_to_the_byte_with_one_worker_and_with_three(
    runner: Runner, desk: Desk, tmp_path: Path
) -> None:
    told = []
    for workers in (1, 3):
        work = replace(desk.work, workers=workers)
        found = await gather(work, runner, ResultFolder(tmp_path / str(workers)))
        told.append(render(merged(desk.jobs, found)))
    assert told[0] == told[1]
