"""Runs one command and ends it when the process on the other side of standard input is gone, ``kill -9`` included.

Started as ``python -I -S guard.py SIGNALS SCOPE GRACE FOLDER AFTERWARDS COMMAND...``: it must not need anything but the
standard library. The command (SCOPE ``process``) or all in its process group (``group``) get the SIGNALS, which stand
between commas, with GRACE seconds after each, and SIGKILL in the end. Then everything ends that it left behind: its
process group at once; on Linux also what went into a session of its own, which is asked with SIGTERM first, because it
may be a guard.
A parent that wants the command to end writes a byte first, or sends SIGTERM; SIGQUIT kills all of it at once. A parent
that vanishes without a word cannot clean up any more, so FOLDER, if it is not empty, is then removed with everything in
it. AFTERWARDS, if it is not empty, is a command as JSON, which runs when the other one has ended in whatever way. Exits
with the command's code, or 128 + n if signal n ended it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_LINUX = sys.platform == "linux"
# Seconds for what is left over: first to follow SIGTERM, then to be gone after SIGKILL. Who cannot be killed, because
# it became another user, must not keep the guard for ever.
_ASKED = 4.0
_KILLED = 4.0
_AFTERWARDS = 20.0
_PAUSE = 0.02


def _die_with_guard() -> None:
    if _LINUX:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _adopt_orphans() -> None:
    # Without this, init becomes the parent of whatever a command leaves behind, and nobody finds it again.
    if _LINUX:
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class _Guard:
    """One thread does everything: the death signal is per thread, and nobody else may take the end of a child away."""

    def __init__(self, stop: list[signal.Signals], scope: str, grace: float, command: list[str]) -> None:
        self.orphaned = False
        self._stop = stop
        self._tell = os.killpg if scope == "group" else os.kill
        self._grace = grace
        self._deadline: float | None = None
        self._quick = False
        self._listening = True
        self._code: int | None = None
        _adopt_orphans()
        self._signals = _signal_pipe(signal.SIGTERM, signal.SIGQUIT, signal.SIGCHLD)
        # Kept: if it goes, it takes the end of a command that has ended already away from the guard.
        self._command = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=_die_with_guard,  # noqa: PLW1509
        )
        self._pid = self._command.pid
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def run(self) -> int:
        self._reap()
        while self._code is None:
            self._react(None if self._deadline is None else max(0.0, self._deadline - time.monotonic()))
            self._reap()
            if self._deadline is not None and time.monotonic() >= self._deadline:
                self._next_signal()
        self._end_leftovers()
        return self._code if self._code >= 0 else 128 - self._code

    def _react(self, timeout: float | None) -> None:
        watched = [self._signals, *([0] if self._listening else [])]
        ready, _, _ = select.select(watched, [], [], timeout)
        if 0 in ready:
            self._listening = False
            self.orphaned = os.read(0, 1) == b""
            self._begin_end()
        if self._signals in ready:
            received = os.read(self._signals, 64)
            if signal.SIGQUIT in received:
                self._quick = True
                self._stop = []
                self._next_signal()
            elif signal.SIGTERM in received:
                self._begin_end()

    def _begin_end(self) -> None:
        if self._deadline is None:
            self._next_signal()

    def _next_signal(self) -> None:
        number = self._stop.pop(0) if self._stop else signal.SIGKILL
        self._deadline = None if number == signal.SIGKILL else time.monotonic() + self._grace
        if self._code is None:
            tell = os.kill if number == signal.SIGKILL else self._tell
            with contextlib.suppress(ProcessLookupError, PermissionError):
                tell(self._pid, number)

    def _reap(self) -> bool:
        """Take note of every child that ended; False if there is no child any more."""
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return True
                if pid == self._pid:
                    self._code = os.waitstatus_to_exitcode(status)
        return False

    def _end_leftovers(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)
        until = time.monotonic() + (0.0 if self._quick else min(self._grace, _ASKED))
        asked: set[int] = set()
        while self._reap() and time.monotonic() < until + _KILLED:
            children = _children_of_all()
            own = children.get(os.getpid(), [])
            if time.monotonic() >= until:
                _send_all(signal.SIGKILL, _descendants(own, children))
            else:
                # From the top: a guard below removes its folder only if it sees that its parent is gone.
                _send_all(signal.SIGTERM, [pid for pid in own if pid not in asked])
                asked.update(own)
            time.sleep(_PAUSE)


def _signal_pipe(*numbers: signal.Signals) -> int:
    """Return a file descriptor to read the numbers of these signals from, as they arrive."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in numbers:
        signal.signal(number, lambda _number, _frame: None)
    return reading


def _send_all(number: signal.Signals, pids: Iterable[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _children_of_all() -> dict[int, list[int]]:
    children: dict[int, list[int]] = {}
    if _LINUX:
        with os.scandir("/proc") as entries:
            for pid in (int(entry.name) for entry in entries if entry.name.isdigit()):
                with contextlib.suppress(OSError):
                    children.setdefault(_parent(pid), []).append(pid)
    return children


def _descendants(pids: list[int], children: dict[int, list[int]]) -> Iterator[int]:
    pending = list(pids)
    while pending:
        pid = pending.pop()
        yield pid
        pending += children.get(pid, [])


def _parent(pid: int) -> int:
    # What follows the name of the program, which may hold anything: the state, and then the parent.
    with open(f"/proc/{pid}/stat", "rb") as status:  # noqa: PTH123 - pathlib takes long to import
        return int(status.read().rpartition(b")")[2].split()[1])


def _run_afterwards(text: str) -> None:
    import json  # noqa: PLC0415 - nearly always there is nothing to run

    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        nothing = subprocess.DEVNULL
        subprocess.run(
            json.loads(text), stdin=nothing, stdout=nothing, stderr=nothing, timeout=_AFTERWARDS, check=False
        )


def _main(stop: str, scope: str, grace: str, folder: str, afterwards: str, *command: str) -> int:
    parent = os.getppid()
    signals = [signal.Signals[name] for name in stop.split(",")]
    guard = _Guard(signals, scope, float(grace), list(command))
    code = guard.run()
    if afterwards:
        _run_afterwards(afterwards)
    # The parent may also have died after it asked for the end, while the command was still ending.
    if folder and (guard.orphaned or os.getppid() != parent):
        import shutil  # noqa: PLC0415 - nearly always the parent does it itself

        shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
