"""A plan and its parts."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from servanda.verdict import DeployOrder


class Phase(enum.StrEnum):
    """Part of a rollout that a step belongs to."""

    OLD = "all old"
    ROLLING = "rolling"
    """One service has an old and a new instance at once."""
    MIXED = "mixed"
    """Some services are new and others old, in a combination that rolling did not pass."""
    NEW = "all new"
    ROLLED_BACK = "rolled back"
    """All services are old again, on everything that the new ones wrote."""
    FORWARD = "forward again"


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the whole system.

    Attributes:
        name: Name by which reports and instances call it.
        commit: Commit that it is; empty for the working tree, and for a folder that is no commit.
        folder: Folder that holds it, relative to the root of the configuration; empty for one that is built from its
            commit.
        wheel: File of the wheel that it is, relative to the root of the configuration; empty for any other.
        image: Name of the container image that it is, as somebody gave it; empty for any other.
        digest: Hash of what a wheel and its lock file hold, or the id of an image; empty for any other.
    """

    name: str
    commit: str = ""
    folder: str = ""
    wheel: str = ""
    image: str = ""
    digest: str = ""

    @property
    def is_artifact(self) -> bool:
        """Tell whether it is what a release publishes, which holds no tests as a rule."""
        return bool(self.wheel or self.image)


@dataclass(frozen=True, slots=True)
class Step:
    """A state of the rollout.

    Attributes:
        number: Which one it is of the whole plan, from 1.
        live: Names of the live versions by service, the oldest first, one for each instance; services in the order of
            the rollout.
        service: The service that is exchanged, in a rolling step.
    """

    number: int
    phase: Phase
    live: Mapping[str, tuple[str, ...]]
    service: str = ""

    @property
    def instances(self) -> int:
        """Return how many instances the service that is exchanged has; 1 where none is."""
        return len(self.live[self.service]) if self.service else 1

    @property
    def title(self) -> str:
        """Return its phase in words, with the service that is exchanged."""
        return f"{self.phase}: {self.service}" if self.service else str(self.phase)


@dataclass(frozen=True, slots=True)
class Run:
    """Steps between one live version and the candidate, on stores of their own: the rollout, or the other combinations.

    Attributes:
        old: Name of the live version.
    """

    old: str
    steps: tuple[Step, ...]


def most_at_once(run: Run) -> int:
    """Return how many instances of one version of a service run at the same time at most."""
    return max(names.count(name) for step in run.steps for names in step.live.values() for name in names)


@dataclass(frozen=True, slots=True)
class Plan:
    """A mixed-version run before it starts.

    Attributes:
        candidate: The version that is to be deployed.
        live: The versions that are live, the oldest first.
        services: The services in the order of the rollout.
        order: The order that the comparison of the interfaces claims to be safe.
        seed: Seed of everything that is drawn.
        base: Commit that the plan was made at; empty outside of git.
    """

    candidate: Version
    live: tuple[Version, ...]
    services: tuple[str, ...]
    order: DeployOrder
    seed: int
    runs: tuple[Run, ...]
    base: str = ""

    @property
    def versions(self) -> tuple[Version, ...]:
        """Return all versions, the candidate last."""
        return (*self.live, self.candidate)

    def __iter__(self) -> Iterator[Step]:
        """Yield the steps of all runs."""
        return (step for run in self.runs for step in run.steps)
