"""Manifests of Kubernetes: an Indexed Job with one pod for each job, and the document that its pods read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from servanda.errors import ConfigurationError, LimitError
from servanda.jobs.document import written
from servanda.jobs.running.runner import ATTEMPTS, COULD_NOT_TELL, Work

Manifest: TypeAlias = Mapping[str, Any]

CONTAINER: Final = "job"
_FILE: Final = "jobs.json"
_FOLDER: Final = "/servanda"
_RESULTS: Final = "/tmp/servanda-results"  # noqa: S108 - of a container that runs one job
# https://kubernetes.io/docs/concepts/configuration/configmap/: the data of one is at most 1 MiB.
_MOST_BYTES: Final = 1_000_000
_KEPT_SECONDS: Final = 3600
_AT_ONCE: Final = 16


def config_map(name: str, work: Work) -> Manifest:
    """Return the document of the jobs that are to be run, as pods read it.

    Raises:
        LimitError: It is larger than Kubernetes allows.
    """
    text = written(work.document.with_only(work.jobs))
    if len(text.encode()) > _MOST_BYTES:
        what = f"{len(work.jobs)} jobs are {len(text.encode()):,} bytes, more than the {_MOST_BYTES:,} of a ConfigMap"
        raise LimitError(what, where="--on kubernetes")
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "labels": labels(name)},
        "data": {_FILE: text},
        "immutable": True,
    }


def indexed_job(name: str, work: Work) -> Manifest:
    """Return the Indexed Job; the pod of index 0 carries out the first of the jobs.

    A pod that is lost is begun again, one that says that its job cannot run is not
    (https://kubernetes.io/docs/concepts/workloads/controllers/job/#backoff-limit-per-index, #pod-failure-policy).

    Raises:
        ConfigurationError: No image is named.
    """
    if not work.image:
        hint = "name one that has the tree, its services' libraries and the suite: --image IMAGE"
        raise ConfigurationError("pods need an image", where="--on kubernetes", hint=hint)
    count = len(work.jobs)
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "labels": labels(name)},
        "spec": {
            "completionMode": "Indexed",
            "completions": count,
            "parallelism": min(work.workers or _AT_ONCE, count),
            "backoffLimitPerIndex": ATTEMPTS - 1,
            "maxFailedIndexes": count,
            "ttlSecondsAfterFinished": _KEPT_SECONDS,
            "podFailurePolicy": {
                "rules": [
                    {
                        "action": "FailIndex",
                        "onExitCodes": {"containerName": CONTAINER, "operator": "In", "values": [COULD_NOT_TELL]},
                    }
                ]
            },
            "template": {"metadata": {"labels": labels(name)}, "spec": _pod(name, work)},
        },
    }


def labels(name: str) -> Mapping[str, str]:
    """Return the labels of everything that belongs to a run."""
    return {"app.kubernetes.io/name": "servanda", "app.kubernetes.io/instance": name}


def selector(name: str) -> Mapping[str, str]:
    """Return the labels by which the pods of a run are found."""
    return {"app.kubernetes.io/instance": name}


def _pod(name: str, work: Work) -> Manifest:
    return {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "activeDeadlineSeconds": max(1, int(work.seconds)),
        "containers": [
            {
                "name": CONTAINER,
                "image": work.image,
                "command": [*_command(work)],
                "volumeMounts": [{"name": "jobs", "mountPath": _FOLDER, "readOnly": True}],
            }
        ],
        "volumes": [{"name": "jobs", "configMap": {"name": name}}],
    }


def _command(work: Work) -> Sequence[str]:
    # The log of a pod holds both outputs; what is printed is found in it by its form.
    arguments = ("--quiet", "run-job", f"{_FOLDER}/{_FILE}", "--print", "--results", _RESULTS)
    return ("servanda", "--config", work.configuration, *arguments)
