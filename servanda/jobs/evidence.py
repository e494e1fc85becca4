"""Evidence of the versions that met in jobs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from servanda.jobs.document import Jobs
from servanda.jobs.merging import pairings_of
from servanda.jobs.result import Result
from servanda.policy.evidence import Evidence


def evidence_of(jobs: Jobs, found: Mapping[str, Result], now: dt.datetime, report: str) -> Evidence | None:
    """Return what the jobs of a mixed-version run showed of pairs; ``None`` for jobs that verify contracts.

    Args:
        jobs: The jobs.
        found: The result of each, by its hash.
        now: When that was, in UTC.
        report: The command that repeats it.
    """
    plans = [job.task.plan for job in jobs.jobs if job.task.plan is not None]
    if not plans:
        return None
    old = tuple(dict.fromkeys(version.name for plan in plans for version in plan.live))
    pairings = pairings_of(found[job.hash] for job in jobs.jobs)
    date = now.isoformat(timespec="seconds")
    return Evidence(
        old, plans[0].candidate.name, date, "real stores", pairings, jobs.versions.get("commit", ""), report
    )
