"""Jobs that wait as long as they are expected to take: two processors can then stand for sixteen machines."""

from __future__ import annotations

import random
import time
from pathlib import Path
from types import MappingProxyType

from servanda.jobs import Jobs, Result, Task, identified, read_jobs, sealed
from servanda.jobs.running.errand import Done, Errand
from servanda.verdict import InteractionResult, Location, Outcome, StageResult, Transport

ATTEMPTS = "attempts"


def made(count: int, least: float, most: float, seed: int) -> Jobs:
    """Return jobs whose lengths are drawn between two bounds in seconds."""
    source = random.Random(seed)
    jobs = tuple(
        identified(f"job {number}", Task(f"p{number}", ("c",)), {}, expected_seconds=source.uniform(least, most))
        for number in range(count)
    )
    return Jobs("providers", MappingProxyType({"commit": "bench"}), jobs)


def waiting(errand: Errand) -> Done:
    """Wait as long as the job is expected to take, note the attempt, and return its result."""
    (job,) = read_jobs(errand.document, "bench").find([errand.job])
    with (Path(errand.folder) / ATTEMPTS).open("a", encoding="utf-8") as file:
        file.write(f"{job.hash}\n")
    time.sleep(job.expected_seconds)
    place = Location("bench.json")
    found = InteractionResult("c", job.task.provider, Transport("http"), "a call", Outcome.HELD, place)
    stage = StageResult("providers", Outcome.HELD, results=(found,))
    return Done(sealed(Result(job.hash, stage, seconds=job.expected_seconds)))
