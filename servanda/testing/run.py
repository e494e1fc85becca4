"""Running the tests that a repository names in its configuration."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from servanda.configuration import DEFAULT_LIMITS, Limits
from servanda.errors import ConfigurationError
from servanda.processes import CommandBounds, has_program, run_command
from servanda.testing.junit import JUnitReport
from servanda.verdict import Outcome, Reason, ReasonKind

_TAIL_LINES = 40
_FAILED = 1
# A run within a run must not take itself for a part of the outer one.
_OF_THE_OUTER_RUN = ("PYTEST_CURRENT_TEST", "PYTEST_XDIST_")


@dataclass(frozen=True, slots=True)
class TestRun:
    """Result of a test run."""

    __test__ = False

    outcome: Outcome
    reasons: tuple[Reason, ...] = ()


async def run_tests(
    command: Sequence[str], environment: Mapping[str, str], directory: Path, limits: Limits = DEFAULT_LIMITS
) -> TestRun:
    """Run a command that runs tests.

    What failed is read from the JUnit file that pytest is asked for through ``PYTEST_ADDOPTS``; of any other command
    the exit code (1: a test failed) and the end of its output are told. A run in which no test ran proves nothing.

    Raises:
        ConfigurationError: There is no such command.
        LimitError: It did not end in time.
    """
    _require_program(command, environment, directory)
    with tempfile.TemporaryDirectory(prefix="servanda-tests-") as scratch:
        junit = Path(scratch, "junit.xml")
        bounds = CommandBounds(limits.command_seconds, limits.output)
        ended = await run_command(command, _environment(environment, junit), directory, bounds)
        return _judge(ended.code, "\n".join(ended.lines[-_TAIL_LINES:]), shlex.join(command), JUnitReport.read(junit))


def _require_program(command: Sequence[str], environment: Mapping[str, str], directory: Path) -> None:
    if not has_program(command[0], environment, directory):
        raise ConfigurationError(
            f"the program '{command[0]}' cannot be found",
            where=shlex.join(command),
            hint="install it, or correct the command in the configuration",
        )


def _environment(environment: Mapping[str, str], junit: Path) -> dict[str, str]:
    inherited = {key: value for key, value in environment.items() if not key.startswith(_OF_THE_OUTER_RUN)}
    # The first family tells file and line of each test, the second does not.
    options = f"{inherited.get('PYTEST_ADDOPTS', '')} --junitxml={shlex.quote(str(junit))} -o junit_family=xunit1"
    return {**inherited, "PYTEST_ADDOPTS": options.strip(), "PYTHONUNBUFFERED": "1"}


def _judge(code: int, tail: str, command: str, report: JUnitReport) -> TestRun:
    if report.failures:
        return TestRun(Outcome.BROKEN, report.failures)
    if code == _FAILED:
        return TestRun(Outcome.BROKEN, (Reason(ReasonKind.TEST_FAILED, f"'{command}' failed:\n{tail}"),))
    if code != 0:
        message = f"'{command}' could not run; it ended with code {code}:\n{tail}"
        return TestRun(Outcome.UNKNOWN, (Reason(ReasonKind.COULD_NOT_RUN, message),))
    if report.ran == 0:
        return TestRun(Outcome.UNKNOWN, (Reason(ReasonKind.CHECKS_NOTHING, f"'{command}' ran no test"),))
    return TestRun(Outcome.HELD)
