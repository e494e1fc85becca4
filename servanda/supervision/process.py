"""One supervised process: its output, its end, and how it is asked to end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
from collections import deque
from collections.abc import Callable

from servanda.errors import SupervisionError
from servanda.processes import StopPolicy, append_to_private_file, guarded
from servanda.supervision.launch import Command

TAIL_LINES = 50
_CHUNK_BYTES = 65536
_LAST_WORDS_SECONDS = 1.0
_KILLED = 128 + signal.SIGKILL


class Process:
    """A running command under a guard, which ends it when this process ends, in whatever way.

    Its output is appended to a log as it is written; the last lines are kept.

    Attributes:
        command: What runs.
        pid: Process id of the guard; the command is its only child.
        exited: Done as soon as the process is gone and its output read, with the exit status.
    """

    def __init__(
        self, command: Command, process: asyncio.subprocess.Process, output: int, listener: Callable[[str], None]
    ) -> None:
        self.command = command
        self._process = process
        self._output = output
        self._listener = listener
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self.pid = process.pid
        self.exited: asyncio.Task[int] = asyncio.create_task(self._follow(), name=f"follow process {process.pid}")

    @classmethod
    async def spawn(cls, command: Command, listener: Callable[[str], None]) -> Process:
        """Start ``command``; its output is appended to its log, and each line is handed to ``listener``.

        Raises:
            SupervisionError: There is no such program.
        """
        program = command.arguments[0]
        if shutil.which(program, path=command.environment.get("PATH")) is None:
            raise SupervisionError(
                f"the program '{program}' cannot be found",
                where=f"services.{command.service.name}.command",
                hint="install it, or give its full path",
            )
        # A pipe of our own: asyncio's hides the end of the process while anything that it started holds it open.
        output, target = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *guarded(command.arguments, StopPolicy(grace=command.service.drain_seconds)),
                stdin=asyncio.subprocess.PIPE,
                stdout=target,
                stderr=asyncio.subprocess.STDOUT,
                cwd=command.directory,
                env=dict(command.environment),
                start_new_session=True,
            )
        except BaseException:
            os.close(output)
            raise
        finally:
            os.close(target)
        return cls(command, process, output, listener)

    @property
    def lines(self) -> tuple[str, ...]:
        """The last lines of its output."""
        return tuple(self._tail)

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return not self.exited.done()

    def failed(self, what: str) -> SupervisionError:
        """The error that says what it failed to do, with the last lines of its output."""
        lines = "\n".join(f"  {line.expandtabs()}" for line in self.lines) or "  (it wrote nothing)"
        return SupervisionError(
            f"service '{self.command.service.name}' {what}",
            where=str(self.command.log),
            hint=f"the last lines of its output:\n{lines}",
        )

    async def stop(self) -> bool:
        """Ask it to end and wait until it did. True if it had to be killed, because its drain time was over."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        return await asyncio.shield(self.exited) == _KILLED

    async def kill(self) -> None:
        """End it at once, without a chance to finish anything."""
        # The command asked the system to be killed with its guard.
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await asyncio.wait([self.exited])

    async def _follow(self) -> int:
        reading = asyncio.create_task(self._read(), name=f"read output of process {self.pid}")
        code = await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        # Something that the process left behind may keep the pipe open; the end of the process is what counts.
        done, _ = await asyncio.wait([reading], timeout=_LAST_WORDS_SECONDS)
        if not done:
            reading.cancel()
        await asyncio.gather(reading, return_exceptions=not done)
        return code

    async def _read(self) -> None:
        reader = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(self._output, "rb", buffering=0)
        )
        pending = b""
        with contextlib.closing(transport), append_to_private_file(self.command.log) as log:
            while chunk := await reader.read(_CHUNK_BYTES):
                log.write(chunk)
                *lines, pending = (pending + chunk).split(b"\n")
                for line in lines:
                    self._heard(line)
        if pending:
            self._heard(pending)

    def _heard(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip("\r")
        self._tail.append(text)
        self._listener(text)
