"""Processes that are not ended with a command: they watch over something for as long as somebody needs it."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from servanda.errors import ProcessError


class Detached:
    """A process in a session of its own, which outlives this one and ends when it has nothing to do any more.

    It must run code of the suite only: started in whatever folder this process works in, see
    :func:`servanda.processes.isolated_python`.

    Args:
        command: Absolute path of the program, and its arguments.
        environment: The whole environment.
        log: File that receives what it says on both of its outputs, readable by this user only.

    Raises:
        ProcessError: It cannot be started.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self._log = log
        self._gone = False
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        redirect = (
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), flags, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        )
        try:
            # ``subprocess`` would warn of a process that still runs when nobody cares for it any more, as is meant.
            self._pid = os.posix_spawn(command[0], tuple(command), environment, file_actions=redirect, setsid=True)
        except OSError as error:
            raise ProcessError(f"cannot be run: {error.strerror}", where=command[0]) from error

    @property
    def ended(self) -> bool:
        """Tell whether it is gone."""
        self._gone = self._gone or os.waitpid(self._pid, os.WNOHANG)[0] == self._pid
        return self._gone

    @property
    def said(self) -> str:
        """Return all that it said."""
        return self._log.read_text(encoding="utf-8", errors="replace").strip()


class Watcher:
    """A process in a session of its own, which acts when this one is gone in whatever way.

    It reads its standard input: the end of that without a byte before it says that this process is gone.

    Args:
        command: Absolute path of the program, and its arguments.
        environment: The whole environment.

    Raises:
        ProcessError: It cannot be started.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        try:
            self._process = subprocess.Popen(
                command, env=dict(environment), stdin=subprocess.PIPE, start_new_session=True
            )
        except OSError as error:
            raise ProcessError(f"cannot be run: {error.strerror}", where=str(command[0])) from error

    def dismiss(self) -> None:
        """Tell it that there is nothing to do, and wait until it is gone; again, it does nothing."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(b".")
                self._process.stdin.close()
        self._process.wait()
