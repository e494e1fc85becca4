"""The folder of results: one file for each job, named by the hash of the job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from servanda.documents import Boundary, make_generated_folder, read_bytes, replace_text
from servanda.errors import JobError
from servanda.jobs.document import Jobs
from servanda.jobs.job import Job
from servanda.jobs.result import Result, read_result
from servanda.verdict import Outcome

_MOST_BYTES: Final = 256 << 20
_CERTAIN: Final = frozenset({Outcome.HELD, Outcome.BROKEN, Outcome.PENDING})
_SHOWN: Final = 3


class ResultFolder:
    """Results that are kept by the content of their jobs.

    Args:
        folder: Where they are; it is made when the first one is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, job: Job) -> Path:
        """Return the file of a job's result."""
        return self._folder / f"{job.hash}.json"

    def keep(self, job: Job, text: str | bytes, named: str) -> Result:
        """Check and write the result of a job, as a whole or not at all.

        Raises:
            JobError: It is damaged, is that of another job, or cannot be written.
        """
        result = read_result(text, named)
        if result.job != job.hash:
            what = f"the result is that of job {result.job[:12]}, expected {job.short}"
            raise JobError(what, where=named, hint="carry the job out again")
        boundary = Boundary.around(self._folder, JobError)
        make_generated_folder(self._folder, boundary)
        replace_text(self.path(job), text if isinstance(text, str) else text.decode(), boundary)
        return result

    def certain(self, jobs: Iterable[Job]) -> Mapping[str, Result]:
        """Return the results that an earlier run left and that said yes or no, by the hash of the job.

        A damaged one counts as none: its job is carried out again.
        """
        found: dict[str, Result] = {}
        for job in jobs:
            path = self.path(job)
            if not path.is_file():
                continue
            try:
                result = read_result(read_bytes(path, str(path), _MOST_BYTES, JobError), str(path))
            except JobError:
                continue
            if result.job == job.hash and result.stage.outcome in _CERTAIN:
                found[job.hash] = result
        return found


def collected(jobs: Jobs, folders: Sequence[Path]) -> Mapping[str, Result]:
    """Return the result of every job, by the hash of the job, from folders and what is below them.

    Raises:
        JobError: A folder cannot be read; or a result is missing, damaged, there twice, or that of another job.
    """
    known = {job.hash: job for job in jobs.jobs}
    places: dict[str, str] = {}
    found: dict[str, Result] = {}
    for folder in folders:
        for path in _files(folder):
            result = read_result(read_bytes(path, str(path), _MOST_BYTES, JobError), str(path))
            if result.job not in known:
                what = f"is the result of job {result.job[:12]}, which is not among these jobs"
                raise JobError(what, where=str(path), hint="remove it, or merge it with the jobs that it belongs to")
            if result.job in places:
                what = f"the result of {jobs.named(known[result.job])} is there twice"
                raise JobError(what, where=f"{places[result.job]} and {path}", hint="keep one of them")
            places[result.job], found[result.job] = str(path), result
    require_all(jobs, found)
    return found


def require_all(jobs: Jobs, found: Mapping[str, Result], why: Mapping[str, str] | None = None) -> None:
    """Refuse to judge without the result of every job.

    Args:
        jobs: The jobs.
        found: Results by the hash of the job.
        why: The reason why a job gave none, by hash, where one is known.

    Raises:
        JobError: One is missing.
    """
    missing = [job for job in jobs.jobs if job.hash not in found]
    if not missing:
        return
    named = ", ".join(jobs.named(job) for job in missing[:_SHOWN])
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    told = next((why[job.hash] for job in missing if job.hash in why), "") if why else ""
    what = f"{len(missing)} of {len(jobs.jobs)} jobs gave no result: {named}{more}"
    raise JobError(what, hint=told or f"carry it out: servanda run-job FILE {jobs.number(missing[0])}")


def _files(folder: Path) -> Sequence[Path]:
    if not folder.is_dir():
        raise JobError("there is no such folder of results", where=str(folder), hint="name the folder of --results")
    return sorted(path for path in folder.rglob("*.json") if path.is_file())
