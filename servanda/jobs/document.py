"""The document of jobs, as JSON and back; ``docs/reference/jobs.schema.json`` describes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import msgspec

from servanda.errors import JobError
from servanda.jobs.job import Job, content_hash, plain
from servanda.versions.plan import Plan, Run, Step

FORMAT: Final = "servanda-jobs"
VERSION: Final = 1
_HINT: Final = "make one: servanda verify --jobs FILE, or servanda versions --jobs FILE"
_SHORTEST: Final = 4
_NUMBER: Final = re.compile(r"[1-9]\d{0,8}")
_HASH: Final = re.compile(r"[0-9a-f]{4,64}")


@dataclass(frozen=True, slots=True)
class Jobs:
    """All jobs whose results make one verdict.

    Attributes:
        stage: Name of the stage that the verdict has: ``providers`` or ``versions``.
        versions: Versions that the verdict is about, by name: the suite, the base of interfaces, and the commit, with
            ``+`` if files differed from it.
        jobs: In the order in which the verdict lists what they found.
    """

    stage: str
    versions: Mapping[str, str]
    jobs: tuple[Job, ...]

    def number(self, job: Job) -> int:
        """Return the place of a job in the document, from 1."""
        return next(number for number, each in enumerate(self.jobs, 1) if each.hash == job.hash)

    def named(self, job: Job) -> str:
        """Return a job as messages name it."""
        return f"job {self.number(job)} ({job.title})"

    def with_only(self, jobs: Iterable[Job]) -> Jobs:
        """Return a document of some of the jobs."""
        return replace(self, jobs=tuple(jobs))

    def find(self, names: Sequence[str]) -> tuple[Job, ...]:
        """Return the jobs that are named by number or by the beginning of their hash, each once.

        Raises:
            JobError: There is no such job, or there are several.
        """
        return tuple({job.hash: job for job in map(self._find, names)}.values())

    def _find(self, name: str) -> Job:
        if _NUMBER.fullmatch(name) and int(name) <= len(self.jobs):
            return self.jobs[int(name) - 1]
        found = [job for job in self.jobs if _HASH.fullmatch(name) and job.hash.startswith(name)]
        if len(found) == 1:
            return found[0]
        what = f"'{name}' names {len(found)} jobs" if found else f"there is no job '{name}'"
        hint = f"expected a number from 1 to {len(self.jobs)}, or at least {_SHORTEST} characters of a hash"
        raise JobError(what, hint=f"{hint}: servanda jobs show FILE")


def written(jobs: Jobs) -> str:
    """Return a document of jobs, the same text for the same jobs."""
    content = plain(jobs)
    assert isinstance(content, dict)  # noqa: S101 - for the type checker
    return json.dumps({"format": FORMAT, "version": VERSION, **content}, indent=1, ensure_ascii=False) + "\n"


def read_jobs(text: str | bytes, where: str) -> Jobs:
    """Read a document that :func:`written` gave.

    Args:
        text: The document.
        where: Its file, for errors.

    Raises:
        JobError: It is none, one of another version, or a job of it was changed after it was made.
    """
    document = opened(text, where, FORMAT, VERSION, "document of jobs", _HINT)
    try:
        read = msgspec.convert(document, Jobs)
    except msgspec.ValidationError as error:
        raise JobError(f"is no document of jobs: {error}", where=where, hint=_HINT) from None
    jobs = Jobs(read.stage, MappingProxyType(dict(read.versions)), tuple(map(_frozen, read.jobs)))
    _require_whole(jobs, where)
    return jobs


def opened(text: str | bytes, where: str, name: str, version: int, what: str, hint: str) -> dict[str, Any]:
    """Return the content of a document whose format and version are as expected.

    Raises:
        JobError: They are not.
    """
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise JobError(f"is no {what}: {error}", where=where, hint=hint) from None
    if not isinstance(document, dict) or document.pop("format", None) != name:
        raise JobError(f"is no {what}: 'format' is not '{name}'", where=where, hint=hint)
    if (found := document.pop("version", None)) != version:
        raise JobError(f"is a {what} of version {found!r}, expected {version}", where=where, hint=hint)
    return document


def _require_whole(jobs: Jobs, where: str) -> None:
    if not jobs.jobs:
        raise JobError("has no jobs", where=where, hint=_HINT)
    for number, job in enumerate(jobs.jobs, 1):
        expected = content_hash(job.task, job.inputs)
        if job.hash != expected:
            what = f"job {number} was changed after it was made: its hash is {job.short}, that of its content"
            raise JobError(f"{what} {expected[:12]}", where=where, hint=_HINT)
        if job.task.plan is None and not job.task.provider:
            raise JobError(f"job {number} has neither a provider nor a plan", where=where, hint=_HINT)
    seen: set[str] = set()
    for job in jobs.jobs:
        if job.hash in seen:
            raise JobError(f"job {job.short} ({job.title}) is there twice", where=where, hint=_HINT)
        seen.add(job.hash)


def _frozen(job: Job) -> Job:
    task = job.task if job.task.plan is None else replace(job.task, plan=_frozen_plan(job.task.plan))
    return replace(job, task=task, inputs=MappingProxyType(dict(job.inputs)))


def _frozen_plan(plan: Plan) -> Plan:
    runs = tuple(Run(run.old, tuple(_frozen_step(step) for step in run.steps)) for run in plan.runs)
    return replace(plan, runs=runs)


def _frozen_step(step: Step) -> Step:
    return replace(step, live=MappingProxyType(dict(step.live)))
