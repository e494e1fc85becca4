"""The pytest plugin: fixtures that record what consumers need, and fixtures that give tests the real stores.

Installed with the suite and found by pytest itself. It costs nothing until a test asks for a fixture: all else is
imported, made and started then. All processes of pytest-xdist share one set of stores, and the controller writes what
they recorded.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from servanda.infra import Endpoints, KafkaEndpoint, PostgresEndpoint, RedisEndpoint
    from servanda.infra.isolation import Namespace
    from servanda.infra.keeper import StoreUser
    from servanda.recording.pacts.pact import RecordedPact
    from servanda.recording.session import RecordingSession
    from servanda.recording.usage.recorder import Observe

PactWith: TypeAlias = "Callable[[str, str], RecordedPact]"
"""Begins a contract: consumer, provider."""

ObserveFor: TypeAlias = "Callable[[str], Observe]"
"""Begins to observe a consumer, by its name, in the running test."""

_RUN = pytest.StashKey[Path]()
_RECORDING = pytest.StashKey["RecordingSession"]()
_STORES = pytest.StashKey["StoreUser"]()
_PARTIAL = pytest.StashKey[bool]()
_FAILED = pytest.StashKey[bool]()
_CONTRACTS_SAID = pytest.StashKey[list[str]]()
_USAGE_SAID = pytest.StashKey[list[str]]()
_STORES_SAID = pytest.StashKey[list[str]]()
_RUN_INPUT = "servanda_run"
_USAGE_OUTPUT = "servanda_usage"
_STORES_OUTPUT = "servanda_stores"
_MARKER = "infrastructure"
_ALL_STORES = ("servanda_endpoints", "servanda_namespace")
_ONE_STORE = {"servanda_postgres": "postgres", "servanda_redis": "redis", "servanda_kafka": "kafka"}


@pytest.fixture
def pact_with(request: pytest.FixtureRequest) -> Iterator[PactWith]:
    """Begin a contract between a consumer and a provider: ``pact_with("gateway", "identity")``."""
    recorder = _recording(request.config).pacts
    test: str = request.node.nodeid
    with recorder.recording(test) as begun:

        def begin(consumer: str, provider: str) -> RecordedPact:
            begun.append(recorder.begin(consumer, provider, test))
            return begun[-1]

        yield begin
        if request.node.stash.get(_FAILED, False):
            begun.clear()


@pytest.fixture
def servanda_observe(request: pytest.FixtureRequest) -> ObserveFor:
    """Wrap messages so that it is noted what the consumer reads: ``servanda_observe("gateway")(response)``."""
    session, test = _recording(request.config), request.node.nodeid
    return lambda consumer: session.observe(consumer, test)


@pytest.fixture(scope="session")
def servanda_endpoints(request: pytest.FixtureRequest) -> Endpoints:
    """Start PostgreSQL, Redis and Kafka, and return their addresses."""
    return _obtain(request.config, _ONE_STORE.values())


@pytest.fixture(scope="session")
def servanda_postgres(request: pytest.FixtureRequest) -> PostgresEndpoint:
    """Start PostgreSQL and return its address."""
    endpoint: PostgresEndpoint = _obtain(request.config, ["postgres"]).postgres
    return endpoint


@pytest.fixture(scope="session")
def servanda_redis(request: pytest.FixtureRequest) -> RedisEndpoint:
    """Start Redis and return its address."""
    endpoint: RedisEndpoint = _obtain(request.config, ["redis"]).redis
    return endpoint


@pytest.fixture(scope="session")
def servanda_kafka(request: pytest.FixtureRequest) -> KafkaEndpoint:
    """Start Kafka and return its address."""
    endpoint: KafkaEndpoint = _obtain(request.config, ["kafka"]).kafka
    return endpoint


@pytest.fixture
def servanda_namespace(request: pytest.FixtureRequest) -> Iterator[Namespace]:
    """Give a test an empty database, a key prefix and a topic suffix of its own.

    It holds the stores that the test asks for by ``servanda_postgres``, ``servanda_redis`` and ``servanda_kafka``, and
    all of them if it asks for none of these.
    """
    from servanda.infra.isolation import isolate  # noqa: PLC0415 - costs nothing until used

    names = request.fixturenames
    named = [store for fixture, store in _ONE_STORE.items() if fixture in names and "servanda_endpoints" not in names]
    with isolate(_obtain(request.config, named or _ONE_STORE.values())) as own:
        yield own


def _recording(config: pytest.Config) -> RecordingSession:
    if _RECORDING not in config.stash:
        from servanda.recording.session import RecordingSession  # noqa: PLC0415 - costs nothing until used

        config.stash[_RECORDING] = RecordingSession(config.rootpath, _scratch(config))
    return config.stash[_RECORDING]


def _stores(config: pytest.Config) -> StoreUser:
    if _STORES not in config.stash:
        from servanda.infra.keeper import StoreUser  # noqa: PLC0415 - costs nothing until used

        config.stash[_STORES] = StoreUser(_beside(config, "stores"))
    return config.stash[_STORES]


def _obtain(config: pytest.Config, names: Iterable[str]) -> Endpoints:
    from servanda.errors import ServandaError  # noqa: PLC0415 - costs nothing until used
    from servanda.escaping import block  # noqa: PLC0415
    from servanda.extras import naming_extra  # noqa: PLC0415

    try:
        with naming_extra():
            return _stores(config).obtain(names)
    except ServandaError as error:
        told = "\n".join(block(f"the stores could not be started: {error}"))
    pytest.fail(told, pytrace=False)


def _scratch(config: pytest.Config) -> Path:
    return _beside(config, "recording")


def _beside(config: pytest.Config, purpose: str) -> Path:
    """Name a folder that the processes of the run share: nobody else can guess it, so it is made when it is used."""
    if _RUN not in config.stash:
        given = getattr(config, "workerinput", {}).get(_RUN_INPUT)
        config.stash[_RUN] = Path(given or Path(tempfile.gettempdir(), f"servanda-{uuid4().hex}"))
    return config.stash[_RUN].with_name(f"{config.stash[_RUN].name}-{purpose}")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--pact-prune``, ``--record-usage`` and ``--refresh-usage``."""
    group = parser.getgroup("servanda", "contracts")
    group.addoption(
        "--pact-prune",
        action="store_true",
        help="keep only the interactions that this run records; default: keep those of tests that did not run too",
    )
    group.addoption(
        "--record-usage",
        action="store_true",
        help="write usage logs of the observed consumers beside the contracts; only a run of all tests counts",
    )
    group.addoption(
        "--refresh-usage",
        action="store_true",
        help="with --record-usage: also update the date of unchanged usage logs",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker of tests that need the stores."""
    config.addinivalue_line("markers", f"{_MARKER}: needs the real stores; started on demand")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker the folders of the run."""
    _scratch(node.config)
    node.workerinput[_RUN_INPUT] = str(node.config.stash[_RUN])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need the stores, so that they can be selected or left out."""
    for item in items:
        if not {*_ALL_STORES, *_ONE_STORE}.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker(_MARKER)


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Remember that the run leaves tests out: it proves nothing about what is not read."""
    if items:
        items[0].config.stash[_PARTIAL] = True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed, so that its contract is not asked for besides."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what an xdist worker noted, and which stores it used."""
    output = getattr(node, "workeroutput", {})
    if usage := output.get(_USAGE_OUTPUT):
        _recording(node.config).take_over(usage)
    said = node.config.stash.setdefault(_STORES_SAID, [])
    said += [line for line in output.get(_STORES_OUTPUT, ()) if line not in said]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the contracts and usage logs of a run that passed; a worker hands in what it noted."""
    config = session.config
    recording = config.stash.get(_RECORDING, None)
    if recording is not None:
        recording.close()
    if _STORES in config.stash:
        from servanda.infra.keeper import known  # noqa: PLC0415 - costs nothing until used

        facts = known(_beside(config, "stores")).facts
        config.stash[_STORES_SAID] = [f"{fact.store}: {fact.version}, {fact.kind}" for fact in facts]
    if hasattr(config, "workerinput"):
        output: dict[str, Any] = getattr(config, "workeroutput", {})
        output[_USAGE_OUTPUT] = recording.plain_usage() if recording is not None else {}
        output[_STORES_OUTPUT] = config.stash.get(_STORES_SAID, [])
        return
    try:
        _write_contracts(session, exitstatus)
    finally:
        shutil.rmtree(_scratch(config), ignore_errors=True)
    _write_usage_logs(session, exitstatus)


def _write_contracts(session: pytest.Session, exitstatus: int) -> None:
    config = session.config
    if not any(_scratch(config).glob("process-*/pacts/*/*.json")):
        return
    if exitstatus != pytest.ExitCode.OK:
        config.stash[_CONTRACTS_SAID] = ["no contract was written, because the run did not pass"]
        return
    prune: bool = config.getoption("--pact-prune")
    said, failed = _told(session, lambda: _recording(config).write_contracts(prune=prune))
    config.stash[_CONTRACTS_SAID] = [*said, "no contract was written"] if failed else said


def _write_usage_logs(session: pytest.Session, exitstatus: int) -> None:
    config = session.config
    recording = config.stash.get(_RECORDING, None)
    if recording is None or not recording.noted_usage or not config.getoption("--record-usage"):
        return
    chosen = any("::" in argument for argument in config.args)
    if exitstatus != pytest.ExitCode.OK or chosen or config.stash.get(_PARTIAL, False):
        config.stash[_USAGE_SAID] = ["nothing was written, because not all tests ran and passed"]
        return
    refresh: bool = config.getoption("--refresh-usage")
    config.stash[_USAGE_SAID], _ = _told(session, lambda: recording.write_usage_logs(refresh=refresh))


def _told(session: pytest.Session, write: Callable[[], list[str]]) -> tuple[list[str], bool]:
    """Return what became of the files, and whether that failed; then so does the run."""
    from servanda.errors import ServandaError  # noqa: PLC0415 - costs nothing until used

    try:
        return write(), False
    except ServandaError as error:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        return [f"error: {error}"], True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which stores the tests ran on, and which contracts and usage logs were written, or why none."""
    for title, key in (("stores", _STORES_SAID), ("contracts", _CONTRACTS_SAID), ("usage", _USAGE_SAID)):
        if lines := config.stash.get(key, []):
            from servanda.escaping import block  # noqa: PLC0415 - costs nothing until used

            terminalreporter.section(title)
            for shown in (shown for line in lines for shown in block(line)):
                terminalreporter.line(shown)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of the stores; who started the run waits until they are gone."""
    if _STORES in config.stash:
        config.stash[_STORES].leave()
    if _RUN in config.stash and not hasattr(config, "workerinput") and _beside(config, "stores").is_dir():
        from servanda.infra.keeper import wait_for_keepers  # noqa: PLC0415 - costs nothing until used

        wait_for_keepers(_beside(config, "stores"))
