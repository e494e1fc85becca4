import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.infrastructure

Until = Callable[[Callable[[], object]], None]
Listens = Callable[[int], bool]

_TESTS = """
import os, pathlib, pytest

@pytest.mark.parametrize("number", range(6))
def test_stores(servanda_endpoints, servanda_namespace, number):
    with open("seen", "a") as seen:
        seen.write(f"{servanda_endpoints.redis.port} {servanda_namespace.name} {os.getpid()}\\n")
"""
_UNUSED = "def test_nothing():\n    pass\n"
_REDIS = """
def test_one(servanda_redis):
    assert servanda_redis.port

def test_a_namespace(servanda_redis, servanda_namespace):
    assert list(servanda_namespace.endpoints.stores) == ["redis"]
"""
_OWN_NAMES = """
import pytest

@pytest.fixture
def endpoints():
    return "mine"

@pytest.fixture
def namespace():
    return "mine"

def test_own(endpoints, namespace):
    assert endpoints == namespace == "mine"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "tmp").mkdir()
    return tmp_path


def _run(project: Path, tests: str, *options: str, infra: str = "embedded") -> subprocess.Popen[str]:
    (project / "test_it.py").write_text(tests)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:valkey",
        "-p",
        "no:pact",
        *options,
    ]
    return subprocess.Popen(
        command,
        cwd=project,
        env={**os.environ, "SERVANDA_INFRA": infra, "TMPDIR": str(project / "tmp")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _seen(project: Path) -> list[list[str]]:
    path = project / "seen"
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def test_all_workers_share_one_set_of_stores_and_each_test_has_its_namespace(project: Path, listens: Listens) -> None:
    with _run(project, _TESTS, "-n", "2") as run:
        output, _ = run.communicate(timeout=100)
    assert run.returncode == 0, output
    ports, names, workers = (set(column) for column in zip(*_seen(project), strict=True))
    assert (len(ports), len(names), len(workers)) == (1, 6, 2)
    assert "Apache Kafka" in output
    assert not listens(int(ports.pop()))


def test_killing_pytest_ends_its_stores(project: Path, until: Until, listens: Listens) -> None:
    with _run(project, _TESTS + "    import time; time.sleep(60)") as run:
        until(lambda: _seen(project))
        port = int(_seen(project)[0][0])
        assert listens(port)
        run.kill()
    until(lambda: not listens(port))


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "workers"])
def test_tests_that_need_no_store_start_none_and_make_no_folder(project: Path, options: tuple[str, ...]) -> None:
    with _run(project, _UNUSED, *options) as run:
        output, _ = run.communicate(timeout=100)
    assert run.returncode == 0, output
    assert "stores" not in output
    assert not [path.name for path in (project / "tmp").glob("servanda-*")]


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "workers"])
def test_only_the_stores_that_a_test_asks_for_are_started(project: Path, options: tuple[str, ...]) -> None:
    with _run(project, _REDIS, *options) as run:
        output, _ = run.communicate(timeout=100)
    assert run.returncode == 0, output
    assert "redis: Valkey" in output
    assert not {"postgres: ", "kafka: "} & {line[: line.find(" ") + 1] for line in output.splitlines()}
    assert not [path.name for path in (project / "tmp").glob("servanda-*")]


def test_the_fixtures_leave_common_names_to_the_tests(project: Path) -> None:
    with _run(project, _OWN_NAMES) as run:
        output, _ = run.communicate(timeout=100)
    assert run.returncode == 0, output


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["alone", "worker"])
def test_a_start_that_fails_is_told_without_a_traceback(project: Path, options: tuple[str, ...]) -> None:
    with _run(project, _REDIS, *options, infra="podman") as run:
        output, _ = run.communicate(timeout=100)
    assert run.returncode == 1
    assert "the stores could not be started: SERVANDA_INFRA: unknown provisioning of stores 'podman'" in output
    assert "Traceback" not in output
    assert "pytest_plugin.py" not in output
