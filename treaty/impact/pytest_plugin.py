"""The opt-in pytest plugin that notes what a consumer's tests read: fixture ``observe``, option ``--record-usage``.

Switched on by ``pytest_plugins = ["treaty.impact.pytest_plugin"]`` in the consumer's ``conftest.py``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

from treaty.configuration import find, load, revision
from treaty.errors import ConfigurationError, TreatyError
from treaty.impact.known import recordings_folder
from treaty.impact.observations import Noted, Recording, dump
from treaty.impact.recorder import Observe, Recorder
from treaty.impact.use import Observation
from treaty.verdict import Transport

ObserveFor = Callable[[str], Observe]
"""Begins to observe a consumer, by its name, in the running test."""

_RECORDERS = pytest.StashKey[dict[str, Recorder]]()
_PARTIAL = pytest.StashKey[bool]()
_SUMMARY = pytest.StashKey[list[str]]()
_OUTPUT = "treaty_usage"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--record-usage``."""
    group = parser.getgroup("treaty", "contracts")
    group.addoption(
        "--record-usage",
        action="store_true",
        help="write what the consumers' tests read beside the contracts; only a run of all tests counts",
    )


@pytest.fixture
def observe(request: pytest.FixtureRequest) -> ObserveFor:
    """Wrap messages so that it is noted what the consumer reads: ``observe("gateway")(response)``."""
    recorders = request.config.stash.setdefault(_RECORDERS, {})
    test: str = request.node.nodeid

    def begin(consumer: str) -> Observe:
        return recorders.setdefault(consumer, Recorder(consumer)).in_test(test)

    return begin


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """A run that leaves tests out proves nothing about what is not read."""
    if items:
        items[0].config.stash[_PARTIAL] = True


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what an xdist worker noted."""
    recorders = node.config.stash.setdefault(_RECORDERS, {})
    for consumer, (reads, writes) in getattr(node, "workeroutput", {}).get(_OUTPUT, {}).items():
        recorder = recorders.setdefault(consumer, Recorder(consumer))
        recorder.reads.update(_noted(reads))
        if writes is not None:
            recorder.writes = (recorder.writes or set()) | _noted(writes)


def _noted(plain: Iterable[Sequence[str]]) -> set[Noted]:
    return {Noted(element, Transport(transport), test) for element, transport, test in plain}


def _plain(noted: Iterable[Noted]) -> list[tuple[str, str, str]]:
    return [(each.element, str(each.transport), each.test) for each in sorted(noted)]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the recordings of a run of all tests that passed."""
    config = session.config
    recorders = config.stash.get(_RECORDERS, {})
    if hasattr(config, "workerinput"):
        output: dict[str, Any] = getattr(config, "workeroutput", {})
        output[_OUTPUT] = {
            name: (_plain(recorder.reads), None if recorder.writes is None else _plain(recorder.writes))
            for name, recorder in recorders.items()
        }
        return
    if not recorders or not config.getoption("--record-usage"):
        return
    if exitstatus != pytest.ExitCode.OK or config.stash.get(_PARTIAL, False):
        config.stash[_SUMMARY] = ["nothing was written, because not all tests ran and passed"]
        return
    try:
        config.stash[_SUMMARY] = _write(config, recorders)
    except TreatyError as error:
        config.stash[_SUMMARY] = [f"error: {error}"]
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _write(config: pytest.Config, recorders: dict[str, Recorder]) -> list[str]:
    configuration = load(find(config.rootpath))
    folder = recordings_folder(configuration)
    try:
        state = revision(configuration.root)
        version = f"{state.commit[:12]}{'+' if state.dirty else ''}"
    except ConfigurationError:
        version = ""  # outside git a recording has a date all the same
    date = dt.datetime.now(tz=dt.UTC).date().isoformat()
    told = []
    for name, recorder in sorted(recorders.items()):
        path = folder / f"{name}.json"
        writes = None if recorder.writes is None else tuple(recorder.writes)
        recording = Recording(Observation(name, date, str(path), version), tuple(recorder.reads), writes)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(dump(recording), encoding="utf-8")
        except OSError as error:
            raise ConfigurationError(f"cannot be written: {error.strerror}", where=str(path)) from error
        told.append(f"{path}: {len({read.element for read in recorder.reads})} elements read")
    return told


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which recordings were written, or why none."""
    lines = terminalreporter.config.stash.get(_SUMMARY, [])
    if lines:
        terminalreporter.section("usage")
        for line in lines:
            terminalreporter.line(line)
