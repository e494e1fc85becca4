"""Running a tool to its end, within bounds, where nothing of an examined tree is executed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from servanda.errors import ProcessError
from servanda.processes.ending import wait_for_end
from servanda.processes.interruption import require_uninterrupted, watching
from servanda.processes.parent import ending_with_parent

_CHUNK = 65536
_LAST_WORDS_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """Time limit of a tool, in seconds, and size limit of each of its outputs, in bytes."""

    seconds: float = 300.0
    output_bytes: int = 1 << 30


@dataclass(frozen=True, slots=True)
class Finished:
    """Result of a tool: its exit code (negative: ended by that signal) and all that it wrote."""

    code: int
    output: bytes
    errors: bytes

    @property
    def complaint(self) -> str:
        """Return its standard error as text."""
        return self.errors.decode("utf-8", "replace").strip()


_DEFAULT_BOUNDS = Bounds()


def run_tool(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    folder: Path | None = None,
    talk: bytes = b"",
    bounds: Bounds = _DEFAULT_BOUNDS,
) -> Finished:
    """Run a command that executes code of the suite, of its libraries or of the system, never of a tree.

    Args:
        command: Absolute path of the program, and its arguments.
        environment: The whole environment, see :func:`servanda.processes.tool_environment`.
        folder: Working directory; if left out, an empty private one that goes with the run.
        talk: What it reads from its standard input.
        bounds: When it is given up.

    Raises:
        ProcessError: It cannot be started, takes too long or writes too much.
    """
    with contextlib.ExitStack() as held:
        place = folder or held.enter_context(tempfile.TemporaryDirectory(prefix="servanda-tool-"))
        return _Run(command, environment, Path(place)).finish(talk, bounds)


class _Run:
    def __init__(self, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self._name = Path(command[0]).name
        require_uninterrupted(self._name)
        self._overflow = False
        if not (Path(command[0]).is_file() and os.access(command[0], os.X_OK)):
            raise ProcessError(f"{self._name} cannot be run: it is not an executable file", where=str(command[0]))
        try:
            self._process = subprocess.Popen(
                # Who is killed (``kill -9``) cannot kill the tool any more.
                ending_with_parent(command),
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise ProcessError(f"{self._name} cannot be run: {error.strerror}", where=str(command[0])) from error

    def finish(self, talk: bytes, bounds: Bounds) -> Finished:
        read = {"output": bytearray(), "errors": bytearray()}
        pipes = {"output": self._process.stdout, "errors": self._process.stderr}
        threads = [
            threading.Thread(target=self._read, args=(pipe, read[name], bounds.output_bytes), daemon=True)
            for name, pipe in pipes.items()
        ]
        threads.append(threading.Thread(target=self._write, args=(self._process.stdin, talk), daemon=True))
        for thread in threads:
            thread.start()
        try:
            with watching(self._signal):
                code = wait_for_end(self._process, bounds.seconds)
        except subprocess.TimeoutExpired:
            raise ProcessError(f"{self._name} did not end within {bounds.seconds:g} s and was killed") from None
        finally:
            # Whatever it started goes too. What went into a session of its own stays, and may hold a pipe open for
            # ever: then its thread is left to wait alone, and what was said until now counts.
            self._kill()
            until = time.monotonic() + _LAST_WORDS_SECONDS
            for thread in threads:
                thread.join(max(0.0, until - time.monotonic()))
        if self._overflow:
            raise ProcessError(f"{self._name} wrote more than {bounds.output_bytes} bytes and was killed")
        return Finished(code, bytes(read["output"]), bytes(read["errors"]))

    def _read(self, pipe: IO[bytes], kept: bytearray, limit: int) -> None:
        with pipe:
            while chunk := os.read(pipe.fileno(), _CHUNK):
                if len(kept) + len(chunk) > limit:
                    self._overflow = True
                    self._kill()
                    break
                kept += chunk

    @staticmethod
    def _write(pipe: IO[bytes], talk: bytes) -> None:
        with contextlib.suppress(BrokenPipeError), pipe:
            pipe.write(talk)

    def _kill(self) -> None:
        self._signal()
        self._process.wait()

    def _signal(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
