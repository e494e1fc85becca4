"""One supervised process: its output, its end, and how it is asked to end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from dataclasses import replace

from servanda.errors import SupervisionError
from servanda.processes import Lines, Log, PipedChild, StopPolicy, has_program
from servanda.supervision.container import contained
from servanda.supervision.launch import Command

_KILLED = 128 + signal.SIGKILL


class Process:
    """A running command under a guard, which ends it when this process ends, in whatever way.

    Its output is appended to a log as it is written; the last lines are kept.

    Attributes:
        command: What runs.
        pid: Process id of the guard; the command is its child.
        exited: Done as soon as the process is gone and its output read, with the exit status.
    """

    def __init__(self, command: Command, child: PipedChild, lines: Lines, log: Log) -> None:
        self.command = command
        self._child = child
        self._lines = lines
        self._log = log
        self.pid = child.pid
        self.exited: asyncio.Task[int] = asyncio.create_task(self._follow(), name=f"follow service {child.pid}")

    @classmethod
    async def spawn(cls, command: Command, listener: Callable[[str], None]) -> Process:
        """Start ``command``; its output is appended to its log, and each line is handed to ``listener``.

        Raises:
            ProcessError: It cannot be started.
            SupervisionError: There is no such program.
        """
        image, program = command.instance.source.image, command.arguments[0]
        if image is None and not has_program(program, command.environment, command.directory):
            raise SupervisionError(
                f"the program '{program}' cannot be found",
                where=f"services.{command.service.name}.command",
                hint="install it, or give its full path",
            )
        arguments, environment = command.arguments, {**command.environment, **command.probe}
        policy = StopPolicy(grace=command.service.drain_seconds)
        if image is not None:
            passed = {name: environment[name] for name in command.passed}
            inside = contained(arguments, passed, image, named=command.instance.name)
            arguments, environment = inside.arguments, dict(inside.environment)
            policy = replace(policy, afterwards=inside.afterwards)
        lines, log = Lines(command.output, listener), Log(command.log, command.output)

        def heard(chunk: bytes) -> None:
            log.write(chunk)
            lines.feed(chunk)

        try:
            child = await PipedChild.start(arguments, environment, command.directory, heard, policy)
        except BaseException:
            log.close()
            raise
        return cls(command, child, lines, log)

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the last lines of its output."""
        return self._lines.last

    @property
    def alive(self) -> bool:
        """Tell whether it still runs."""
        return not self.exited.done()

    def failed(self, what: str) -> SupervisionError:
        """Return the error that says what it failed to do, with the last lines of its output."""
        lines = "\n".join(f"  {line.expandtabs()}" for line in self.lines) or "  (no output)"
        return SupervisionError(
            f"service '{self.command.instance.name}' {what}",
            where=str(self.command.log),
            hint=f"the last lines of its output:\n{lines}",
        )

    async def stop(self) -> bool:
        """Ask it to end and wait until it did. True if it had to be killed, because its drain time was over."""
        await self._child.stop()
        return await asyncio.shield(self.exited) == _KILLED

    async def kill(self) -> None:
        """End it at once, without a chance to finish anything."""
        await self._child.kill()
        await asyncio.wait([self.exited])

    async def _follow(self) -> int:
        try:
            return await self._child.exited
        finally:
            self._lines.close()
            self._log.close()
