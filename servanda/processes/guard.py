"""Runs one command and ends it when the process on the other side of standard input is gone, ``kill -9`` included.

Started as ``python -I -S guard.py SIGNALS SCOPE GRACE FOLDER COMMAND...``: it must not need anything but the standard
library. The command (SCOPE ``process``) or all in its process group (``group``) get the SIGNALS, which stand between
commas, with GRACE seconds after each, and SIGKILL in the end; what is left of the group is killed too.
A parent that wants it to end writes a byte first. One that vanishes without a word cannot clean up any more, so FOLDER,
if it is not empty, is then removed with everything in it.
Exits with the command's code, or 128 + n if signal n ended it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from types import FrameType

_PR_SET_PDEATHSIG = 1


def _die_with_guard() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class _Guard:
    def __init__(self, stop: list[signal.Signals], scope: str, grace: float, command: list[str]) -> None:
        self.orphaned = False
        self._stop = stop
        self._send = os.killpg if scope == "group" else os.kill
        self._grace = grace
        # Started by the main thread, which lives as long as the guard, because the death signal is per thread; and
        # before there is any other thread, because only then code may run between fork and exec.
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=_die_with_guard,  # noqa: PLW1509
        )

    def run(self) -> int:
        signal.signal(signal.SIGTERM, self._forward)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=self._watch, daemon=True).start()
        code = self._child.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        return code if code >= 0 else 128 - code

    def _watch(self) -> None:
        self.orphaned = os.read(0, 1) == b""
        self._end()

    def _forward(self, _number: int, _frame: FrameType | None) -> None:
        threading.Thread(target=self._end, daemon=True).start()

    def _end(self) -> None:
        for number in self._stop:
            if self._child.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    self._send(self._child.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(self._grace)
                return
        self._child.kill()


def _main(stop: str, scope: str, grace: str, folder: str, *command: str) -> int:
    parent = os.getppid()
    signals = [signal.Signals[name] for name in stop.split(",")]
    guard = _Guard(signals, scope, float(grace), list(command))
    code = guard.run()
    # The parent may also have died after it asked for the end, while the command was still ending.
    if folder and (guard.orphaned or os.getppid() != parent):
        subprocess.run(["rm", "-rf", "--", folder], check=False)
    return code


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
