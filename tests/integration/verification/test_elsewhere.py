"""A provider that somebody else started, verified over HTTP, gRPC and Kafka at its addresses."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from servanda.infra import Endpoints
from tests.integration.waiting import eventually
from tests.samples.library.contracts import a_book_over_http, a_loan_over_kafka, a_title_over_grpc, contract

Servanda = Callable[[Sequence[str]], list[str]]


@dataclass(frozen=True)
class Library:
    """A library that runs, and what its provider states need to know of it."""

    web: int
    rpc: int
    environ: dict[str, str]


@pytest.fixture
def library(repository: Path, environ: dict[str, str], servanda_endpoints: Endpoints) -> Iterator[Library]:
    web, rpc = free_ports()
    own = {"WEB_PORT": str(web), "RPC_PORT": str(rpc), "LOANS_TOPIC": "loans"}
    everything = {**environ, **own, "KAFKA": servanda_endpoints.kafka.bootstrap}
    process = subprocess.Popen([sys.executable, "library_service.py"], cwd=repository, env=everything)
    try:
        eventually(lambda: listens(web), until=bool, seconds=20)
        yield Library(web, rpc, everything)
    finally:
        process.terminate()
        process.wait()


def free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


def listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def test_a_running_provider_is_verified_on_every_transport(
    repository: Path, servanda: Servanda, library: Library
) -> None:
    contract(repository / "pacts", a_book_over_http(), a_title_over_grpc(), a_loan_over_kafka())
    addresses = ["--provider-url", f"http://127.0.0.1:{library.web}", "--grpc-target", f"127.0.0.1:{library.rpc}"]
    kafka = ["--kafka-bootstrap", library.environ["KAFKA"]]
    command = servanda(["verify", "library", *addresses, *kafka])
    done = subprocess.run(command, env=library.environ, capture_output=True, text=True, check=False, timeout=90)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split("  ")[0] for line in done.stdout.splitlines() if "held" in line][:3] == [
        "reader -> library (grpc)",
        "reader -> library (http)",
        "reader -> library (kafka)",
    ]


def test_a_route_leads_to_another_address_of_the_provider(
    repository: Path, servanda: Servanda, library: Library
) -> None:
    contract(repository / "pacts", a_book_over_http())
    addresses = ["--provider-url", "http://127.0.0.1:1", "--route", f"/books=http://127.0.0.1:{library.web}"]
    command = servanda(["verify", "library", *addresses])
    done = subprocess.run(command, env=library.environ, capture_output=True, text=True, check=False, timeout=90)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_route_that_is_none_is_told(repository: Path, servanda: Servanda, library: Library) -> None:
    contract(repository / "pacts", a_book_over_http())
    command = servanda(["verify", "library", "--route", "books=http://127.0.0.1:1"])
    done = subprocess.run(command, env=library.environ, capture_output=True, text=True, check=False, timeout=90)
    assert done.returncode == 2
    assert "'books=http://127.0.0.1:1' is no route" in done.stderr
