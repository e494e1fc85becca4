"""Plan of a mixed-version run, as data: which versions of which service live in which step."""

from servanda.versions.plan.document import read_plan, written
from servanda.versions.plan.making import make_plan
from servanda.versions.plan.step import Phase, Plan, Run, Step, Version, most_at_once

__all__ = ["Phase", "Plan", "Run", "Step", "Version", "make_plan", "most_at_once", "read_plan", "written"]
