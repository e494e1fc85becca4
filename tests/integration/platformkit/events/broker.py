"""A Kafka broker of a test's own, to be killed and started again."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from servanda.infra import choose, start
from servanda.processes import Child


@dataclass(slots=True)
class Broker:
    """A broker in a process of this host.

    Attributes:
        bootstrap: Where it answers, before and after.
        log: File that receives what a second life says.
    """

    bootstrap: str
    log: Path
    _again: Child | None = None

    def kill(self) -> tuple[str, ...]:
        """As kill -9.

        Returns:
            The command that starts it again, on the same data.
        """
        pid, command = self._process()
        # Its supervisor sees it end and goes as well, but leaves the data where they are.
        os.kill(pid, signal.SIGKILL)
        return command

    def restart(self, command: tuple[str, ...]) -> None:
        """Starts it again; returns before it answers."""
        self._again = Child(command, self.log)

    def stop(self) -> None:
        """Ends the second life."""
        if self._again is not None:
            self._again.stop()

    def _process(self) -> tuple[int, tuple[str, ...]]:
        port = self.bootstrap.rpartition(":")[2]
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            # A process may end while it is looked at.
            with suppress(OSError):
                command = tuple(argument.decode() for argument in file.read_bytes().split(b"\0")[:-1])
                if command and Path(command[0]).name == "java" and f":{port}," in Path(command[-1]).read_text():
                    return int(file.parent.name), command
        raise AssertionError(f"nobody serves {self.bootstrap}")


@contextmanager
def broker_of_its_own(folder: Path, environ: Mapping[str, str]) -> Iterator[Broker]:
    """A broker that nobody else uses, for as long as the context lasts."""
    # However the others of this run are provided: only a process of this host can be killed here.
    neutral = {name: value for name, value in environ.items() if not name.startswith("SERVANDA_INFRA")}
    with start(["kafka"], choose("embedded", neutral)) as endpoints:
        broker = Broker(endpoints.kafka.bootstrap, folder / "broker.log")
        try:
            yield broker
        finally:
            broker.stop()
