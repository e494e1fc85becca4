"""Running the nearest tests against a change, in a copy of the repository."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bench.mutation.mutant import Mutant
from bench.mutation.nearest import nearest_tests

# An unchanged run takes so many times as long before a change counts as one that never ends.
PATIENCE = 4.0
LEAST_SECONDS = 20.0


class Outcome(StrEnum):
    """Result of a change."""

    KILLED = "killed"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"
    UNTESTED = "untested"


@dataclass(frozen=True, slots=True)
class Trial:
    """A change and what became of it; ``by`` names the tests that noticed, empty if none did."""

    mutant: Mutant
    outcome: Outcome
    by: str = ""


class Workspace:
    """A copy of what git knows of the repository, in which changes are made and taken back.

    Args:
        top: The repository.
        folder: Where the copy goes.
    """

    def __init__(self, top: Path, folder: Path) -> None:
        self._folder = folder
        self._seconds: dict[str, float | None] = {}
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=top, capture_output=True, check=True)
        for name in filter(None, listed.stdout.decode().split("\0")):
            if (top / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(top / name, folder / name)

    def trial(self, mutant: Mutant, kinds: tuple[str, ...]) -> Trial:
        """Try a change against its nearest tests, one place after the other until one notices."""
        asked = False
        for tests in nearest_tests(self._folder, mutant.path, kinds):
            seconds = self._unchanged(tests)
            if seconds is None:
                continue
            asked = True
            if not self._passes(mutant, tests, max(LEAST_SECONDS, PATIENCE * seconds)):
                return Trial(mutant, Outcome.KILLED, tests)
        return Trial(mutant, Outcome.SURVIVED if asked else Outcome.UNTESTED)

    def _unchanged(self, tests: str) -> float | None:
        """Return how long the tests take without any change; None if they fail, so that they tell nothing."""
        if tests not in self._seconds:
            started = time.monotonic()
            passed = _pytest(self._folder, [tests], 900.0)
            self._seconds[tests] = time.monotonic() - started if passed else None
        return self._seconds[tests]

    def _passes(self, mutant: Mutant, tests: str, seconds: float) -> bool:
        module = self._folder / mutant.path
        source = module.read_bytes()
        module.write_bytes(mutant.apply(source))
        try:
            return _pytest(self._folder, [tests], seconds)
        finally:
            module.write_bytes(source)


def _pytest(folder: Path, arguments: Sequence[str], seconds: float) -> bool:
    """Tell whether tests pass in a time; those that are still running then are ended with all that they started."""
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider", *arguments]
    # The copy stands before the installed packages, which are the repository itself.
    path = os.pathsep.join([str(folder), str(folder / "gen")])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "PACT_DO_NOT_TRACK": "true"}
    child = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return child.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
