"""``servanda up`` in a terminal of its own, on a platform that takes no time to start."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.integration.waiting import eventually

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(slots=True)
class Terminal:
    """A running command, and all that it wrote."""

    process: subprocess.Popen[bytes]
    _keys: int
    _written: bytearray = field(default_factory=bytearray)

    @property
    def text(self) -> str:
        """Return what was written, without colours and movements of the cursor."""
        return _CONTROL.sub("", self._written.decode("utf-8", "replace")).replace("\r", "")

    def wait_for(self, pattern: str, seconds: float = 30) -> str:
        """Return the text as soon as the pattern is found in it."""
        eventually(
            lambda: self.text,
            until=lambda text: re.search(pattern, text, re.MULTILINE) is not None or self.process.poll() is not None,
            seconds=seconds,
        )
        text = self.text
        assert re.search(pattern, text, re.MULTILINE), text
        return text

    def press(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._keys, keys)

    def read(self) -> None:
        """Take in what is written until the end."""
        with suppress(OSError):  # that is how the other side of a terminal ends
            while chunk := os.read(self._keys, 65536):
                self._written += chunk


@contextmanager
def up(folder: Path, *arguments: str, environ: Mapping[str, str] | None = None) -> Iterator[Terminal]:
    """Run it in a terminal of 110 columns."""
    keys, screen = pty.openpty()
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 110, 0, 0))
    command = [str(Path(sys.executable).with_name("servanda")), "up", *arguments]
    variables = {**os.environ, "TERM": "xterm-256color", **(environ or {})}
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=screen,
            stdout=screen,
            stderr=screen,
            env=variables,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # so that Ctrl-C means what it does  # noqa: PLW1509
        )
    finally:
        os.close(screen)
    terminal = Terminal(process, keys)
    reading = threading.Thread(target=terminal.read)
    reading.start()
    try:
        yield terminal
    finally:
        process.kill()
        process.wait()
        reading.join()
        os.close(keys)
