"""A place where jobs run: a queue that nobody works off."""

from __future__ import annotations

from dataclasses import dataclass

from servanda.jobs.running import Ended, Heard, Runner, Work


@dataclass(frozen=True)
class Queue:
    """Takes every job, and has a result for none."""

    address: str

    async def run(self, work: Work, heard: Heard) -> None:
        """Tell of every job that it waits."""
        for job in work.jobs:
            heard(Ended(job, why=f"it waits in the queue {self.address}"))


def queue(address: str) -> Runner:
    """Return the runner of a queue."""
    return Queue(address)
