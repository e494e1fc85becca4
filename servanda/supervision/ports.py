"""Ports that somebody else listens on."""

from __future__ import annotations

import socket
from collections.abc import Mapping

LOOPBACK = "127.0.0.1"


def taken(ports: Mapping[str, int]) -> tuple[str, ...]:
    """Return the names of the ports that somebody listens on already."""
    return tuple(name for name, port in ports.items() if _is_taken(port))


def _is_taken(port: int) -> bool:
    # A listener that set SO_REUSEPORT would let a second one bind and share its traffic: asking for a connection tells.
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((LOOPBACK, port)) == 0
