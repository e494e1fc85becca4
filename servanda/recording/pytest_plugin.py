"""The pytest plugin: the fixture ``pact_with`` for consumers' tests, and the merging of what they record.

It costs nothing until a test asks for the fixture: everything else is imported then. Under xdist every worker writes
into a folder of its own below one that the controller made; the controller merges when all are done.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from servanda.recording.pacts import RecordedPact
    from servanda.recording.session import RecordingSession

PactWith: TypeAlias = "Callable[[str, str], RecordedPact]"
"""Begins a contract: consumer, provider."""

_SCRATCH = pytest.StashKey[Path]()
_SESSION = pytest.StashKey["RecordingSession"]()
_SUMMARY = pytest.StashKey[list[str]]()
_FAILED = pytest.StashKey[bool]()
_WORKER_INPUT = "servanda_recording_scratch"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--pact-prune``."""
    group = parser.getgroup("servanda", "contracts")
    group.addoption(
        "--pact-prune",
        action="store_true",
        help="keep only the interactions that this run records; without it, those of tests that did not run stay",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker where to write."""
    node.workerinput[_WORKER_INPUT] = str(_scratch(node.config))


def _scratch(config: pytest.Config) -> Path:
    """The folder that all processes of a run share."""
    if _SCRATCH not in config.stash:
        given = getattr(config, "workerinput", {}).get(_WORKER_INPUT)
        config.stash[_SCRATCH] = Path(given or tempfile.mkdtemp(prefix="servanda-recording-"))
    return config.stash[_SCRATCH]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed, so that its contract is not asked for besides."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@pytest.fixture
def pact_with(request: pytest.FixtureRequest) -> Iterator[PactWith]:
    """Begin a contract between a consumer and a provider: ``pact_with("gateway", "identity")``."""
    session = _session(request.config)
    test = request.node.nodeid
    with session.recording(test) as begun:

        def begin(consumer: str, provider: str) -> RecordedPact:
            begun.append(session.begin(consumer, provider, test))
            return begun[-1]

        yield begin
        if request.node.stash.get(_FAILED, False):
            begun.clear()


def _session(config: pytest.Config) -> RecordingSession:
    if _SESSION not in config.stash:
        from servanda.configuration import find, load  # noqa: PLC0415
        from servanda.interfaces.protobuf.images.cache import cache_folder  # noqa: PLC0415 - costs nothing until used
        from servanda.recording.installation import forbid_tracking  # noqa: PLC0415

        forbid_tracking()
        from servanda.recording.session import RecordingSession  # noqa: PLC0415 - imports the Pact library

        config.stash[_SESSION] = RecordingSession(
            load(find(config.rootpath)), _scratch(config), cache_folder(os.environ)
        )
    return config.stash[_SESSION]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Merge the contracts of a run that passed; a run that failed writes none."""
    config = session.config
    if _SESSION in config.stash:
        config.stash[_SESSION].close()
    if hasattr(config, "workerinput") or _SCRATCH not in config.stash:
        return
    try:
        recorded = any(config.stash[_SCRATCH].glob("process-*/pacts/*/*.json"))
        if recorded and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = _merge(config)
        elif recorded:
            config.stash[_SUMMARY] = ["no contract was written, because the run did not pass"]
    finally:
        shutil.rmtree(config.stash[_SCRATCH], ignore_errors=True)


def _merge(config: pytest.Config) -> pytest.ExitCode:
    from servanda.configuration import find, load  # noqa: PLC0415 - costs nothing until used
    from servanda.errors import ServandaError  # noqa: PLC0415
    from servanda.recording.merging import merge  # noqa: PLC0415
    from servanda.recording.targets import pact_folder  # noqa: PLC0415

    try:
        target = pact_folder(load(find(config.rootpath)))
        merged = merge(config.stash[_SCRATCH], target, prune=config.getoption("--pact-prune"))
    except ServandaError as error:
        config.stash[_SUMMARY] = [f"error: {error}", "no contract was written"]
        return pytest.ExitCode.TESTS_FAILED
    config.stash[_SUMMARY] = [
        f"{entry.path}: {entry.interactions} interactions{', changed' if entry.changed else ''}" for entry in merged
    ]
    return pytest.ExitCode.OK


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which contracts were written, or why none."""
    lines = terminalreporter.config.stash.get(_SUMMARY, [])
    if lines:
        from servanda.escaping import block  # noqa: PLC0415 - costs nothing until used

        terminalreporter.section("contracts")
        for line in lines:
            for shown in block(line):
                terminalreporter.line(shown)
