"""Ways to run jobs: on this machine, on a Dask cluster, on Kubernetes. Each is a module and a row of the suite."""

from servanda.jobs.running.gathering import gather
from servanda.jobs.running.place import Place, place_of
from servanda.jobs.running.runner import Ended, Heard, Runner, Work, result_in
from servanda.jobs.running.selection import runner_for

__all__ = ["Ended", "Heard", "Place", "Runner", "Work", "gather", "place_of", "result_in", "runner_for"]
