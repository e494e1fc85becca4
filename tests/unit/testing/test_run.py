"""Running the tests of a repository."""

import sys
from pathlib import Path

import pytest

from servanda.configuration import Limits
from servanda.errors import ConfigurationError, LimitError
from servanda.testing import TestRun, run_tests
from servanda.verdict import Location, Outcome, ReasonKind

# Plugins of others that are installed here would take most of the time.
OPTIONS = "-p no:cacheprovider -p no:schemathesis -p no:hypothesispytest -p no:anyio"
ENVIRON = {"PATH": "/usr/bin:/bin", "PYTEST_ADDOPTS": OPTIONS}


async def run_pytest(folder: Path, source: str, *options: str) -> TestRun:
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (folder / "test_shop.py").write_text(source, encoding="utf-8")
    return await run_tests([sys.executable, "-m", "pytest", *options], ENVIRON, folder)


async def run_python(folder: Path, code: str) -> TestRun:
    return await run_tests([sys.executable, "-c", code], ENVIRON, folder)


async def test_a_run_that_passes_holds(tmp_path: Path) -> None:
    assert await run_pytest(tmp_path, "def test_it():\n    pass\n") == TestRun(Outcome.HELD)


async def test_a_failing_test_is_named_with_its_place(tmp_path: Path) -> None:
    source = "def test_it():\n    pass\n\n\ndef test_the_price():\n    assert 1 == 2, 'the price differs'\n"

    ran = await run_pytest(tmp_path, source)

    (reason,) = ran.reasons
    assert ran.outcome is Outcome.BROKEN
    assert reason.message.startswith("the test test_the_price failed: AssertionError: the price differs")
    assert reason.evidence == Location("test_shop.py", 5)


async def test_an_error_in_a_fixture_is_told_as_well(tmp_path: Path) -> None:
    source = "import pytest\n\n@pytest.fixture\ndef shop():\n    raise OSError('closed')\n\ndef test_it(shop): pass\n"

    ran = await run_pytest(tmp_path, source)

    assert ran.outcome is Outcome.BROKEN
    assert "OSError: closed" in ran.reasons[0].message


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("", id="no test"),
        pytest.param("import pytest\n\n@pytest.mark.skip\ndef test_it(): pass\n", id="all skipped"),
    ],
)
async def test_a_run_in_which_no_test_ran_proves_nothing(tmp_path: Path, source: str) -> None:
    assert (await run_pytest(tmp_path, source)).outcome is Outcome.UNKNOWN


async def test_a_usage_error_could_not_tell(tmp_path: Path) -> None:
    ran = await run_pytest(tmp_path, "def test_it(): pass\n", "--no-such-option")

    assert ran.outcome is Outcome.UNKNOWN
    assert "--no-such-option" in ran.reasons[0].message


async def test_another_command_that_fails_is_told_with_the_end_of_its_output(tmp_path: Path) -> None:
    ran = await run_python(tmp_path, "print('line\\n' * 100 + 'the last'); raise SystemExit(1)")

    (reason,) = ran.reasons
    assert (ran.outcome, reason.kind) == (Outcome.BROKEN, ReasonKind.TEST_FAILED)
    assert reason.message.endswith("the last")
    assert reason.message.count("\n") <= 40


async def test_another_command_that_succeeds_holds(tmp_path: Path) -> None:
    assert (await run_python(tmp_path, "")).outcome is Outcome.HELD


async def test_a_command_that_is_killed_could_not_tell(tmp_path: Path) -> None:
    ran = await run_python(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")

    assert ran.outcome is Outcome.UNKNOWN


async def test_a_long_line_of_output_does_no_harm(tmp_path: Path) -> None:
    assert (await run_python(tmp_path, "print('x' * 1_000_000)")).outcome is Outcome.HELD


async def test_a_command_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="the program 'no-such-command' cannot be found"):
        await run_tests(["no-such-command"], ENVIRON, tmp_path)


async def test_an_outer_run_does_not_leak_into_the_inner(tmp_path: Path) -> None:
    code = "import os; raise SystemExit(int('PYTEST_XDIST_WORKER' in os.environ))"

    ran = await run_tests([sys.executable, "-c", code], {**ENVIRON, "PYTEST_XDIST_WORKER": "gw0"}, tmp_path)

    assert ran.outcome is Outcome.HELD


async def test_tests_that_never_end_could_not_tell(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import signal; print('waiting', flush=True); signal.pause()"]

    with pytest.raises(LimitError, match=r"did not end within 1 s(.|\n)*waiting") as failed:
        await run_tests(command, ENVIRON, tmp_path, Limits(command_seconds=1.0))

    assert "raise 'command_seconds' in [limits]" in str(failed.value)


async def test_a_message_of_a_failure_is_bounded(tmp_path: Path) -> None:
    ran = await run_pytest(tmp_path, "def test_it():\n    raise ValueError('x' * 1_000_000)\n")

    assert len(ran.reasons[0].message) < 20_000


async def test_a_program_may_be_named_from_the_folder_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "tests.sh").write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    (tmp_path / "tests.sh").chmod(0o755)

    assert (await run_tests(["./tests.sh"], ENVIRON, tmp_path)).outcome is Outcome.HELD
