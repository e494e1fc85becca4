"""A Dask cluster whose workers die, that goes away, or that is none; docs/how-to/scale-out.md tells of it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from servanda.errors import ConfigurationError, JobError
from servanda.jobs import Job, merged
from servanda.jobs.folder import ResultFolder
from servanda.jobs.running import gather, place_of, runner_for
from servanda.jobs.running.dask import Dask
from tests.integration.jobs.conftest import Desk, Servanda
from tests.integration.waiting import eventually

Mortal: TypeAlias = "tuple[str, subprocess.Popen[bytes], subprocess.Popen[bytes]]"


async def began(desk: Desk, job: Job) -> list[int]:
    """Wait until a job that waits began, and return its processes."""

    def wait() -> None:
        eventually(lambda: desk.processes(job), until=bool, seconds=60)

    await asyncio.to_thread(wait)
    return desk.processes(job)


def require_gone(process: int) -> None:
    eventually(lambda: Path(f"/proc/{process}").exists(), until=lambda there: not there, seconds=30)


async def test_a_worker_that_is_killed_loses_no_job_and_none_counts_twice(
    desk: Desk, cluster: str, tmp_path: Path
) -> None:
    job = desk.jobs.jobs[5]
    desk.wait(job)
    folder = ResultFolder(tmp_path / "results")
    running = asyncio.create_task(gather(desk.work, Dask(cluster, str(desk.work.root), desk.suite), folder))
    waiting, _guard, worker, *_ = await began(desk, job)
    os.kill(worker, signal.SIGKILL)
    found = await asyncio.wait_for(running, 90)
    assert desk.attempts(job) == 2
    assert len(merged(desk.jobs, found).results) == 6
    require_gone(waiting)


async def test_a_run_that_is_cancelled_ends_what_the_workers_run_for_it(
    desk: Desk, cluster: str, tmp_path: Path
) -> None:
    job = desk.jobs.jobs[5]
    desk.wait(job)
    runner, folder = Dask(cluster, str(desk.work.root), desk.suite), ResultFolder(tmp_path / "results")
    running = asyncio.create_task(gather(desk.work, runner, folder))
    waiting, *_ = await began(desk, job)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await asyncio.to_thread(require_gone, waiting)


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Mortal]:
    """A cluster of its own: its address, its scheduler and its only worker."""
    file = tmp_path / "scheduler.json"
    where = ("--scheduler-file", str(file))
    program = (sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", "--no-show")
    scheduler = subprocess.Popen((*program, *where), stderr=subprocess.DEVNULL)
    eventually(file.exists, until=bool, seconds=60)
    program = (sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", "--no-dashboard")
    worker = subprocess.Popen((*program, *where), stderr=subprocess.DEVNULL)
    yield json.loads(file.read_text())["address"].removeprefix("tcp://"), scheduler, worker
    for process in (worker, scheduler):
        process.kill()
        process.wait()


async def test_a_cluster_that_goes_away_is_told_and_what_it_finished_is_kept(
    desk: Desk, mortal: Mortal, tmp_path: Path
) -> None:
    address, scheduler, _ = mortal
    # The longest begins first.
    job = desk.jobs.jobs[0]
    desk.wait(job)
    folder = ResultFolder(tmp_path / "results")
    running = asyncio.create_task(gather(desk.work, Dask(address, str(desk.work.root), desk.suite), folder))
    await began(desk, job)
    scheduler.send_signal(signal.SIGKILL)
    with pytest.raises(JobError, match="the cluster went away") as caught:
        await asyncio.wait_for(running, 60)
    assert caught.value.where == address
    assert len(folder.certain(desk.jobs.jobs)) == 5


async def test_a_cluster_without_workers_is_not_waited_for_for_ever(desk: Desk, mortal: Mortal, tmp_path: Path) -> None:
    address, _, worker = mortal
    worker.kill()
    with pytest.raises(JobError, match="the cluster had no workers for 1 s"):
        await gather(desk.work, Dask(address, suite=desk.suite, patience=1.0), ResultFolder(tmp_path / "results"))


async def test_a_scheduler_that_is_not_there_is_told(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(JobError, match="the cluster cannot be reached"):
        await gather(desk.work, Dask("127.0.0.1:1", connect=1.0), ResultFolder(tmp_path))


@pytest.mark.parametrize("address", ["", "nowhere", "host:x", ":8786", "a@host:1", "host:1/?x"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError, match="is no address of a scheduler"):
        runner_for(place_of(f"dask://{address}"))


def test_an_address_may_name_the_folder_on_the_workers() -> None:
    assert runner_for(place_of("dask://host:8786/srv/shop/")) == Dask("host:8786", "/srv/shop")


def test_the_verdict_of_a_cluster_is_that_of_this_machine_to_the_byte(
    shop: Path, servanda: Servanda, cluster: str, tmp_path: Path
) -> None:
    assert servanda("verify", "--jobs", "jobs.json").returncode == 0
    told = []
    for number, place in enumerate(("local", f"dask://{cluster}{shop}")):
        results = ("--results", str(tmp_path / str(number)))
        done = servanda("jobs", "jobs.json", "--on", place, *results, "--format", "json")
        assert done.returncode == 0, done.stderr
        told.append(done.stdout)
    done = servanda("verify", "--on", place, "--results", str(tmp_path / "at once"), "--format", "json")
    assert (done.returncode, done.stderr.count(" held after ")) == (0, 2), done.stderr
    assert told[0] == told[1] == done.stdout
