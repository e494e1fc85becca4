"""A service as a process of its own, to be killed."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from servanda.processes.child import Child
from tests.integration.services.serving import free_port
from tests.integration.waiting import until

READY_SECONDS = 90.0


@dataclass(slots=True)
class ServiceProcess:
    """A service as a process of its own, which keeps its ports from one life to the next."""

    name: str
    environ: Mapping[str, str]
    log: Path
    port: int = field(default_factory=free_port)
    _child: Child | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self.begin()
        await self.ready()

    async def ready(self) -> None:
        """Wait until it says that it is ready."""
        async with httpx2.AsyncClient(base_url=self.url) as client:
            await until(lambda: self._is_ready(client), READY_SECONDS)

    def begin(self) -> None:
        """Start it, and wait for nothing: it may work, and be killed again, before it says that it is ready."""
        environment = {**os.environ, **self.environ, "HTTP_PORT": str(self.port), "DRAIN_SECONDS": "1"}
        self._child = Child([sys.executable, "-m", f"services.{self.name}"], self.log, environment=environment)

    async def _is_ready(self, client: httpx2.AsyncClient) -> bool:
        assert self._child is not None
        assert self._child.poll() is None, "\n".join(self._child.last_lines())
        try:
            return (await client.get("/readyz")).is_success
        except httpx2.TransportError:
            return False

    def kill(self) -> None:
        """As kill -9, before anything else is done here."""
        assert self._child is not None
        guard = self._child.pid
        for process in Path(f"/proc/{guard}/task/{guard}/children").read_text().split():
            os.kill(int(process), signal.SIGKILL)
        self._child.stop()

    def stop(self) -> None:
        if self._child is not None and self._child.poll() is None:
            self._child.stop()
