"""Progress reports of a bring-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from servanda.configuration import Store
from servanda.verdict import StoreFact


@dataclass(frozen=True, slots=True)
class StoreStarting:
    """The bring-up of a store began."""

    store: Store
    kind: str


@dataclass(frozen=True, slots=True)
class StorePreparing:
    """Something is being done that a later run on this host need not repeat: a download, a template, a pull."""

    store: Store
    what: str


@dataclass(frozen=True, slots=True)
class StoreReady:
    """A store answered."""

    store: Store
    fact: StoreFact
    seconds: float


@dataclass(frozen=True, slots=True)
class StoreFailed:
    """A store could not be brought up; the error follows as an exception."""

    store: Store
    reason: str


@dataclass(frozen=True, slots=True)
class StoreStopped:
    """A store is gone; addresses from the environment are never stopped."""

    store: Store


@dataclass(frozen=True, slots=True)
class StoreEnded:
    """A store ended without having been asked to, with this exit code; what it held is lost."""

    store: Store
    code: int


Event = StoreStarting | StorePreparing | StoreReady | StoreFailed | StoreStopped | StoreEnded
Listener = Callable[[Event], None]


def ignore(_event: Event) -> None:
    """Listen to nothing."""
