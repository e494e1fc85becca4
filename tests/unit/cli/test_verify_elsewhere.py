"""``verify`` of a provider that runs already."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from click.testing import CliRunner, Result

from servanda.cli import main
from tests.unit.publication.fake_broker import PACT as PACT_AT
from tests.unit.publication.fake_broker import FakeBroker, serving

INTERACTION = {
    "description": "a book",
    "providerStates": [{"name": "a book exists"}],
    "request": {"method": "GET", "path": "/books/1"},
    "response": {"status": 200, "body": {"title": "Emma"}},
}
PACT = {
    "consumer": {"name": "reader"},
    "provider": {"name": "library"},
    "metadata": {"pactSpecification": {"version": "3.0.0"}},
    "interactions": [INTERACTION],
}


class Library(BaseHTTPRequestHandler):
    """A provider with one book, which exists when its state says so."""

    titles: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.titles[:] = ["Emma"] if asked["action"] == "setup" else []
        self._answer(200, {})

    def do_GET(self) -> None:
        self._answer(200, {"title": self.titles[0]}) if self.titles else self._answer(404, {})

    def _answer(self, status: int, document: object) -> None:
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Library) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pacts").mkdir()
    (tmp_path / "pacts" / "reader-library.json").write_text(json.dumps(PACT))
    return tmp_path


def verify(folder: Path, *options: str, services: str = "", **environ: str) -> Result:
    (folder / "servanda.toml").write_text(f'[contracts]\npacts = "pacts"\n[pacticipants.reader]\n{services}')
    return CliRunner().invoke(main, ["--config", str(folder / "servanda.toml"), "verify", *options], env=environ)


STATES = '[services.library]\ncommand = ["library"]\nstates_url = "/states"\n'


def test_a_provider_is_verified_where_it_runs(folder: Path, url: str) -> None:
    done = verify(folder, "library", "--provider-url", url, services=STATES)
    assert "reader -> library (http)  1/1 held" in done.stdout
    assert done.exit_code == 0
    assert Library.titles == []


def test_a_provider_that_is_not_configured_is_verified_as_well(folder: Path, url: str) -> None:
    done = verify(folder, "library", "--provider-url", url)
    assert "no handler is configured for the provider state 'a book exists'" in done.stdout
    again = f"servanda verify library --consumer reader --interaction 'a book' --provider-url {url}"
    assert f"  again: {again}" in done.stdout.splitlines()
    assert done.exit_code == 2


def test_a_provider_that_is_not_there_is_unknown(folder: Path) -> None:
    done = verify(folder, "library", "--provider-url", "http://127.0.0.1:1", services=STATES)
    assert "cannot be reached" in done.stdout
    assert done.exit_code == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--provider-url", "http://127.0.0.1:1"], "0 providers are named"),
        (["library", "--provider-url", "127.0.0.1:1"], "'127.0.0.1:1' is no URL"),
        (["library", "--provider-url", "http://"], "'http://' is no URL"),
        (["library", "--provider-url", "http://127.0.0.1:99999"], "'http://127.0.0.1:99999' is no URL"),
        (["library", "--provider-url", "http://[::1"], "'http://[::1' is no URL"),
        (["library", "--provider-url", "http://127.0.0.1:1/a?b=c"], "'http://127.0.0.1:1/a?b=c' is no URL that paths"),
        (["library", "--provider-url", "http://127.0.0.1:1", "--attach"], "--attach names a platform already"),
    ],
)
def test_addresses_that_cannot_be_meant_are_refused(folder: Path, options: list[str], message: str) -> None:
    done = verify(folder, *options)
    assert message in done.stderr
    assert done.exit_code == 2


def test_contracts_of_a_broker_are_verified_and_their_results_published(folder: Path, url: str) -> None:
    version = ("--provider-version", "1.2", "--branch", "main")
    with serving(FakeBroker()) as broker:
        broker.add("stranger", INTERACTION)
        broker.add("dreamer", {**INTERACTION, "response": {"status": 418}}, pending=True)
        where = ("library", "--provider-url", url, "--broker", "--publish", *version)
        done = verify(folder, *where, services=STATES, PACT_BROKER_BASE_URL=broker.url)
        sent = broker.of("POST", "/verification-results")
    assert "stranger -> library (http)  1/1 held" in done.stdout
    assert "pending dreamer -> library (http): a book" in done.stdout
    assert "reader -> library" not in done.stdout
    assert "stranger -> library: published as a success of version 1.2" in done.stderr
    assert [each["success"] for each in sent] == [True, False]
    assert done.exit_code == 0


def test_contracts_of_several_places_are_verified_together(folder: Path, url: str, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(json.dumps({**PACT, "interactions": [{**INTERACTION, "description": "another book"}]}))
    places = ("--pacts", str(folder / "pacts"), "--pacts", str(other))
    done = verify(folder, "library", "--provider-url", url, *places, services=STATES)
    assert "reader -> library (http)  2/2 held" in done.stdout


def test_contracts_with_other_providers_are_not_asked_of_this_one(folder: Path, url: str) -> None:
    with serving(FakeBroker()) as broker:
        broker.add("stranger", INTERACTION)
        at = broker.url + PACT_AT.format("stranger", "5ha")
        shop = '[services.shop]\ncommand = ["shop"]\n' + STATES
        done = verify(folder, "shop", "--provider-url", url, "--pacts", at, services=shop)
        other = verify(folder, "library", "--provider-url", url, "--pacts", at, services=shop)
    assert "stranger -> library" not in done.stdout
    assert done.exit_code == 2
    assert "stranger -> library (http)  1/1 held" in other.stdout


def test_a_verdict_stands_where_nothing_can_be_remembered(folder: Path, url: str) -> None:
    (folder / ".servanda").mkdir()
    (folder / ".servanda" / "failed.json").mkdir()
    done = verify(folder, "library", "--provider-url", url, services=STATES)
    assert done.exit_code == 0
    assert "note: --rerun-failed will not know of this run" in done.stderr


def test_a_contract_over_http_is_verified_without_what_only_other_contracts_need(folder: Path, url: str) -> None:
    (folder / "servanda.toml").write_text(f'[contracts]\npacts = "pacts"\n[pacticipants.reader]\n{STATES}')
    code = "import sys, atexit; from servanda.cli import main; atexit.register(lambda: print(*sys.modules)); main()"
    command = [sys.executable, "-c", code, "verify", "library", "--provider-url", url]

    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr
    loaded = set(ran.stdout.splitlines()[-1].split())
    assert "servanda.transports.http.verifying" in loaded
    assert not {"google.protobuf", "grpc", "psycopg", "rich", "aiohttp", "http.client", "xml.etree"} & loaded
    assert not {"servanda.interfaces.protobuf.inputs", "servanda.publication.asking"} & loaded
