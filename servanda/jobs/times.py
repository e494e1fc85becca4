"""Times that jobs took, by their titles: a job of the next commit has another hash, and takes about as long."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from servanda.documents import Boundary, make_generated_folder, read_bytes, replace_text
from servanda.errors import JobError
from servanda.jobs.job import Job

_FILE: Final = "times.json"
_MOST_BYTES: Final = 64 << 20


def times_in(folder: Path) -> Mapping[str, float]:
    """Return the seconds that jobs took when they were carried out last; what cannot be read is not known."""
    path = folder / _FILE
    try:
        rows = json.loads(read_bytes(path, str(path), _MOST_BYTES, JobError))
    except (JobError, ValueError, RecursionError):
        return MappingProxyType({})
    known = rows.items() if isinstance(rows, dict) else ()
    return MappingProxyType({title: float(seconds) for title, seconds in known if isinstance(seconds, int | float)})


def remember_times(folder: Path, taken: Iterable[tuple[Job, float]]) -> None:
    """Keep in mind how long jobs took.

    Args:
        folder: Where the file is.
        taken: Jobs with their seconds.

    Raises:
        JobError: It cannot be written.
    """
    known = {**times_in(folder), **{job.title: seconds for job, seconds in taken}}
    boundary = Boundary.around(folder, JobError)
    make_generated_folder(folder, boundary)
    replace_text(folder / _FILE, json.dumps(dict(sorted(known.items())), indent=1) + "\n", boundary)
