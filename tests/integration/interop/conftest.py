"""Samples and writers in other languages, with their packages; each is made once for all workers of a session."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from tests.integration.interop import toolchains

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "tests" / "samples"


@contextmanager
def once(factory: pytest.TempPathFactory, name: str) -> Iterator[tuple[Path, bool]]:
    """Give a folder that the workers share, and whether it is to be filled; the first one fills it."""
    shared = factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    folder = shared / f"made-{name}"
    with FileLock(f"{folder}.lock"):
        done = folder.with_suffix(".done")
        yield folder, not done.exists()
        done.touch()


def copied(sample: str, folder: Path) -> Path:
    ignored = shutil.ignore_patterns("node_modules", "target", "__pycache__")
    return shutil.copytree(SAMPLES / sample, folder, ignore=ignored, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample 'orders' with the packages of its consumer in JavaScript."""
    npm = toolchains.program("npm")
    toolchains.program("node")
    with once(tmp_path_factory, "orders") as (folder, missing):
        if missing:
            copied("orders", folder)
            toolchains.run("node", [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder / "web")
    return folder


@pytest.fixture(scope="session")
def prices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample 'prices' with its provider built."""
    go = toolchains.program("go")
    with once(tmp_path_factory, "prices") as (folder, missing):
        if missing:
            copied("prices", folder)
            toolchains.run("go", [go, "build", "-o", "prices", "."], folder / "provider")
    return folder


@pytest.fixture(scope="session")
def classes(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The class path with pact-jvm, from the project of the consumer in Java."""
    maven = toolchains.program("mvn")
    with once(tmp_path_factory, "classes") as (folder, missing):
        if missing:
            copied("orders/till", folder)
            command = [maven, "-q", "-B", "dependency:build-classpath", "-Dmdep.outputFile=classes"]
            toolchains.run("mvn", command, folder)
    return (folder / "classes").read_text(encoding="utf-8").strip()


@pytest.fixture(scope="session")
def java() -> str:
    return toolchains.program("java")


@pytest.fixture
def servanda() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command line of the suite, in a folder."""
    executable = Path(sys.executable).with_name("servanda")

    def call(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(executable), *arguments],
            cwd=folder,
            env={**os.environ, "PACT_DO_NOT_TRACK": "true", **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return call


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The contract of a consumer whose tests use everything that the DSL offers over HTTP; beside it one of events."""
    with once(tmp_path_factory, "recorded") as (folder, missing):
        if missing:
            _record(folder)
    return folder / "contracts" / "pacts" / "desk-things.json"


_TEST = """
import pytest
from tests.integration.interop.described import events, http

HTTP, EVENTS = dict(http(4)), events(4)


@pytest.mark.parametrize("name", HTTP)
def test_a_request(pact_with, name):
    pact = pact_with("desk", "things")
    HTTP[name].describe(pact.upon_receiving(name))
    with pact.serve() as server:
        HTTP[name].call(server.url, name)


@pytest.mark.parametrize("name", EVENTS)
def test_an_event(pact_with, name):
    pact = pact_with("bell", "things")
    event = pact.upon_event(name).given("a thing was made").on_topic("things").with_key("a")
    event.with_payload({"value": EVENTS[name]})
    with pact.deliver() as record:
        assert (record.topic, record.key) == ("things", b"a")
"""


def _record(folder: Path) -> None:
    folder.mkdir()
    (folder / "servanda.toml").write_text("[pacticipants.desk]\n[pacticipants.bell]\n[pacticipants.things]\n")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p servanda.pytest_plugin --import-mode=importlib\n")
    (folder / "test_desk.py").write_text(_TEST)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q"],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PACT_DO_NOT_TRACK": "true",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTEST_ADDOPTS": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def normalized(path: Path) -> object:
    """A contract without the versions of what wrote it."""
    document = json.loads(path.read_text(encoding="utf-8"))
    document["metadata"] = {"pactSpecification": document["metadata"]["pactSpecification"]}
    return document
