"""Running the tests that a repository names in its configuration."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import signal
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from servanda.errors import ConfigurationError
from servanda.verdict import Location, Outcome, Reason, ReasonKind

_TAIL_LINES = 40
_TAIL_BYTES = 16384
_FAILED = 1
# A run within a run must not take itself for a part of the outer one.
_OF_THE_OUTER_RUN = ("PYTEST_CURRENT_TEST", "PYTEST_XDIST_")


@dataclass(frozen=True, slots=True)
class TestRun:
    """What a run of tests said."""

    __test__ = False

    outcome: Outcome
    reasons: tuple[Reason, ...] = ()


async def run_tests(command: Sequence[str], environment: Mapping[str, str], directory: Path) -> TestRun:
    """Run a command that runs tests.

    What failed is read from the JUnit file that pytest is asked for through ``PYTEST_ADDOPTS``; of any other command
    the exit code (1: a test failed) and the end of its output are told. A run in which no test ran proves nothing.

    Raises:
        ConfigurationError: There is no such command.
    """
    with tempfile.TemporaryDirectory(prefix="servanda-tests-") as scratch:
        junit = Path(scratch, "junit.xml")
        code, tail = await _run(command, _environment(environment, junit), directory)
        return _judge(code, tail, shlex.join(command), _Report.read(junit))


def _environment(environment: Mapping[str, str], junit: Path) -> dict[str, str]:
    inherited = {key: value for key, value in environment.items() if not key.startswith(_OF_THE_OUTER_RUN)}
    # The first family tells file and line of each test, the second does not.
    options = f"{inherited.get('PYTEST_ADDOPTS', '')} --junitxml={shlex.quote(str(junit))} -o junit_family=xunit1"
    return {**inherited, "PYTEST_ADDOPTS": options.strip(), "PYTHONUNBUFFERED": "1"}


async def _run(command: Sequence[str], environment: Mapping[str, str], directory: Path) -> tuple[int, str]:
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=directory,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
    except OSError as error:
        raise ConfigurationError(
            f"cannot be run: {error.strerror}", where=shlex.join(command), hint="check the command in the configuration"
        ) from error
    tail = b""
    try:
        assert process.stdout is not None, "stdout is a pipe"  # noqa: S101 - for the type checker
        while chunk := await process.stdout.read(_TAIL_BYTES):
            tail = (tail + chunk)[-_TAIL_BYTES:]
        code = await process.wait()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGINT)
            await process.communicate()  # a pipe that nobody reads would keep it from ending
    lines = tail.decode("utf-8", "replace").strip().splitlines()
    return code, "\n".join(lines[-_TAIL_LINES:])


@dataclass(frozen=True, slots=True)
class _Report:
    """What the JUnit file says; ``ran`` is unknown if there is none."""

    ran: int | None = None
    failures: tuple[Reason, ...] = ()

    @classmethod
    def read(cls, junit: Path) -> _Report:
        if not junit.is_file():
            return cls()
        try:
            cases = list(ET.parse(junit).iter("testcase"))  # noqa: S314 - written by the process started above
        except ET.ParseError:
            return cls()
        failures = tuple(_failure(case, problem) for case in cases for problem in case if _is_problem(problem))
        return cls(sum(case.find("skipped") is None for case in cases), failures)


def _is_problem(element: ET.Element) -> bool:
    return element.tag in ("failure", "error")


def _failure(case: ET.Element, problem: ET.Element) -> Reason:
    name = case.get("name", "")
    file, line = case.get("file", ""), int(case.get("line", "-1")) + 1
    told = (problem.get("message") or (problem.text or "").strip()).strip()
    return Reason(
        ReasonKind.TEST_FAILED,
        f"the test {name} failed: {told}" if told else f"the test {name} failed",
        evidence=Location(file, line) if file else None,
    )


def _judge(code: int, tail: str, command: str, report: _Report) -> TestRun:
    if report.failures:
        return TestRun(Outcome.BROKEN, report.failures)
    if code == _FAILED:
        return TestRun(Outcome.BROKEN, (Reason(ReasonKind.TEST_FAILED, f"'{command}' failed:\n{tail}"),))
    if code != 0:
        message = f"'{command}' could not be carried out, it ended with code {code}:\n{tail}"
        return TestRun(Outcome.UNKNOWN, (Reason(ReasonKind.COULD_NOT_RUN, message),))
    if report.ran == 0:
        return TestRun(Outcome.UNKNOWN, (Reason(ReasonKind.CHECKS_NOTHING, f"'{command}' ran no test"),))
    return TestRun(Outcome.HELD)
