"""A server that listens on a free port."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from servanda.errors import InfrastructureError
from servanda.infra.bringup import BringUp, Server

_T = TypeVar("_T")
_ATTEMPTS = 3
_PORT_TAKEN = ("address already in use", "address in use")


class PortTakenError(InfrastructureError):
    """Somebody else listens on a port that was free when it was chosen."""


@dataclass(frozen=True, slots=True)
class Listening(Generic[_T]):
    """A server that answered, the ports that it was given, and what it answered."""

    server: Server
    ports: tuple[int, ...]
    answer: _T


def listen(
    task: BringUp,
    launch: Callable[[tuple[int, ...]], Server],
    ask: Callable[[tuple[int, ...]], _T | None],
    *,
    count: int = 1,
    pause: float = 0.01,
) -> Listening[_T]:
    """Start a server on free ports, and again on others if somebody takes one in between.

    Args:
        task: What is being brought up.
        launch: Starts the server on these ports.
        ask: Its answer once it serves, None before.
        count: How many ports it needs.
        pause: Seconds between two questions.

    Raises:
        InfrastructureError: It did not answer, or the ports were taken each time.
    """
    for _ in range(_ATTEMPTS):
        ports = task.choose_ports(count)
        with suppress(PortTakenError):
            return _listen_once(task, launch, ask, ports, pause)
    raise InfrastructureError(
        f"{task.store} found no free port: each of {_ATTEMPTS} tried was taken before it could listen",
        hint="check which processes open ports on 127.0.0.1",
    )


def _listen_once(
    task: BringUp,
    launch: Callable[[tuple[int, ...]], Server],
    ask: Callable[[tuple[int, ...]], _T | None],
    ports: tuple[int, ...],
    pause: float,
) -> Listening[_T]:
    server = launch(ports)
    try:
        return Listening(server, ports, task.wait(lambda: ask(ports), server, pause))
    except BaseException as error:
        taken = _port_taken(server)
        server.stop()
        if taken:
            raise PortTakenError(f"{task.store} could not listen on {ports}") from error
        raise


def _port_taken(server: Server) -> bool:
    return any(sign in line.lower() for line in server.last_lines() for sign in _PORT_TAKEN)
