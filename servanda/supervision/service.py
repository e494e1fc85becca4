"""One instance under supervision: start, become ready, end."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from servanda.configuration import Service
from servanda.errors import SupervisionError
from servanda.supervision.events import Exited, Listener, Output, Ready, Started, Stopped, describe_exit
from servanda.supervision.instance import Instance
from servanda.supervision.launch import Launch
from servanda.supervision.ports import taken
from servanda.supervision.process import Process
from servanda.supervision.readiness import unready, until_ready

_ATTEMPTS = 3


class SupervisedService:
    """An instance whose process this one owns.

    Args:
        relaunch: Gives its command anew, with other free ports: between the choice of a port and its use somebody else
            can take it.
    """

    def __init__(self, relaunch: Callable[[], Launch], ready_seconds: float, listener: Listener) -> None:
        self._relaunch = relaunch
        self._launch = relaunch()
        self._ready_seconds = ready_seconds
        self._listener = listener
        self._process: Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._asked_to_end = False

    @property
    def instance(self) -> Instance:
        """Return its service and version."""
        return self._launch.command.instance

    @property
    def service(self) -> Service:
        """Return its configuration."""
        return self._launch.command.service

    @property
    def ports(self) -> Mapping[str, int]:
        """Return port numbers by name."""
        return self._launch.ports

    @property
    def environment(self) -> Mapping[str, str]:
        """Return the whole environment of its process."""
        return self._launch.command.environment

    @property
    def log(self) -> Path:
        """Return the path of its log."""
        return self._launch.command.log

    @property
    def pid(self) -> int:
        """Return the process id, which is that of its group too; 0 before the start."""
        return self._process.pid if self._process else 0

    @property
    def alive(self) -> bool:
        """Tell whether its process runs."""
        return self._process is not None and self._process.alive

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the last lines of its output."""
        return self._process.lines if self._process else ()

    @property
    def exit_code(self) -> int | None:
        """Return the exit code of the process, if it ended."""
        return self._process.exited.result() if self._process and self._process.exited.done() else None

    async def unready(self) -> str:
        """Return what keeps it from being ready now, as its probe tells; empty if it is."""
        return await unready(self._launch)

    async def ended(self) -> None:
        """Return as soon as its process is gone."""
        if self._process is not None:
            await asyncio.wait([self._process.exited])

    def failed(self) -> SupervisionError:
        """Return the error that says how its process ended, with the last lines of its output."""
        assert self._process is not None, "called after its start"  # noqa: S101 - for the type checker
        return self._process.failed(f"ended {describe_exit(self._process.exited.result())}")

    async def start(self) -> None:
        """Start its process and wait until it is ready.

        Raises:
            SupervisionError: A fixed port is taken, or the process ended or was not ready in time.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            self._leave_taken_ports()
            self._asked_to_end = False
            started = time.monotonic()
            self._process = process = await self._spawn()
            self._listener(Started(self.instance.name, process.pid, self.log))
            if await self._became_ready(process):
                self._watch = asyncio.create_task(self._report_end(process), name=f"watch {self.instance.name}")
                self._listener(Ready(self.instance.name, time.monotonic() - started, self.ports))
                return
            clash = taken(self.ports)
            if attempt == _ATTEMPTS or not clash or set(clash) & self._launch.fixed:
                break
            self._launch = self._relaunch()
        raise process.failed(f"ended {describe_exit(process.exited.result())} before it was ready")

    async def stop(self) -> None:
        """Let it finish its work and end; after its drain time it is ended."""
        self._asked_to_end = True
        if self._process is not None and self._process.alive:
            started = time.monotonic()
            killed = await self._process.stop()
            self._listener(Stopped(self.instance.name, time.monotonic() - started, killed))
        await self._unwatch()

    async def kill(self) -> None:
        """End it at once, as a crash of its machine would."""
        self._asked_to_end = True
        if self._process is not None:
            await self._process.kill()
        await self._unwatch()

    async def restart(self) -> None:
        """Start it again after it ended, on the same ports and with the same environment."""
        await self.stop()
        await self.start()

    async def _became_ready(self, process: Process) -> bool:
        seen = deque[str](maxlen=1)
        ready = asyncio.create_task(until_ready(self._launch, seen.append), name=f"until {self.instance.name} is ready")
        try:
            done, _ = await asyncio.wait(
                [ready, process.exited], timeout=self._ready_seconds, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            await _cancelled(ready)
        if not done:
            await process.kill()
            raise process.failed(f"was not ready within {self._ready_within}: {self._unready(seen)}")
        if process.exited in done:
            return False
        ready.result()
        return True

    @property
    def _ready_within(self) -> str:
        own = self.service.ready_seconds is not None
        return f"{self._ready_seconds:g} s ({f'services.{self.service.name}' if own else 'limits'}.ready_seconds)"

    def _unready(self, seen: Iterable[str]) -> str:
        return "; seen last: ".join((self._launch.ready or "not all its ports are open", *seen))

    def _leave_taken_ports(self) -> None:
        clash = taken(self.ports)
        fixed = [name for name in clash if name in self._launch.fixed]
        if fixed:
            raise SupervisionError(
                f"port {self.ports[fixed[0]]} for '{fixed[0]}' is already in use",
                where=f"services.{self.service.name}",
                hint="stop the process that listens there, or choose another port",
            )
        if clash:  # its answers would pass for those of the service
            self._launch = self._relaunch()

    async def _spawn(self) -> Process:
        name = self.instance.name
        return await Process.spawn(self._launch.command, lambda line: self._listener(Output(name, line)))

    async def _report_end(self, process: Process) -> None:
        await asyncio.wait([process.exited])
        if not self._asked_to_end:
            self._listener(Exited(self.instance.name, process.exited.result(), process.lines))

    async def _unwatch(self) -> None:
        if self._watch is not None:
            await asyncio.wait([self._watch])


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.wait([task])
