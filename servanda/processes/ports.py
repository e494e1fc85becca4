"""Ports that are free on the loopback interface."""

from __future__ import annotations

import contextlib
import socket


def free_port() -> int:
    """Return a TCP port on 127.0.0.1 that nobody listens on at this moment.

    Somebody else may take it before it is used: who starts a server on it retries with another one.
    """
    return free_ports(1)[0]


def free_ports(count: int) -> tuple[int, ...]:
    """Distinct TCP ports on 127.0.0.1 that nobody listens on at this moment."""
    with contextlib.ExitStack() as held:
        return tuple(held.enter_context(_bound()).getsockname()[1] for _ in range(count))


def _bound() -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.bind(("127.0.0.1", 0))
    return found
