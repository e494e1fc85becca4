"""Efficiency of jobs on simulated Dask workers: ``python -m bench.scale --jobs 100 --workers 16 --kill 2``.

Efficiency is the time that all jobs take one after the other, divided by workers times wall time. Starting the cluster
does not count, nor does importing the suite in each worker. A job waits and does not compute, so it says nothing of how
machines share a processor; what Dask and the suite compute for all workers runs on the processors of this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from distributed import Client, LocalCluster

from bench.scale.waiting import ATTEMPTS, made, waiting
from servanda.jobs import Jobs, merged
from servanda.jobs.folder import ResultFolder
from servanda.jobs.running import Work, gather
from servanda.jobs.running.dask import Dask
from servanda.processes import OutputBounds
from servanda.report.json import render


async def measured(jobs: Jobs, cluster: Any, folder: Path, kill: int) -> tuple[float, str, Counter[str]]:
    """Run all jobs, kill some workers when a third of the jobs began, and return wall time, verdict and attempts."""
    work = Work(jobs, jobs.jobs, folder, "servanda.toml", dict(os.environ), 0, 600.0, OutputBounds(4096, 1 << 20))
    runner = Dask(cluster.scheduler_address.removeprefix("tcp://"), str(folder), task=waiting)
    attempts = folder / ATTEMPTS
    attempts.touch()
    began = time.perf_counter()
    running = asyncio.create_task(gather(work, runner, ResultFolder(folder / "results")))
    if kill:
        await asyncio.to_thread(_wait_for_a_third, attempts, len(jobs.jobs))
        for worker in list(cluster.workers.values())[:kill]:
            os.kill(worker.pid, signal.SIGKILL)
    found = await running
    seconds = time.perf_counter() - began
    return seconds, render(merged(jobs, found)), Counter(attempts.read_text(encoding="utf-8").split())


def _wait_for_a_third(attempts: Path, count: int) -> None:
    while len(attempts.read_text(encoding="utf-8").split()) * 3 < count:
        time.sleep(0.05)


def main() -> None:
    """Print the efficiency without and with killed workers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=100)
    parser.add_argument("--workers", type=int, default=16)
    parser.add_argument("--kill", type=int, default=2)
    parser.add_argument("--least", type=float, default=0.4, help="seconds of the shortest job")
    parser.add_argument("--most", type=float, default=2.4, help="seconds of the longest job")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    jobs = made(given.jobs, given.least, given.most, given.seed)
    whole = sum(job.expected_seconds for job in jobs.jobs)
    told = set()
    for kill in dict.fromkeys((0, given.kill)):
        began = time.perf_counter()
        make: Any = LocalCluster  # it has no types
        with (
            make(n_workers=given.workers, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
            tempfile.TemporaryDirectory() as folder,
        ):
            client_of: Any = Client
            with client_of(cluster) as client:
                client.run(made, 1, 0.0, 0.0, 0)  # each of them imports the suite
            started = time.perf_counter() - began
            load = os.getloadavg()[0]
            seconds, verdict, attempts = asyncio.run(measured(jobs, cluster, Path(folder), kill))
        told.add(verdict)
        lost, again = given.jobs - len(attempts), sum(attempts.values()) - len(attempts)
        print(
            f"{given.workers} workers, {kill} killed: {seconds:6.1f} s for {whole:.0f} s of {given.jobs} jobs, "
            f"efficiency {whole / given.workers / seconds:.2f}; {lost} lost, {again} begun again; "
            f"load {load:.0f}, started in {started:.0f} s"
        )
    print("verdicts equal to the byte" if len(told) == 1 else "verdicts differ")


if __name__ == "__main__":
    main()
