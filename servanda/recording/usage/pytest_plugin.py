"""The opt-in pytest plugin that notes what a consumer's tests read: fixture ``observe``, option ``--record-usage``.

Switched on by ``pytest_plugins = ["servanda.recording.usage.pytest_plugin"]`` in the top ``conftest.py``. It costs
nothing until a test asks for the fixture: everything else is imported then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from servanda.interfaces.usage.log import Noted
    from servanda.recording.usage.recorder import Observe, Recorder

ObserveFor: TypeAlias = "Callable[[str], Observe]"
"""Begins to observe a consumer, by its name, in the running test."""

_RECORDERS = pytest.StashKey[dict[str, "Recorder"]]()
_PARTIAL = pytest.StashKey[bool]()
_SUMMARY = pytest.StashKey[list[str]]()
_OUTPUT = "servanda_usage"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--record-usage`` and ``--refresh-usage``."""
    group = parser.getgroup("servanda", "contracts")
    group.addoption(
        "--record-usage",
        action="store_true",
        help="write what the consumers' tests read beside the contracts; only a run of all tests counts",
    )
    group.addoption(
        "--refresh-usage",
        action="store_true",
        help="with --record-usage: date recordings that say the same as before anew",
    )


@pytest.fixture
def observe(request: pytest.FixtureRequest) -> ObserveFor:
    """Wrap messages so that it is noted what the consumer reads: ``observe("gateway")(response)``."""
    test: str = request.node.nodeid

    def begin(consumer: str) -> Observe:
        return _recorder(request.config, consumer).in_test(test)

    return begin


def _recorder(config: pytest.Config, consumer: str) -> Recorder:
    from servanda.recording.usage.logs import InterfaceAtHand  # noqa: PLC0415
    from servanda.recording.usage.recorder import Recorder  # noqa: PLC0415 - costs nothing until used

    recorders = config.stash.setdefault(_RECORDERS, {})
    if consumer not in recorders:
        recorders[consumer] = Recorder(consumer, InterfaceAtHand(config.rootpath))
    return recorders[consumer]


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """A run that leaves tests out proves nothing about what is not read."""
    if items:
        items[0].config.stash[_PARTIAL] = True


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what an xdist worker noted."""
    for consumer, (reads, writes) in getattr(node, "workeroutput", {}).get(_OUTPUT, {}).items():
        recorder = _recorder(node.config, consumer)
        recorder.reads.update(_noted(reads))
        if writes is not None:
            recorder.writes = (recorder.writes or set()) | _noted(writes)


def _noted(plain: Iterable[Sequence[Any]]) -> set[Noted]:
    from servanda.interfaces.usage.log import Noted  # noqa: PLC0415 - costs nothing until used
    from servanda.verdict import Transport  # noqa: PLC0415

    return {Noted(element, Transport(transport), test, placed=placed) for element, transport, test, placed in plain}


def _plain(noted: Iterable[Noted]) -> list[tuple[str, str, str, bool]]:
    return [(each.element, str(each.transport), each.test, each.placed) for each in sorted(noted)]


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
    chosen = any("::" in argument for argument in config.args)
    if exitstatus != pytest.ExitCode.OK or chosen or config.stash.get(_PARTIAL, False):
        config.stash[_SUMMARY] = ["nothing was written, because not all tests ran and passed"]
        return
    from servanda.errors import ServandaError  # noqa: PLC0415 - costs nothing until used
    from servanda.recording.usage.logs import write  # noqa: PLC0415

    try:
        config.stash[_SUMMARY] = write(config.rootpath, recorders.values(), refresh=config.getoption("--refresh-usage"))
    except ServandaError as error:
        config.stash[_SUMMARY] = [f"error: {error}"]
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which recordings were written, or why none."""
    lines = terminalreporter.config.stash.get(_SUMMARY, [])
    if lines:
        from servanda.escaping import block  # noqa: PLC0415 - costs nothing until used

        terminalreporter.section("usage")
        for line in lines:
            for shown in block(line):
                terminalreporter.line(shown)
