"""A container that listens on a loopback port and does not outlive this process."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from docker.errors import APIError, DockerException, NotFound
from requests.exceptions import RequestException
from testcontainers.core.container import DockerContainer

from servanda.errors import InfrastructureError
from servanda.infra.listening import PortTakenError
from servanda.processes import Watcher, isolated_python

_LABEL = "dev.servanda.container"
_REAPER = Path(__file__).with_name("reaper.py")
_PORT_TAKEN = ("port is already allocated", "address already in use")


class Container:
    """A running container.

    Args:
        image: What it runs; the engine must have it.
        ports: Port on 127.0.0.1 by port of the container.
        environment: Its environment.
        tmpfs: Mount options by path of folders that are kept in memory.
        command: What it runs instead of the command of its image; every user of the host can read it.

    Raises:
        PortTakenError: Somebody else listens on the port.
        InfrastructureError: The engine refused for another reason.
    """

    def __init__(
        self,
        image: str,
        ports: Mapping[int, int],
        *,
        environment: Mapping[str, str] | None = None,
        tmpfs: Mapping[str, str] | None = None,
        command: Sequence[str] = (),
    ) -> None:
        label = uuid4().hex
        self._container = DockerContainer(image, labels={_LABEL: label})
        for inside, outside in ports.items():
            # As a pair, so that the port is published on loopback only; the method of testcontainers takes a number.
            published: dict[str, Any] = self._container.ports
            published[f"{inside}/tcp"] = ("127.0.0.1", outside)
        for name, value in (environment or {}).items():
            self._container.with_env(name, value)
        for path, options in (tmpfs or {}).items():
            self._container.with_tmpfs_mount(path, options)
        if command:
            self._container.with_command(list(command))
        # It talks to the engine that the environment names.
        self._reaper = Watcher(isolated_python(_REAPER, f"{_LABEL}={label}"), os.environ)
        try:
            self._container.start()
        except (DockerException, TimeoutError) as error:
            self.stop()
            if any(sign in str(error).lower() for sign in _PORT_TAKEN):
                raise PortTakenError(f"a port of {dict(ports)} is already in use") from error
            raise InfrastructureError(f"a container of {image} could not be started: {error}") from error

    def poll(self) -> int | None:
        """Exit code, or None while it runs."""
        container = self._container.get_wrapped_container()
        try:
            container.reload()
        except NotFound:
            return -1
        except (DockerException, RequestException):
            return None  # an engine that does not answer says nothing about the container
        return int(container.attrs["State"]["ExitCode"]) if container.status in {"exited", "dead"} else None

    def last_lines(self, count: int = 50) -> tuple[str, ...]:
        """Return the end of its log."""
        try:
            log: bytes = self._container.get_wrapped_container().logs(tail=count)
        except APIError:
            return ()
        return tuple(log.decode(errors="replace").splitlines())

    def stop(self) -> None:
        """Remove it with its volumes."""
        with contextlib.suppress(NotFound):
            self._container.stop()
        self._reaper.dismiss()
