"""A server that listens on a free port."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from treaty.errors import InfrastructureError
from treaty.infra.bringup import BringUp
from treaty.infra.processes import Child, free_ports

_T = TypeVar("_T")
_ATTEMPTS = 3
_PORT_TAKEN = ("address already in use", "address in use")


@dataclass(frozen=True, slots=True)
class Listening(Generic[_T]):
    """A server that answered, the ports that it was given, and what it answered."""

    child: Child
    ports: tuple[int, ...]
    answer: _T


def listen(
    task: BringUp,
    launch: Callable[[tuple[int, ...]], Child],
    ask: Callable[[tuple[int, ...]], _T | None],
    *,
    count: int = 1,
    choose_ports: Callable[[int], tuple[int, ...]] = free_ports,
) -> Listening[_T]:
    """Start a server on free ports, and again on others if somebody takes one in between.

    Args:
        task: What is being brought up.
        launch: Starts the server on these ports.
        ask: Its answer once it serves, None before.
        count: How many ports it needs.
        choose_ports: Where the ports come from.

    Raises:
        InfrastructureError: It did not answer, or the ports were taken each time.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        ports = choose_ports(count)
        child = launch(ports)
        try:
            return Listening(child, ports, task.wait(lambda: ask(ports), child))  # noqa: B023  called before the next turn
        except BaseException:
            child.stop()
            if attempt == _ATTEMPTS or task.abandoned.is_set() or not _port_taken(child):
                raise
    raise InfrastructureError(f"no free port for {task.store}")


def _port_taken(child: Child) -> bool:
    return any(sign in line.lower() for line in child.last_lines() for sign in _PORT_TAKEN)
