"""What the suite does without an extra, what it weighs then, and which extra each of its errors asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.cli.group import COMMANDS
from tests.integration.packaging.conftest import ROOT, Installed

CONFIGURATION = """
[contracts]
pacts = "pacts"

[pacticipants.app]

[services.shop]
command = ["{python}", "shop.py", "{port.web}"]
ports = ["web"]
transports = { http = "web" }
ready = "tcp://127.0.0.1:{port.web}"
"""
CONSUMER_TEST = """
import json
import urllib.request

def test_the_app_shows_the_name_of_an_item(pact_with):
    pact = pact_with("app", "shop")
    asked = pact.upon_receiving("an item").with_request("GET", "/items/1")
    asked.will_respond_with(200).with_body({"name": "lamp"}, "application/json")
    with pact.serve() as server:
        assert json.load(urllib.request.urlopen(f"{server.url}/items/1"))["name"] == "lamp"
"""
PROVIDER = """
import http.server, json, sys

class Shop(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"name": "lamp", "price": 3}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Shop).serve_forever()
"""
PROTO = 'syntax = "proto3";\npackage shop.v1;\nmessage Item { string name = 1; }\n'
DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "paths": {"/items": {"get": {"responses": {"200": {"description": "all items"}}}}},
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose service speaks HTTP, with an empty contract of each other transport to be had."""
    folder = tmp_path / "repository"
    (folder / "proto").mkdir(parents=True)
    (folder / "proto" / "shop.proto").write_text(PROTO)
    (folder / "servanda.toml").write_text(CONFIGURATION)
    (folder / "shop.py").write_text(PROVIDER)
    (folder / "test_app.py").write_text(CONSUMER_TEST)
    return folder


def with_contract(repository: Path, transport: str) -> None:
    """Give the repository a contract over another transport, as this repository has it."""
    source = {"grpc": "gateway-audit.json", "kafka": "audit-identity.json"}[transport]
    contract = json.loads((ROOT / "contracts" / "pacts" / source).read_text())
    contract |= {"consumer": {"name": "app"}, "provider": {"name": "shop"}}
    (repository / "pacts").mkdir()
    (repository / "pacts" / "app-shop.json").write_text(json.dumps(contract))
    served = CONFIGURATION.replace('{ http = "web" }', f'{{ {transport} = "web" }}')
    (repository / "servanda.toml").write_text(served)


def test_the_core_is_light(core: Installed, install: Callable[..., Installed]) -> None:
    library = install("pact-python")
    added = core.packages - library.packages
    megabytes = core.megabytes - library.megabytes
    assert len(added - {"servanda"}) <= 15, sorted(added)
    assert megabytes <= 40


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_without_an_extra(core: Installed, tmp_path: Path, command: str) -> None:
    done = core.run("servanda", command, "--help", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_core_compares_openapi_documents(core: Installed, repository: Path) -> None:
    (repository / "old.json").write_text(json.dumps(DOCUMENT))
    (repository / "new.json").write_text(json.dumps({**DOCUMENT, "paths": {}}))
    done = core.run("servanda", "check", "new.json", "--against", "old.json", cwd=repository)
    assert done.returncode == 1, done.stderr
    assert "Path /items was deleted." in done.stdout


def test_the_core_records_and_verifies_http(core_with_pytest: Installed, repository: Path) -> None:
    recorded = core_with_pytest.run("pytest", "-q", "-p", "no:pact", "test_app.py", cwd=repository)
    assert recorded.returncode == 0, recorded.stdout
    verified = core_with_pytest.run("servanda", "verify", cwd=repository)
    assert verified.returncode == 0, verified.stderr
    assert re.search(r"app +-> shop +\(http\) +1/1 held", verified.stdout)


@pytest.mark.parametrize(
    ("command", "extra"),
    [
        pytest.param("check proto", "protobuf", id="check"),
        pytest.param("release 1.0.0", "protobuf", id="release"),
        pytest.param("observe --listen 127.0.0.1:0 --target http://127.0.0.1:1 --consumer app", "observe", id="HTTP"),
        pytest.param("observe --listen 127.0.0.1:0 --target grpc://127.0.0.1:1 --consumer app", "grpc", id="gRPC"),
    ],
)
def test_a_command_names_the_extra_that_it_needs(core: Installed, repository: Path, command: str, extra: str) -> None:
    done = core.run("servanda", *command.split(), cwd=repository)
    assert done.returncode == 2
    assert f'hint: install "servanda[{extra}]"' in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("transport", ["grpc", "kafka"])
def test_verification_names_the_extra_of_a_transport(core: Installed, repository: Path, transport: str) -> None:
    with_contract(repository, transport)
    done = core.run("servanda", "verify", cwd=repository)
    assert done.returncode == 2
    assert f'install "servanda[{transport}]"' in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_readiness_over_grpc_names_its_extra(core: Installed, repository: Path) -> None:
    (repository / "servanda.toml").write_text(CONFIGURATION.replace("tcp://", "grpc://"))
    done = core.run("servanda", "up", cwd=repository)
    assert done.returncode == 2
    assert 'install "servanda[grpc]"' in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("store", ["postgres", "redis", "kafka"])
@pytest.mark.parametrize("way", ["embedded", "docker", "external"])
def test_a_store_names_the_extra_of_its_way(core: Installed, repository: Path, store: str, way: str) -> None:
    (repository / "servanda.toml").write_text(f'{CONFIGURATION}stores = ["{store}"]\n')
    addresses = {"postgres": "POSTGRES_DSN", "redis": "REDIS_URL", "kafka": "KAFKA_BOOTSTRAP_SERVERS"}
    given = {"SERVANDA_INFRA": way, addresses[store]: "127.0.0.1:1"}
    done = core.run("servanda", "up", cwd=repository, **given)
    assert done.returncode == 2
    wanted = {"embedded": "embedded", "docker": "docker", "external": store}[way]
    assert re.search(rf'install "servanda\[({wanted}|{store})\]"', done.stderr)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("fixture", ["servanda_postgres", "servanda_redis", "servanda_kafka", "servanda_namespace"])
def test_a_fixture_of_a_store_names_an_extra(core_with_pytest: Installed, repository: Path, fixture: str) -> None:
    (repository / "test_store.py").write_text(f"def test_it({fixture}): ...\n")
    done = core_with_pytest.run("pytest", "-q", "-p", "no:pact", "test_store.py", cwd=repository)
    assert 'install "servanda[embedded]"' in done.stdout


def test_a_call_over_grpc_names_its_extra(core_with_pytest: Installed, repository: Path) -> None:
    test = 'def test_it(pact_with):\n    pact_with("app", "shop").upon_calling("an item", "shop.v1.Shop/Get")\n'
    (repository / "test_call.py").write_text(test)
    done = core_with_pytest.run("pytest", "-q", "-p", "no:pact", "test_call.py", cwd=repository)
    assert 'install "servanda[grpc]"' in done.stdout
