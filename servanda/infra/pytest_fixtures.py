"""Fixtures that give tests the real stores: ``endpoints`` for the session, ``namespace`` for one test.

Load them with ``pytest_plugins = ["servanda.infra.pytest_fixtures"]`` in the conftest.py at the root. Nothing is
started before a test asks. All workers of pytest-xdist share one set of stores. ``SERVANDA_INFRA`` decides how they
are provided.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from servanda.escaping import line as escaped
from servanda.infra.endpoints import Endpoints
from servanda.infra.isolation import Namespace, isolate
from servanda.infra.keeper import Owner, known, obtain

_OWNER = pytest.StashKey[Owner]()
_FOLDER = pytest.StashKey[Path]()
_WORKER_INPUT = "servanda_infra_folder"
_MARKER = "infrastructure"


@pytest.fixture(scope="session")
def endpoints(request: pytest.FixtureRequest) -> Endpoints:
    """PostgreSQL, Redis and Kafka of this session."""
    return obtain(request.config.stash[_FOLDER])


@pytest.fixture
def namespace(endpoints: Endpoints) -> Iterator[Namespace]:
    """An empty database, a key prefix and a topic suffix of this test's own."""
    with isolate(endpoints) as own:
        yield own


def pytest_configure(config: pytest.Config) -> None:
    """Own a folder for the session, or learn it from the controller."""
    config.addinivalue_line("markers", f"{_MARKER}: needs the real stores; started on demand")
    worker = getattr(config, "workerinput", None)
    if worker is not None:
        config.stash[_FOLDER] = Path(worker[_WORKER_INPUT])
        return
    owner = Owner()
    owner.__enter__()
    config.stash[_OWNER] = owner
    config.stash[_FOLDER] = owner.folder


def pytest_report_header() -> str:
    """Say how the stores would be provided; which they were is said at the end."""
    return f"stores: {os.environ.get('SERVANDA_INFRA') or 'auto'}, started on demand"


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: pytest.Item) -> None:
    """Tell a worker of pytest-xdist the folder of the session."""
    node.workerinput[_WORKER_INPUT] = str(node.config.stash[_FOLDER])  # type: ignore[attr-defined]  # xdist is untyped


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need the stores, so that they can be selected or left out."""
    for item in items:
        if "endpoints" in getattr(item, "fixturenames", ()):
            item.add_marker(_MARKER)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which stores the tests ran on."""
    endpoints = known(config.stash[_FOLDER])
    if endpoints is not None:
        terminalreporter.section("stores")
        for fact in endpoints.facts:
            terminalreporter.write_line(escaped(f"{fact.store}: {fact.version}, {fact.kind}"))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of the stores; only the controller owns them."""
    owner = config.stash.get(_OWNER, None)
    if owner is not None:
        owner.__exit__()
