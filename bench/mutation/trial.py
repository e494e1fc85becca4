"""Running the nearest tests against a change, in a copy of the repository."""

from __future__ import annotations

import compileall
import py_compile
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bench.mutation.mutant import Mutant
from bench.mutation.nearest import Group, nearest_tests
from bench.mutation.running import Result, run_tests

# An unchanged run takes so many times as long before a change counts as one that never ends.
PATIENCE = 4.0
LEAST_SECONDS = 60.0
MOST_SECONDS = 900.0


class Outcome(StrEnum):
    """Result of a change."""

    KILLED = "killed"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"
    UNTESTED = "untested"


@dataclass(frozen=True, slots=True)
class Trial:
    """A change and what became of it; ``by`` names the tests that noticed, empty if none did.

    ``late`` tells that they did not end in time, which a busy machine may have caused as well.
    """

    mutant: Mutant
    outcome: Outcome
    by: str = ""
    late: bool = False


class Durations:
    """Durations of tests without any change, each measured once.

    Attributes:
        failing: Tests that fail without any change.
    """

    def __init__(self) -> None:
        self.failing: list[Group] = []
        self._seconds: dict[Group, float | None] = {}
        self._measuring = threading.Lock()

    def of(self, tests: Group, folder: Path) -> float | None:
        """Return how many seconds tests take in an unchanged copy; None if they fail, so that they tell nothing."""
        with self._measuring:
            if tests not in self._seconds:
                started = time.monotonic()
                passed = run_tests(folder, tests, MOST_SECONDS) is Result.PASSED
                self._seconds[tests] = time.monotonic() - started if passed else None
                if not passed:
                    self.failing.append(tests)
            return self._seconds[tests]


class Workspace:
    """A copy of what git knows of the repository, in which changes are made and taken back.

    Args:
        top: The repository.
        folder: Where the copy goes.
        durations: Those of the tests without any change, which all copies share.
    """

    def __init__(self, top: Path, folder: Path, durations: Durations) -> None:
        self._folder = folder
        self._durations = durations
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=top, capture_output=True, check=True)
        for name in filter(None, listed.stdout.decode().split("\0")):
            if (top / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(top / name, folder / name)
        # Compiled once for all trials; a module is known by its content, so that a change to it counts at once.
        checked = py_compile.PycInvalidationMode.CHECKED_HASH
        compileall.compile_dir(folder, quiet=2, invalidation_mode=checked)

    def trial(self, mutant: Mutant, kinds: tuple[str, ...]) -> Trial:
        """Try a change against its nearest tests, one place after the other until one notices."""
        asked = False
        for tests in nearest_tests(self._folder, mutant.path, kinds):
            seconds = self._durations.of(tests, self._folder)
            if seconds is None:
                continue
            asked = True
            result = self._result(mutant, tests, max(LEAST_SECONDS, PATIENCE * seconds))
            if result is not Result.PASSED:
                return Trial(mutant, Outcome.KILLED, " ".join(tests), late=result is Result.LATE)
        return Trial(mutant, Outcome.SURVIVED if asked else Outcome.UNTESTED)

    def _result(self, mutant: Mutant, tests: Group, seconds: float) -> Result:
        module = self._folder / mutant.path
        source = module.read_bytes()
        module.write_bytes(mutant.apply(source))
        try:
            return run_tests(self._folder, tests, seconds)
        finally:
            module.write_bytes(source)
