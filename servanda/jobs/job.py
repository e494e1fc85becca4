"""A job: what one process does, and everything that decides its result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import msgspec

from servanda.versions.plan import Plan


@dataclass(frozen=True, slots=True)
class Task:
    """Work of one job: contracts that are verified, or a run of a plan.

    Attributes:
        provider: The provider that is verified; empty for a run.
        consumers: Its consumers whose contracts are verified, in the order of the contracts.
        plan: Plan of one run with the steps that this job takes; ``None`` for contracts.
        mode: Provisioning of the stores; empty for the usual one.
    """

    provider: str = ""
    consumers: tuple[str, ...] = ()
    plan: Plan | None = None
    mode: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A part of the work, which can be carried out on any machine that has the same tree.

    Attributes:
        hash: SHA-256 of the task and the inputs, in hexadecimal: equal jobs have equal results.
        title: The work in a few words.
        task: The work.
        inputs: Everything that decides the result, by name: the tree, the configuration, each contract, the versions
            of the suite and of Python. Files are given by their hashes.
        stores: Stores that have to be there.
        services: Services that are started.
        expected_seconds: Time that it is likely to take; no part of the hash.
    """

    hash: str
    title: str
    task: Task
    inputs: Mapping[str, str]
    stores: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    expected_seconds: float = 0.0

    @property
    def short(self) -> str:
        """Return the beginning of the hash, as people see it."""
        return self.hash[:12]


def identified(
    title: str,
    task: Task,
    inputs: Mapping[str, str],
    *,
    stores: tuple[str, ...] = (),
    services: tuple[str, ...] = (),
    expected_seconds: float = 0.0,
) -> Job:
    """Return a job with the hash of its content; arguments as the attributes of :class:`Job`."""
    known = MappingProxyType(dict(inputs))
    return Job(content_hash(task, known), title, task, known, stores, services, expected_seconds)


def content_hash(task: Task, inputs: Mapping[str, str]) -> str:
    """Return the SHA-256 of what decides the result of a job."""
    return digest({"task": plain(task), "inputs": dict(inputs)})


def digest(value: object) -> str:
    """Return the SHA-256 of JSON values, whatever the order of their keys."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def plain(fact: object) -> object:
    """Return a fact as JSON values."""
    return msgspec.to_builtins(fact, enc_hook=_plain)


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, MappingProxyType) else str(value)
