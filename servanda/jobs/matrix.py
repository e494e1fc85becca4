"""Matrices of continuous integration: jobs in batches, since a matrix has a limit of entries."""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import yaml

from servanda.jobs.document import Jobs
from servanda.jobs.job import Job


@dataclass(frozen=True, slots=True)
class Batch:
    """Jobs that one entry of a matrix carries out, one after the other.

    Attributes:
        numbers: Their numbers in the document.
        expected_seconds: Time that they are likely to take together.
    """

    numbers: tuple[int, ...]
    expected_seconds: float

    @property
    def text(self) -> str:
        """Return the numbers as arguments of ``servanda run-job``."""
        return " ".join(map(str, self.numbers))


@dataclass(frozen=True, slots=True)
class Matrix:
    """A form of matrices.

    Attributes:
        most: Most entries that it may have.
        render: Writes it.
    """

    most: int
    render: Callable[[Jobs, Sequence[Batch]], str]


def batches(jobs: Jobs, most: int) -> tuple[Batch, ...]:
    """Return the jobs in at most so many batches that are likely to end at about the same time.

    The longest jobs are placed first, each into the batch that has least to do (Graham, "Bounds on Multiprocessing
    Timing Anomalies", 1969): the longest batch takes at most a third longer than it has to.
    """
    free: list[tuple[float, int]] = [(0.0, place) for place in range(min(most, len(jobs.jobs)))]
    placed: dict[int, list[int]] = {place: [] for _, place in free}
    numbered = sorted(enumerate(jobs.jobs, 1), key=lambda each: (-each[1].expected_seconds, each[0]))
    seconds: dict[int, float] = dict.fromkeys(placed, 0.0)
    for number, job in numbered:
        taken, place = heapq.heappop(free)
        placed[place].append(number)
        seconds[place] = taken + job.expected_seconds
        # A job that takes no time takes a place all the same.
        heapq.heappush(free, (seconds[place] + 1e-9, place))
    found = [Batch(tuple(sorted(numbers)), round(seconds[place], 1)) for place, numbers in placed.items()]
    return tuple(sorted(found, key=lambda batch: (-batch.expected_seconds, batch.numbers)))


def _title(jobs: Jobs, batch: Batch) -> str:
    first: Job = jobs.jobs[batch.numbers[0] - 1]
    more = f" and {len(batch.numbers) - 1} more" if len(batch.numbers) > 1 else ""
    return f"{first.title}{more}"


def _github(jobs: Jobs, found: Sequence[Batch]) -> str:
    entries = [{"jobs": batch.text, "title": _title(jobs, batch)} for batch in found]
    return json.dumps({"include": entries}, ensure_ascii=True) + "\n"


def _gitlab(jobs: Jobs, found: Sequence[Batch]) -> str:
    del jobs
    job: Mapping[str, Any] = {
        "extends": ".servanda-job",
        "parallel": {"matrix": [{"SERVANDA_JOBS": batch.text} for batch in found]},
    }
    document = {"include": [{"local": "servanda-job.gitlab-ci.yml"}], "servanda-jobs": job}
    # The mark tells that the file is no part of the tree that is examined, as those of jobs and results do.
    return f'# "format": "servanda-matrix"\n{yaml.safe_dump(document, sort_keys=False, width=120)}'


# https://docs.github.com/en/actions/reference/limits: a job matrix generates at most 256 jobs of a workflow run.
# https://docs.gitlab.com/ci/yaml/#parallelmatrix: at most 200 permutations.
MATRICES: Final[Mapping[str, Matrix]] = MappingProxyType(
    {"github": Matrix(256, _github), "gitlab": Matrix(200, _gitlab)}
)
"""Forms of matrices by the name of the system that reads them."""
