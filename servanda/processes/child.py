"""A child process with a log file, which ends when its parent ends."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import Signals

from servanda.processes.ending import wait_for_end
from servanda.processes.output import last_lines
from servanda.processes.private import append_to_private_file

_GUARD = Path(__file__).with_name("guard.py")
# The guard ends what a command left behind, in at most eight seconds; then it has twenty for a last command.
_LEFTOVERS_SECONDS = 10
_LAST_COMMAND_SECONDS = 22


@dataclass(frozen=True, slots=True)
class StopPolicy:
    """Way of ending a command.

    Attributes:
        signal: Asks it to end.
        grace: Seconds that it gets after each signal; after the last one it is killed.
        then: Signals that it gets after that, one by one.
        whole_group: Whether all in its process group get the signals, too, that it did not take out of it.
        afterwards: Command that runs when it has ended, in whatever way: ends what it left where no signal arrives.
    """

    signal: Signals = Signals.SIGTERM
    grace: float = 10.0
    then: tuple[Signals, ...] = ()
    whole_group: bool = False
    afterwards: tuple[str, ...] = ()

    @property
    def aftermath_seconds(self) -> float:
        """Return the longest time from then until everything has ended that it left behind."""
        return _LEFTOVERS_SECONDS + (_LAST_COMMAND_SECONDS if self.afterwards else 0)

    @property
    def seconds(self) -> float:
        """Return the longest time until the command is killed."""
        return self.grace * (1 + len(self.then))


_DEFAULT_POLICY = StopPolicy()


def guarded(
    command: Sequence[str], policy: StopPolicy = _DEFAULT_POLICY, scratch: Path | None = None
) -> tuple[str, ...]:
    """Return the command line that runs ``command`` under the guard, for a process with a pipe as its standard input.

    SIGTERM and exit codes pass through, SIGQUIT kills the command at once; it is also ended when the other side of the
    pipe is gone. What it started ends with it: on Linux all of it, elsewhere what stayed in its process group. The
    arguments are those of :class:`Child`.
    """
    return (
        sys.executable,
        "-I",
        "-S",
        str(_GUARD),
        ",".join(each.name for each in (policy.signal, *policy.then)),
        "group" if policy.whole_group else "process",
        str(policy.grace),
        str(scratch or ""),
        json.dumps(policy.afterwards) if policy.afterwards else "",
        *command,
    )


class Child:
    """A running command under a guard: the death of this process, however it comes about, ends the command.

    Args:
        command: Program and arguments.
        log: File that receives what the command says on both of its outputs; appended to.
        environment: Its environment; that of this process if absent.
        folder: Its working directory; that of this process if absent.
        policy: How it is ended.
        scratch: Folder that is removed if this process is killed and so cannot remove it itself.

    Raises:
        OSError: The guard itself could not be started. A command that cannot be started ends with code 1 at once and
            leaves the reason in the log.
    """

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        policy: StopPolicy = _DEFAULT_POLICY,
        scratch: Path | None = None,
    ) -> None:
        self.command = tuple(command)
        self.log = log
        self._seconds = policy.seconds + policy.aftermath_seconds
        with append_to_private_file(log) as output:
            self._guard = subprocess.Popen(
                guarded(command, policy, scratch),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment) if environment is not None else None,
                cwd=folder,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Return the process id of the guard; the command is its child."""
        return self._guard.pid

    def poll(self) -> int | None:
        """Exit code (128 + n if signal n ended it), or None while the command runs."""
        code = self._guard.poll()
        if code is not None:
            self._hang_up()
        return code

    def wait(self, timeout: float | None = None) -> int:
        """Exit code, once the command has ended.

        Raises:
            subprocess.TimeoutExpired: It has not ended within ``timeout`` seconds.
        """
        code = self._guard.wait() if timeout is None else wait_for_end(self._guard, timeout)
        self._hang_up()
        return code

    def request_stop(self) -> None:
        """Ask the command to end; returns at once."""
        if self._guard.stdin is not None and not self._guard.stdin.closed:
            with contextlib.suppress(BrokenPipeError):
                self._guard.stdin.write(b".")
                self._guard.stdin.flush()
        self._hang_up()

    def stop(self) -> int:
        """End the command and wait until it is gone. Does nothing if it is gone already.

        Returns:
            Its exit code.
        """
        self.request_stop()
        self._guard.send_signal(signal.SIGCONT)  # a command can stop its guard
        try:
            return wait_for_end(self._guard, self._seconds)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._guard.pid, signal.SIGKILL)
            return self._guard.wait()

    def _hang_up(self) -> None:
        if self._guard.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._guard.stdin.close()

    def last_lines(self, count: int = 50) -> tuple[str, ...]:
        """Return the end of its log."""
        return last_lines(self.log, count)
