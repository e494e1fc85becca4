"""Jobs: parts of a verification or of a mixed-version run as data, carried out anywhere and merged into one verdict."""

from servanda.jobs.document import Jobs, read_jobs, written
from servanda.jobs.job import Job, Task, identified
from servanda.jobs.making import jobs_of_contracts, jobs_of_plan
from servanda.jobs.merging import merged
from servanda.jobs.result import Result, read_result, sealed

__all__ = [
    "Job",
    "Jobs",
    "Result",
    "Task",
    "identified",
    "jobs_of_contracts",
    "jobs_of_plan",
    "merged",
    "read_jobs",
    "read_result",
    "sealed",
    "written",
]
