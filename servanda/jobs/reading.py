"""Reading and writing the files of jobs on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from servanda import supervision
from servanda.configuration import Configuration
from servanda.documents import read_bytes
from servanda.errors import JobError
from servanda.jobs.document import Jobs, read_jobs, written

_MOST_BYTES: Final = 256 << 20


def jobs_in(file: Path) -> Jobs:
    """Return the jobs of a document.

    Raises:
        JobError: It cannot be read, or is none.
    """
    return read_jobs(read_bytes(file, str(file), _MOST_BYTES, JobError), str(file))


def keep_jobs(jobs: Jobs, file: Path) -> None:
    """Write a document of jobs.

    Raises:
        JobError: It cannot be written.
    """
    try:
        file.write_text(written(jobs), encoding="utf-8")
    except OSError as error:
        raise JobError(f"cannot be written: {error.strerror}", where=str(file)) from error


def own_place(configuration: Configuration) -> Path:
    """Return the folder below ``.servanda`` that holds results, and how long jobs took; it need not exist.

    Raises:
        SupervisionError: It leads out of the tree.
    """
    return supervision.own_folder(configuration.root, "jobs")
