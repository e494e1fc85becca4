"""Starting again what ended unexpectedly: after a pause, and not for ever."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

from servanda.errors import SupervisionError
from servanda.supervision.events import Changed, Listener, Restarting, Waiting
from servanda.supervision.fleet import Running
from servanda.supervision.service import SupervisedService
from servanda.supervision.state import write_state
from servanda.supervision.tasks import at_once


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """Rule by which an instance is started again.

    Attributes:
        most: How often in a row; another end after that is a crash loop.
        settled_seconds: Time that it has to run until its earlier ends do not count any more.
        first_seconds: Pause before the first start in a row; before each further one it is twice as long.
        longest_seconds: The longest pause.
    """

    most: int = 5
    settled_seconds: float = 60.0
    first_seconds: float = 0.5
    longest_seconds: float = 8.0

    def pause(self, attempt: int) -> float:
        """Return the seconds before a start, the first of which in a row is 1."""
        return min(self.first_seconds * 2.0 ** (attempt - 1), self.longest_seconds)


_DEFAULT = RestartPolicy()


class Restarts:
    """The instances of a running system, kept running.

    Args:
        running: The system.
        folder: That of its plan; the state file in it names the processes that run now.
        listener: Told before each start.
        policy: When there is one, and how often.
        patient: Whether an instance that ends too often waits for a reload, in place of ending the run.
    """

    def __init__(
        self,
        running: Running,
        folder: Path,
        listener: Listener,
        policy: RestartPolicy = _DEFAULT,
        *,
        patient: bool = False,
    ) -> None:
        self._running = running
        self._folder = folder
        self._listener = listener
        self._policy = policy
        self._patient = patient
        self._locks = {name: asyncio.Lock() for name in running.names}
        self._reloads = {name: asyncio.Event() for name in running.names}
        self._waiting: set[str] = set()

    async def keep(self) -> None:
        """Start again what ends, until this is cancelled.

        Raises:
            SupervisionError: An instance ended too often in a row; the last lines of its output are in the hint.
        """
        await at_once({name: self._keep(self._running.service(name)) for name in self._running.names})

    async def reload(self, service: str, files: tuple[str, ...]) -> None:
        """End the instances of a service and start them again, one after the other, on the same ports.

        Args:
            service: Name of the service.
            files: What changed.
        """
        for one in self._running.of_service(service):
            name = one.instance.name
            async with self._locks[name]:
                self._listener(Changed(name, files))
                try:
                    await one.restart()
                    self._waiting.discard(name)
                    write_state(self._running, self._folder)
                except SupervisionError as error:
                    self._wait(one, error)
                self._reloads[name].set()

    async def _keep(self, one: SupervisedService) -> None:
        name, ends, started = one.instance.name, 0, time.monotonic()
        failure: SupervisionError | None = None
        while True:
            await one.ended()
            async with self._locks[name]:  # of a reload, which ends it as well
                self._reloads[name].clear()
                is_reloaded = one.alive
            if is_reloaded or name in self._waiting:
                if not is_reloaded:
                    await self._reloads[name].wait()
                ends, started, failure = 0, time.monotonic(), None
                continue
            ends = 1 if time.monotonic() - started >= self._policy.settled_seconds else ends + 1
            failure = failure or one.failed()
            if ends > self._policy.most:
                self._give_up(one, failure, ends)
                continue
            pause = self._policy.pause(ends)
            self._listener(Restarting(name, ends, self._policy.most, pause, failure.what))
            await asyncio.sleep(pause)
            failure = await self._start_again(one)
            started = time.monotonic()

    async def _start_again(self, one: SupervisedService) -> SupervisionError | None:
        """Start an instance unless a reload did; the error, if it could not be started, is what is told next."""
        name = one.instance.name
        async with self._locks[name]:
            if one.alive or name in self._waiting:
                return None
            try:
                await one.restart()
            except SupervisionError as error:
                return error
            write_state(self._running, self._folder)
            return None

    def _give_up(self, one: SupervisedService, failure: SupervisionError, ends: int) -> None:
        what = f"{failure.what}, {ends} times in a row: it is not started again"
        error = SupervisionError(what, where=failure.where, hint=failure.hint)
        if not self._patient:
            raise error
        self._wait(one, error)

    def _wait(self, one: SupervisedService, error: SupervisionError) -> None:
        self._waiting.add(one.instance.name)
        self._listener(Waiting(one.instance.name, error.what, one.lines))
