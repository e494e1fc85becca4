"""Waiting for the end of a process: the same answers whether or not the system says when it comes."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from servanda.processes.ending import open_ending, wait_for_end

Opened = Callable[[int], int | None]
WAYS = pytest.mark.parametrize(
    "opened", [pytest.param(open_ending, id="told"), pytest.param(lambda _: None, id="asked again")]
)


@pytest.fixture
def reader() -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with code 7 when its standard input does."""
    command = [sys.executable, "-I", "-S", "-c", "import sys; sys.stdin.read(); sys.exit(7)"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


@WAYS
def test_the_exit_code_is_returned(reader: subprocess.Popen[bytes], opened: Opened) -> None:
    assert reader.stdin
    reader.stdin.close()

    assert wait_for_end(reader, 60, opened) == 7


@WAYS
@pytest.mark.parametrize("seconds", [-1.0, 0.0, 0.01])
def test_a_process_that_goes_on_is_not_waited_for_beyond_the_limit(
    reader: subprocess.Popen[bytes], opened: Opened, seconds: float
) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        wait_for_end(reader, seconds, opened)

    assert reader.poll() is None


@WAYS
def test_a_limit_of_years_is_none(reader: subprocess.Popen[bytes], opened: Opened) -> None:
    assert reader.stdin
    reader.stdin.close()

    assert wait_for_end(reader, 1e9, opened) == 7


@WAYS
def test_a_process_that_somebody_has_waited_for_has_its_code(reader: subprocess.Popen[bytes], opened: Opened) -> None:
    assert reader.stdin
    reader.stdin.close()
    reader.wait()

    assert wait_for_end(reader, 60, opened) == 7


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says when a process ends")
def test_linux_says_when_a_process_ends(reader: subprocess.Popen[bytes]) -> None:
    opened = open_ending(reader.pid)

    assert opened is not None
    os.close(opened)
