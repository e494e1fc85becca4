"""Input and result of one way of providing a store."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from servanda.configuration import Store
from servanda.errors import InfrastructureError
from servanda.infra.choice import Choice
from servanda.infra.events import Listener, StorePreparing
from servanda.infra.store import Endpoint
from servanda.processes import free_ports

_T = TypeVar("_T")


class AbandonedError(InfrastructureError):
    """A store was not brought up because another one could not be, or because the run was interrupted."""


@dataclass(frozen=True, slots=True)
class Running:
    """A store that answers.

    Attributes:
        endpoint: Its address.
        stop: Ends it; may be called once, from any thread.
        server: What it runs in, if this run started it; whoever asks it hears of an end that nobody asked for.
    """

    endpoint: Endpoint
    stop: Callable[[], object]
    server: Server | None = None


class Server(Protocol):
    """A process or container in which a store runs."""

    def poll(self) -> int | None:
        """Exit code, or None while it runs."""

    def last_lines(self, count: int = 50) -> tuple[str, ...]:
        """Return the end of its log."""

    def stop(self) -> object:
        """End it and wait until it is gone."""


class Starter(Protocol):
    """The function ``start`` that a store's module for a way of providing it has."""

    def __call__(self, task: BringUp) -> Running:
        """Bring the store up and wait until it answers.

        Raises:
            InfrastructureError: It does not; nothing of it is left running.
        """


@dataclass(frozen=True, slots=True)
class BringUp:
    """One store to bring up.

    Attributes:
        deadline: ``time.monotonic()`` at which the whole bring-up has failed.
        abandoned: Set as soon as the others need not go on, because one failed or the run was interrupted.
        choose_ports: Gives so many ports to listen on.
    """

    store: Store
    choice: Choice
    listener: Listener
    deadline: float
    abandoned: threading.Event = field(default_factory=threading.Event)
    choose_ports: Callable[[int], tuple[int, ...]] = free_ports

    def prepare(self, what: str) -> None:
        """Tell that something is done that a later run on this host need not repeat."""
        self.listener(StorePreparing(self.store, what))

    def remaining(self) -> float:
        """Seconds left, at least 0."""
        return max(0.0, self.deadline - time.monotonic())

    def wait(self, probe: Callable[[], _T | None], server: Server | None = None, pause: float = 0.01) -> _T:
        """Return the first answer of ``probe`` that is not None.

        Raises:
            InfrastructureError: The deadline passed, the bring-up was abandoned, or ``server`` ended.
        """
        while True:
            answer = probe()
            if answer is not None:
                return answer
            if server is not None and (code := server.poll()) is not None:
                raise self.failure(f"{self.store} ended with code {code} before it was ready", server.last_lines())
            if self.remaining() == 0:
                lines = server.last_lines() if server is not None else ()
                raise self.failure(f"{self.store} was not ready in time", lines)
            if self.abandoned.wait(pause):
                raise AbandonedError(f"the bring-up of {self.store} was abandoned")

    def failure(self, what: str, lines: tuple[str, ...] = (), hint: str | None = None) -> InfrastructureError:
        """Return an error that carries the last lines of the store's log."""
        log = "the last lines of its log:\n  " + "\n  ".join(lines) if lines else None
        return InfrastructureError(what, hint="\n".join(part for part in (hint, log) if part) or None)
