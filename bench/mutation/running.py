"""Runs of tests in a copy of the repository, each in a process that has its libraries loaded already."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from enum import Enum, auto
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import pytest

# The same examples in each run, so that a change fares alike every time; no plugin that takes long to load for nothing.
OPTIONS: Final = (
    *("-x", "-q", "--no-header", "--hypothesis-profile", "ci"),
    # The asserts of libraries are nobody's tests.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
    *("-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:xdist"),
)
# What takes most of a short run to load, and this module, lest a change to it in the meantime is taken for a failure.
# Nothing else of the repository: each run takes that from its copy.
LOADED: Final = (
    __name__,
    *("pytest", "hypothesis.strategies", "rich.console", "yaml"),
    *("google.protobuf.json_format", "google.protobuf.descriptor_pool", "grpc.aio", "structlog"),
    *("aiohttp.web", "uvicorn", "asyncpg", "confluent_kafka.admin", "redis.asyncio"),
)


class Result(Enum):
    """Outcome of a run of tests."""

    PASSED = auto()
    FAILED = auto()
    LATE = auto()


def run_tests(folder: Path, tests: Sequence[str], seconds: float) -> Result:
    """Run tests for a time at most; those that are still running then are ended with all that they started.

    Args:
        folder: A copy of the repository.
        tests: Files and folders of tests from there.
        seconds: How long to wait.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(list(LOADED))
    child = context.Process(target=_run, args=(str(folder), tuple(tests)))
    child.start()
    child.join(seconds)
    if child.exitcode is not None:
        return Result.PASSED if child.exitcode == 0 else Result.FAILED
    os.killpg(child.ident or 0, signal.SIGKILL)
    child.join()
    return Result.LATE


def _run(folder: str, tests: tuple[str, ...]) -> None:
    os.setsid()
    os.chdir(folder)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    # The copy stands before the installed packages, which are the repository itself.
    places = [folder, os.path.join(folder, "gen")]  # noqa: PTH118 - sys.path takes texts
    sys.path[:0] = places
    sys.dont_write_bytecode = True
    os.environ |= {"PYTHONPATH": os.pathsep.join(places), "PYTHONDONTWRITEBYTECODE": "1", "PACT_DO_NOT_TRACK": "true"}
    # Threads that tests leave behind must not keep the process.
    os._exit(pytest.main([*OPTIONS, *tests]))
