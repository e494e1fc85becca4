"""A guarded command whose output is read while it runs, for code that must not wait."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from servanda.errors import ProcessError
from servanda.processes.child import StopPolicy, guarded

_CHUNK_BYTES = 65536
_LAST_WORDS_SECONDS = 1.0


class PipedChild:
    """A running command under a guard, which ends it when this process ends, in whatever way.

    Attributes:
        pid: Process id of the guard; the command is its only child.
        exited: Done as soon as the command is gone and its output read, with its exit code (128 + n: by signal n).
    """

    def __init__(
        self, process: asyncio.subprocess.Process, output: int, heard: Callable[[bytes], None], policy: StopPolicy
    ) -> None:
        self._process = process
        self._policy = policy
        self._output = output
        self._heard = heard
        self.pid = process.pid
        self.exited: asyncio.Task[int] = asyncio.create_task(self._follow(), name=f"follow process {process.pid}")

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        heard: Callable[[bytes], None],
        policy: StopPolicy,
    ) -> PipedChild:
        """Start a command.

        Args:
            command: Program and arguments; code of the tree, by design.
            environment: Its whole environment.
            folder: Its working directory.
            heard: Gets what it writes to either of its outputs, as it comes.
            policy: How it is ended.

        Raises:
            ProcessError: It cannot be started.
        """
        # A pipe of our own: asyncio's hides the end of the process while anything that it started holds it open.
        output, target = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *guarded(command, policy),
                stdin=asyncio.subprocess.PIPE,
                stdout=target,
                stderr=asyncio.subprocess.STDOUT,
                cwd=folder,
                env=dict(environment),
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            os.close(output)
            raise ProcessError(f"cannot be run: {error}", where=shlex.join(command)) from error
        except BaseException:
            os.close(output)
            raise
        finally:
            os.close(target)
        return cls(process, output, heard, policy)

    async def stop(self) -> int:
        """Ask the command to end and wait until it did, which its policy sees to.

        Returns:
            Its exit code.
        """
        await self._end(signal.SIGTERM, self._policy.seconds)
        return await asyncio.shield(self.exited)

    async def kill(self) -> None:
        """End it at once, without a chance to finish anything."""
        # The guard is asked, not killed: it alone finds what the command left in sessions of its own.
        await self._end(signal.SIGQUIT, 0.0)

    async def _end(self, number: signal.Signals, seconds: float) -> None:
        # A command can stop its guard (SIGSTOP): it is told to go on, and killed if it does not do its work in time.
        for each in (number, signal.SIGCONT):
            self._send(each)
        done, _ = await asyncio.wait([self.exited], timeout=seconds + self._policy.aftermath_seconds)
        if not done:
            self._send(signal.SIGKILL)
            await asyncio.wait([self.exited])

    def _send(self, number: signal.Signals) -> None:
        # Not by asyncio, which up to Python 3.12 asks first whether the process has ended, and so takes its exit code
        # away from the thread that waits for it: that writes a warning, and tells 255 (python/cpython#127049).
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

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
        with contextlib.closing(transport):
            while chunk := await reader.read(_CHUNK_BYTES):
                self._heard(chunk)
