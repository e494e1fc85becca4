"""Whoever has a repository and a Python comes to a true verdict: from an empty environment, by the printed commands.

The environment is what ``python3 -m venv`` makes, filled by its pip with the wheel; home and folders are empty. It is
no container: the programs of this host are at hand.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.integration.packaging.conftest import Installed

# Installing with pip can take as long as a test may.
pytestmark = pytest.mark.timeout(400)

FASTAPI_SERVICE = """
from fastapi import FastAPI

app = FastAPI(title="shop", version="1.0.0")


@app.get("/items/{item}")
def item(item: str) -> dict[str, str]:
    return {"id": item, "name": "lamp"}
"""
FASTAPI_PROJECT = '[project]\nname = "shop"\nversion = "1.0.0"\ndependencies = ["fastapi", "uvicorn"]\n'
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
NODE_PROJECT = {"name": "prices", "version": "1.0.0", "private": True, "scripts": {"start": "node server.js"}}
NODE_SERVICE = """
const http = require("node:http");
http.createServer((request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ sku: request.url.split("/").pop(), cents: 1250 }));
}).listen(Number(process.env.PORT || 3000), "127.0.0.1");
"""
NODE_CONTRACT = {
    "consumer": {"name": "web"},
    "provider": {"name": "prices"},
    "interactions": [
        {
            "description": "the price of a lamp",
            "request": {"method": "GET", "path": "/v1/prices/A-1"},
            "response": {
                "status": 200,
                "headers": {"content-type": "application/json"},
                "body": {"sku": "A-1", "cents": 900},
                "matchingRules": {"body": {"$.cents": {"combine": "AND", "matchers": [{"match": "integer"}]}}},
            },
        }
    ],
    "metadata": {"pactSpecification": {"version": "3.0.0"}},
}
PROTO = """syntax = "proto3";
package shop.v1;

message Item {
  string name = 1;
  int64 cents = 2;
}
"""


class Newcomer:
    """Somebody with an installed suite, in a repository of their own."""

    def __init__(self, installed: Installed, folder: Path) -> None:
        self.installed, self.folder = installed, folder
        subprocess.run(["git", "init", "--quiet", str(folder)], check=True)

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def commit(self, message: str) -> None:
        who = ("-c", "user.name=new", "-c", "user.email=new@example.org")
        subprocess.run(["git", "add", "."], cwd=self.folder, check=True)
        subprocess.run(["git", *who, "commit", "--quiet", "--message", message], cwd=self.folder, check=True)

    def run(self, *command: str, code: int = 0) -> str:
        done = self.installed.run(*command, cwd=self.folder)
        assert done.returncode == code, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def accept_what_init_guessed(self, *, more: str) -> None:
        """Take the marks away before the guessed lines, as the file says, and add the consumer."""
        path = self.folder / "servanda.toml"
        known, _, guessed = path.read_text().partition("# correct it, and remove the '#'")
        lines = [re.sub(r"^#(?=[\[a-z])", "", line) for line in guessed.splitlines()[1:]]
        path.write_text("\n".join([known, more, *lines, ""]))


@pytest.fixture(scope="module")
def installed(
    wheel: Path, locked: Path, tmp_path_factory: pytest.TempPathFactory, minutes: dict[str, float]
) -> Installed:
    began = time.monotonic()
    folder = tmp_path_factory.mktemp("newcomer") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    wanted = [f"servanda[protobuf] @ {wheel.as_uri()}", "pytest", "fastapi", "uvicorn"]
    subprocess.run([*pip, "--constraint", str(locked), *wanted], check=True)
    minutes["installing"] = (time.monotonic() - began) / 60
    return Installed(folder)


@pytest.fixture
def newcomer(
    installed: Installed, tmp_path: Path, minutes: dict[str, float], request: pytest.FixtureRequest
) -> Iterator[Newcomer]:
    began = time.monotonic()
    yield Newcomer(installed, tmp_path / "repository")
    minutes[request.node.name] = (time.monotonic() - began) / 60


def test_a_repository_with_fastapi(newcomer: Newcomer) -> None:
    newcomer.write({"main.py": FASTAPI_SERVICE, "pyproject.toml": FASTAPI_PROJECT, "tests/test_app.py": CONSUMER_TEST})
    assert "next: servanda doctor" in newcomer.run("servanda", "init")
    assert "ok       servanda.toml" in newcomer.run("servanda", "doctor")
    newcomer.accept_what_init_guessed(more='[pacticipants.app]\nowner = "team-app"\n')
    document = "import json, main; print(json.dumps(main.app.openapi()))"
    newcomer.write({"openapi.json": newcomer.run("python", "-c", document)})
    newcomer.commit("the first one")
    assert "no breaking changes" in newcomer.run("servanda", "check", "openapi.json")
    newcomer.run("pytest", "-q", "-p", "no:pact", "tests")
    assert re.search(r"app -> shop +\(http\) +1/1 held", newcomer.run("servanda", "verify"))
    newcomer.write({"main.py": FASTAPI_SERVICE.replace('"name"', '"title"')})
    assert "$.name" in newcomer.run("servanda", "verify", code=1)


@pytest.mark.skipif(shutil.which("node") is None, reason="node, which runs the service")
def test_a_repository_of_node_that_speaks_http(newcomer: Newcomer) -> None:
    newcomer.write(
        {
            "package.json": json.dumps(NODE_PROJECT),
            "server.js": NODE_SERVICE,
            "contracts/pacts/web_prices.json": json.dumps(NODE_CONTRACT),
        }
    )
    newcomer.run("servanda", "init")
    newcomer.run("servanda", "doctor")
    newcomer.accept_what_init_guessed(more="")
    assert re.search(r"web -> prices +\(http\) +1/1 held", newcomer.run("servanda", "verify"))
    newcomer.write({"server.js": NODE_SERVICE.replace("1250", '"12.50"')})
    assert "$.cents" in newcomer.run("servanda", "verify", code=1)


def test_a_repository_of_protos_alone(newcomer: Newcomer) -> None:
    newcomer.write({"proto/shop/v1/shop.proto": PROTO})
    newcomer.run("servanda", "init")
    newcomer.run("servanda", "doctor")
    newcomer.commit("the first one")
    newcomer.run("servanda", "check")
    newcomer.write({"proto/shop/v1/shop.proto": PROTO.replace("  int64 cents = 2;\n", "")})
    assert "shop.v1.Item.cents" in newcomer.run("servanda", "check", code=1)
