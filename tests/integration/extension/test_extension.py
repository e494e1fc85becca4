"""A distribution of somebody else adds a kind of interface, a transport, a store and a format."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest
import uv

from servanda.jobs import written
from tests.unit.jobs.conftest import document, job

EXTENSION = Path(__file__).parents[2] / "extension"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has the extension besides everything that this one has."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([uv.find_uv_bin(), "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    python = folder / "bin" / "python"
    # A copy, because building leaves files behind.
    source = shutil.copytree(EXTENSION, tmp_path_factory.mktemp("source") / "extension")
    install = [uv.find_uv_bin(), "pip", "install", "--quiet", "--no-deps", "--python", str(python), str(source)]
    subprocess.run(install, check=True)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    (packages / "libraries.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    return python


@pytest.fixture
def run(interpreter: Path, tmp_path: Path) -> Run:
    """Runs Python with the extension, in a copy of the sample repository."""
    repository = shutil.copytree(EXTENSION / "repository", tmp_path / "repository")

    def python(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "SERVANDA_INFRA": "auto", "PYTHONDONTWRITEBYTECODE": "1"}
        command = [str(interpreter), "-P", *arguments]
        return subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=False)

    return python


def test_an_input_of_an_installed_kind_is_compared(run: Run, tmp_path: Path) -> None:
    (tmp_path / "repository" / "old.words").write_text("yes\nno\n")
    (tmp_path / "repository" / "new.words").write_text("yes\n")
    checked = run("-m", "servanda", "check", "new.words", "--against", "old.words")
    assert checked.returncode == 1, checked.stderr
    assert "the word 'no' was deleted" in checked.stdout


def test_a_rule_of_an_installed_kind_is_explained(run: Run) -> None:
    assert "Checks that no word is deleted." in run("-m", "servanda", "explain", "WORD_NO_DELETE").stdout


@pytest.mark.infrastructure
def test_a_provider_is_verified_over_an_installed_transport_on_an_installed_store(run: Run) -> None:
    verified = run("-m", "servanda", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "Acme spool 1.0" in verified.stdout
    assert "spool" in verified.stdout


@pytest.mark.infrastructure
def test_a_promise_that_is_broken_over_an_installed_transport_is_told(run: Run, tmp_path: Path) -> None:
    contract = tmp_path / "repository" / "pacts" / "printer-writer.json"
    document = json.loads(contract.read_text())
    document["interactions"][0]["contents"]["content"] = {"page": 8}
    contract.write_text(json.dumps(document))
    verified = run("-m", "servanda", "verify")
    assert verified.returncode == 1, verified.stderr
    assert "$.page" in verified.stdout


def test_a_verdict_is_told_in_an_installed_format(run: Run, tmp_path: Path) -> None:
    (tmp_path / "repository" / "old.words").write_text("yes\nno\n")
    (tmp_path / "repository" / "new.words").write_text("yes\n")
    checked = run(
        *("-m", "servanda", "check", "new.words", "--against", "old.words"),
        *("--format", "brief", "--report", "report"),
    )
    assert (checked.returncode, checked.stdout.splitlines()[0]) == (1, "no")
    assert (tmp_path / "repository" / "report" / "verdict.brief").read_text() == "no\n"


def test_jobs_run_at_an_installed_place(run: Run, tmp_path: Path) -> None:
    jobs = document(job("writer"))
    (tmp_path / "jobs.json").write_text(written(jobs))
    done = run("-m", "servanda", "jobs", "../jobs.json", "--on", "queue://nine")
    assert (done.returncode, "it waits in the queue nine" in done.stderr) == (2, True), done.stderr


def test_without_the_extension_the_configuration_says_what_is_unknown(tmp_path: Path) -> None:
    repository = shutil.copytree(EXTENSION / "repository", tmp_path / "repository")
    command = [sys.executable, "-P", "-m", "servanda", "verify"]
    refused = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "unknown transport 'spool'" in refused.stderr
    assert "known: http, grpc, kafka" in refused.stderr
