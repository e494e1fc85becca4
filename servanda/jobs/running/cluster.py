"""A cluster of Kubernetes as one run sees it: its Indexed Job, the pods of it, and their logs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import httpx2
import lightkube
from lightkube.core.exceptions import ConfigError
from lightkube.resources.batch_v1 import Job as IndexedJob
from lightkube.resources.core_v1 import ConfigMap
from lightkube.resources.core_v1 import Pod as PodResource
from lightkube.types import CascadeType

from servanda.errors import ConfigurationError
from servanda.jobs.running.manifest import CONTAINER, Manifest, selector

_INDEX: Final = "batch.kubernetes.io/job-completion-index"
_CLEARING_UP_SECONDS: Final = 30.0
_ENDED: Final = frozenset({"Complete", "Failed"})
_Answer = TypeVar("_Answer")


class ClusterError(Exception):
    """A request that the cluster refused or did not answer."""


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod that ended.

    Attributes:
        index: The index of its job, from 0.
        ending: Its end in words.
    """

    name: str
    index: int
    succeeded: bool
    ending: str


class Cluster:
    """Asks the API server of a cluster.

    Attributes:
        address: Address of the server.

    Args:
        client: Sends the requests.
        address: Address of the server.
        name: Name of the Indexed Job of the run.
    """

    def __init__(self, client: Any, address: str, name: str) -> None:
        self._client = client
        self._name = name
        self.address = address

    @classmethod
    def configured(cls, context: str, namespace: str, name: str) -> Cluster:
        """Return the cluster that the account of this pod, or the configuration of kubectl, names.

        Args:
            context: Name of a context; empty for the current one.
            namespace: Name of a namespace; empty for that of the context.
            name: Name of the Indexed Job of the run.

        Raises:
            ConfigurationError: Nothing is configured, or there is no such context.
        """
        try:
            found = lightkube.KubeConfig.from_env().get(context or None)
            client = lightkube.AsyncClient(config=found, namespace=namespace or None)
        except (ConfigError, OSError, ValueError, KeyError, TypeError) as error:
            hint = "set KUBECONFIG, or name a context that 'kubectl config get-contexts' lists: kubernetes://CONTEXT"
            raise ConfigurationError(
                f"no cluster is configured: {error}", where="--on kubernetes", hint=hint
            ) from error
        return cls(client, str(found.cluster.server) if found is not None else "", name)

    async def create(self, job: Manifest, document: Manifest) -> None:
        """Create the Indexed Job, and the document that its pods wait for; Kubernetes removes it with the job.

        Raises:
            ClusterError: The cluster refuses one of them.
        """
        made = await self._asked(self._client.create(IndexedJob.from_dict(dict(job))))
        owner = {"apiVersion": "batch/v1", "kind": "Job", "name": self._name, "uid": made.metadata.uid}
        owned = {**document, "metadata": {**document["metadata"], "ownerReferences": [owner]}}
        await self._asked(self._client.create(ConfigMap.from_dict(owned)))

    async def has_ended(self) -> bool:
        """Tell whether no pod will run any more.

        Raises:
            ClusterError: The cluster does not answer.
        """
        job = await self._asked(self._client.get(IndexedJob, self._name))
        conditions = (job.status.conditions if job.status is not None else None) or ()
        return any(each.type in _ENDED and each.status == "True" for each in conditions)

    async def pods(self) -> tuple[Pod, ...]:
        """Return the pods that ended.

        Raises:
            ClusterError: The cluster does not answer.
        """
        return await self._asked(self._pods())

    async def log(self, pod: str) -> str:
        """Return the log of a pod; empty if it never had one.

        Raises:
            ClusterError: The cluster does not answer.
        """
        try:
            return await self._asked(self._log(pod))
        except ClusterError as error:
            if isinstance(error.__cause__, lightkube.ApiError):
                return ""
            raise

    async def clear_up(self) -> None:
        """Remove everything of the run, as far as the cluster is there."""
        for kind in (IndexedJob, ConfigMap):
            with suppress(ClusterError, TimeoutError):
                async with asyncio.timeout(_CLEARING_UP_SECONDS):
                    await self._asked(self._client.delete(kind, self._name, cascade=CascadeType.BACKGROUND))
        with suppress(Exception):  # whatever is wrong with connections that are left is no news
            await self._client.close()

    async def _pods(self) -> tuple[Pod, ...]:
        found = [pod async for pod in self._client.list(PodResource, labels=dict(selector(self._name)))]
        return tuple(_ended(pod) for pod in found if pod.status.phase in ("Succeeded", "Failed"))

    async def _log(self, pod: str) -> str:
        return "".join([line async for line in self._client.log(pod, container=CONTAINER)])

    async def _asked(self, work: Awaitable[_Answer]) -> _Answer:
        try:
            return await work
        except (httpx2.HTTPError, OSError, ValueError) as error:
            raise ClusterError(str(error) or type(error).__name__) from error


def _ended(pod: Any) -> Pod:
    index = (pod.metadata.annotations or {}).get(_INDEX) or (pod.metadata.labels or {}).get(_INDEX, "0")
    states = [each.state.terminated for each in pod.status.containerStatuses or () if each.state is not None]
    told = next((f"with code {each.exitCode} ({each.reason})" for each in states if each is not None), "")
    ending = told or f"({pod.status.reason or pod.status.phase})"
    return Pod(pod.metadata.name, int(index), pod.status.phase == "Succeeded", ending)
