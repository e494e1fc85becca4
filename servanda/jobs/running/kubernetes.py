"""Jobs as the pods of an Indexed Job of Kubernetes, whose image has the suite and the tree."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from servanda.errors import JobError
from servanda.extras import naming_extra
from servanda.jobs.running.manifest import config_map, indexed_job
from servanda.jobs.running.runner import Ended, Heard, Runner, Work, result_in

if TYPE_CHECKING:
    from servanda.jobs.running.cluster import Cluster, Pod

_LOOK_SECONDS: Final = 2.0
_FAILURES: Final = 3
_ERROR: Final = "error: "
_LAST_LINES: Final = 20
_HINT: Final = "see what 'kubectl get jobs,pods' says; what has a result is reused when the command is repeated"


@dataclass(frozen=True, slots=True)
class Kubernetes:
    """Runs jobs in pods; a result is read from the log of its pod.

    Attributes:
        context: Context of the configuration of kubectl; empty for the current one, or the account of this pod.
        pause: Seconds between two looks at the pods.
    """

    context: str = ""
    pause: float = _LOOK_SECONDS

    async def run(self, work: Work, heard: Heard) -> None:
        """Run every job; see :meth:`servanda.jobs.running.Runner.run`.

        Raises:
            ConfigurationError: No image is named, or there is no such context.
        """
        name = f"servanda-{secrets.token_hex(5)}"
        job, document = indexed_job(name, work), config_map(name, work)
        with naming_extra("--on kubernetes"):
            from servanda.jobs.running.cluster import Cluster, ClusterError  # noqa: PLC0415 - nobody else needs it

        cluster = Cluster.configured(self.context, work.namespace, name)
        heard_of: set[int] = set()
        failures = 0
        try:
            await cluster.create(job, document)
            while True:
                try:
                    if await _look(cluster, work, heard, heard_of):
                        return
                    failures = 0
                except ClusterError:
                    failures += 1
                    if failures == _FAILURES:
                        raise
                await asyncio.sleep(self.pause)
        except ClusterError as error:
            raise JobError(f"the cluster refused or went away: {error}", where=cluster.address, hint=_HINT) from error
        finally:
            await cluster.clear_up()


async def _look(cluster: Cluster, work: Work, heard: Heard, heard_of: set[int]) -> bool:
    """Tell of the pods that ended since the last look, and return whether that were all."""
    # Asked before the pods: whatever it says that ended is then among them.
    has_ended = await cluster.has_ended()
    pods = await cluster.pods()
    for pod in pods:
        if pod.succeeded and pod.index not in heard_of:
            text = result_in(await cluster.log(pod.name))
            heard_of.add(pod.index)
            heard(Ended(work.jobs[pod.index], text, "" if text else "the log of its pod holds no result"))
    if has_ended:
        failed = {pod.index: pod for pod in pods if not pod.succeeded}
        for index, job in enumerate(work.jobs):
            if index not in heard_of:
                heard_of.add(index)
                heard(Ended(job, why=await _why(cluster, failed.get(index))))
    return len(heard_of) == len(work.jobs)


async def _why(cluster: Cluster, pod: Pod | None) -> str:
    if pod is None:
        return "its pod is gone, and its log with it"
    lines = (await cluster.log(pod.name)).splitlines()
    if (error := next((line for line in lines if line.startswith(_ERROR)), None)) is not None:
        return "\n".join(lines[lines.index(error) :]).removeprefix(_ERROR)
    said = "\n".join(lines[-_LAST_LINES:]) or "(no output)"
    return f"its pod {pod.name} ended {pod.ending}; the last lines of its log:\n{said}"


def kubernetes(address: str) -> Runner:
    """Return the runner of a cluster that the configuration of kubectl names; the address is one of its contexts."""
    return Kubernetes(address)
