"""Processes that are measured from outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Run:
    """One engine on one contract.

    Attributes:
        seconds: Wall time of its process.
        processor: Processor time of its process and of those that it started, which other load disturbs less.
        megabytes: Peak of the resident memory of the largest of them.
        provider: Processor time of the provider meanwhile.
        held: Whether it says that all holds.
    """

    seconds: float
    processor: float
    megabytes: float
    provider: float
    held: bool


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider that runs.

    Attributes:
        port: Where it listens, on 127.0.0.1.
        pid: Its process.
    """

    port: int
    pid: int

    def processor(self) -> float:
        """Return the processor time that it took so far, in seconds."""
        told = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / _TICKS


@contextmanager
def provider() -> Iterator[Provider]:
    """Run the provider."""
    with socket.create_server(("127.0.0.1", 0)) as chosen:
        port = chosen.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "bench.verification.provider", str(port)], cwd=ROOT)
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.02)
        yield Provider(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def measured(command: Sequence[str], folder: Path, asked: Provider) -> Run:
    """Run an engine in a folder."""
    environ = {**os.environ, "PACT_DO_NOT_TRACK": "true", "PYTHONPATH": str(ROOT)}
    # What is installed is compiled already, and so it is in every run but the first of an editable project.
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    before = asked.processor()
    with (folder / "output.txt").open("wb") as output:
        started = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    spent = usage.ru_utime + usage.ru_stime
    return Run(seconds, spent, usage.ru_maxrss / 1024, asked.processor() - before, process.returncode == 0)
