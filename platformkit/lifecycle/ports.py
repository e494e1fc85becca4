"""Listening on exactly the ports that were given."""

from __future__ import annotations

import errno
import socket

from platformkit.lifecycle import StartError


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on a port which nobody else listens on.

    Raises:
        StartError: The port is taken, or the address is not one of this machine.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # Lets a restarted service have its port back while old connections of it still linger, never a second listener.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise _refusal(host, port, error) from error
    listener.setblocking(False)
    return listener


def require_free(host: str, port: int) -> None:
    """Checks that nobody listens on a port that somebody else is going to bind.

    Raises:
        StartError: The port is taken, or the address is not one of this machine.
    """
    listen(host, port).close()


def _refusal(host: str, port: int, error: OSError) -> StartError:
    if error.errno == errno.EADDRINUSE:
        return StartError(
            f"port {port} on {host} is taken by another process",
            hint=f"stop that process (ss -ltnp 'sport = :{port}' shows it) or choose another port",
        )
    return StartError(f"cannot listen on {host}:{port}: {error.strerror}", hint="check HOST and the ports")
