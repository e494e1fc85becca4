from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.integration.waiting import eventually
from tests.samples.library.contracts import (
    a_book_over_http,
    a_loan_over_kafka,
    a_title_over_grpc,
    contract,
    states,
)

Servanda = Callable[[Sequence[str]], list[str]]
Environ = dict[str, str]


def _run(command: list[str], environ: Environ) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=90)


@contextmanager
def _up(command: list[str], environ: Environ, repository: Path) -> Iterator[subprocess.Popen[str]]:
    state = repository / ".servanda" / "up" / "state.json"
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environ, stdout=pipe, stderr=pipe, text=True) as running:
        try:
            eventually(lambda: state.is_file() or running.poll() is not None, until=bool, seconds=60)
            yield running
        finally:
            running.kill()


def _port(repository: Path) -> int:
    state = json.loads((repository / ".servanda" / "up" / "state.json").read_text())
    (library,) = state["instances"]
    return int(library["ports"]["web"])


def test_verify_exits_0_and_prints_each_transport(repository: Path, environ: Environ, servanda: Servanda) -> None:
    contract(repository / "pacts", a_book_over_http(), a_title_over_grpc(), a_loan_over_kafka())
    done = _run(servanda(["verify"]), environ)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.split()[:6] for line in done.stdout.splitlines() if line.startswith("reader")]
    assert sorted(rows) == [
        ["reader", "->", "library", f"({transport})", "1/1", "held"] for transport in ("grpc", "http", "kafka")
    ]
    assert "versions: base none" in done.stdout


def test_verify_exits_1_and_names_what_broke(repository: Path, environ: Environ, servanda: Servanda) -> None:
    contract(repository / "pacts", a_book_over_http())
    (repository / "fault").write_text("drops title")
    done = _run(servanda(["verify", "library"]), environ)
    assert done.returncode == 1
    assert "reader -> library (http): a book" in done.stdout
    assert "$.title" in done.stdout
    assert "contract: pacts/reader-library.json:" in done.stdout


def test_verify_exits_2_if_a_state_has_no_handler(repository: Path, environ: Environ, servanda: Servanda) -> None:
    contract(repository / "pacts", a_book_over_http(providerStates=states("a scroll exists")))
    done = _run(servanda(["verify"]), environ)
    assert done.returncode == 2
    assert "no handler is configured for the provider state 'a scroll exists'" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["verify", "archive"], "error: service 'archive' is not configured", id="unknown service"),
        pytest.param(["verify"], "error: no contract found", id="no contract"),
        pytest.param(["up", "--only", "archive"], "error: service 'archive' is not configured", id="only"),
    ],
)
def test_bad_input_is_told_without_traceback(
    environ: Environ, servanda: Servanda, arguments: list[str], message: str
) -> None:
    done = _run(servanda(arguments), environ)
    assert done.returncode == 2
    assert done.stderr.startswith(message)
    assert "Traceback" not in done.stderr


def test_verify_asks_the_platform_that_is_up(repository: Path, environ: Environ, servanda: Servanda) -> None:
    contract(repository / "pacts", a_book_over_http(), a_loan_over_kafka())
    with _up(servanda(["up"]), environ, repository):
        done = _run(servanda(["verify", "--attach"]), environ)
        assert done.returncode == 0, done.stdout + done.stderr


def test_verify_cannot_attach_to_nothing(repository: Path, environ: Environ, servanda: Servanda) -> None:
    contract(repository / "pacts", a_book_over_http())
    done = _run(servanda(["verify", "--attach"]), environ)
    assert done.returncode == 2
    assert "hint: start it with: servanda up" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_up_runs_until_a_signal_and_leaves_nothing_behind(
    repository: Path, environ: Environ, servanda: Servanda, number: signal.Signals
) -> None:
    contract(repository / "pacts", a_book_over_http())
    with _up(servanda(["up"]), environ, repository) as running:
        port = _port(repository)
        assert httpx2.get(f"http://127.0.0.1:{port}/ready", trust_env=False).status_code == 200
        running.send_signal(number)
        stdout, stderr = running.communicate(timeout=30)
    assert running.returncode == 0, stderr
    assert f"library web: 127.0.0.1:{port}\n" in stdout
    assert f"try: curl -sS 'http://127.0.0.1:{port}/books/b-1?fields=id&fields=title'\n" in stdout
    assert "library | ready after" in stderr
    assert "library | stopped after" in stderr
    assert not (repository / ".servanda" / "up" / "state.json").exists()
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"http://127.0.0.1:{port}/ready", trust_env=False)


def test_up_refuses_to_run_twice(repository: Path, environ: Environ, servanda: Servanda) -> None:
    with _up(servanda(["up"]), environ, repository):
        done = _run(servanda(["up"]), environ)
    assert done.returncode == 2
    assert done.stderr.startswith("error: the platform runs already")


def test_up_refuses_a_port_that_is_taken(repository: Path, environ: Environ, servanda: Servanda) -> None:
    with _up(servanda(["up"]), environ, repository):
        taken = _port(repository)
        (repository / ".servanda" / "up" / "state.json").unlink()
        done = _run(servanda(["up", "--port", str(taken)]), environ)
    assert done.returncode == 2
    assert f"error: port {taken} for 'web' is already in use" in done.stderr
