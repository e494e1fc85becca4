"""``servanda order`` as somebody types it, and as docs/how-to/deploy-order.md shows it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from servanda.cli import main
from servanda.policy.evidence import Evidence, Pairing, written
from servanda.verdict import Outcome

CONFIGURATION = """
[pacticipants.web]
[services.shop]
command = ["shop"]
openapi = "shop.json"
"""
ORDERS = {
    "openapi": "3.1.0",
    "info": {"title": "shop", "version": "1"},
    "paths": {
        "/orders": {
            "get": {
                "responses": {
                    "200": {
                        "description": "orders",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["count"],
                                    "properties": {"count": {"type": "integer"}},
                                }
                            }
                        },
                    }
                }
            }
        }
    },
}
PACT = {
    "consumer": {"name": "web"},
    "provider": {"name": "shop"},
    "interactions": [
        {
            "description": "all orders",
            "request": {"method": "GET", "path": "/orders"},
            "response": {"status": 200, "headers": {"Content-Type": "application/json"}, "body": {"count": 1}},
        }
    ],
    "metadata": {"pactSpecification": {"version": "3.0.0"}},
}


@pytest.fixture
def repository(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose provider and consumer have not changed yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERVANDA_CACHE", str(tmp_path_factory.mktemp("cache")))
    (tmp_path / "contracts" / "pacts").mkdir(parents=True)
    (tmp_path / "contracts" / "pacts" / "web-shop.json").write_text(json.dumps(PACT))
    (tmp_path / "servanda.toml").write_text(CONFIGURATION)
    (tmp_path / "shop.json").write_text(json.dumps(ORDERS))
    for command in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-q", "-m", "first")):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *command], check=True)
    return tmp_path


def order(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["order", *arguments], catch_exceptions=False)


def evidence(folder: Path, *pairings: Pairing) -> str:
    path = folder / "evidence.json"
    path.write_text(written(Evidence(("1",), "2", "2026-11-30T00:00:00+00:00", "real stores", pairings)))
    return str(path)


@pytest.mark.usefixtures("repository")
def test_without_a_break_everything_goes_at_once() -> None:
    told = order()
    assert (told.exit_code, "  1. shop, web\n" in told.stdout) == (0, True), told.output
    assert "each service can be rolled back alone" in told.stdout


def test_a_consumer_that_the_new_provider_breaks_goes_first(repository: Path) -> None:
    (repository / "shop.json").write_text(json.dumps(ORDERS).replace('"count"', '"total"'))
    told = order()
    assert told.exit_code == 0, told.output
    assert "  1. web\n  2. shop\n" in told.stdout
    assert "web cannot be rolled back alone: old web and new shop do not understand each other" in told.stdout


def test_a_consumer_that_nobody_deploys_stands_in_the_way(repository: Path) -> None:
    (repository / "shop.json").write_text(json.dumps(ORDERS).replace('"count"', '"total"'))
    told = order("shop")
    assert told.exit_code == 1
    assert "nobody in this set can go first: old web and new shop do not understand each other" in told.stdout


def test_a_break_both_ways_is_shown_with_what_was_tried(repository: Path) -> None:
    pairings = (
        Pairing("contract", "web", "1", "shop", "2", Outcome.BROKEN, "all orders: no count"),
        Pairing("contract", "web", "2", "shop", "1", Outcome.BROKEN, "all orders: no total"),
    )
    told = order("--evidence", evidence(repository, *pairings))
    assert told.exit_code == 1
    assert "no order is safe" in told.stdout
    assert "all orders: no count" in told.stdout
    assert "all orders: no total" in told.stdout


def test_the_order_as_json_has_the_same(repository: Path) -> None:
    pairing = Pairing("contract", "web", "2", "shop", "1", Outcome.BROKEN, "no total")
    told = json.loads(order("--evidence", evidence(repository, pairing), "--format", "json").stdout)
    assert (told["outcome"], told["waves"]) == ("held", [["shop"], ["web"]])
    assert told["rollback"]["shop"]["why"] == "no total"


def test_evidence_alone_is_enough_where_no_interface_is_described(repository: Path) -> None:
    (repository / "servanda.toml").write_text(CONFIGURATION.replace('openapi = "shop.json"\n', ""))
    shutil.rmtree(repository / ".git")
    assert order().exit_code == 2
    told = order("--evidence", evidence(repository))
    assert (told.exit_code, "the order rests on the evidence alone" in told.stderr) == (0, True)


def test_what_is_unknown_is_refused(repository: Path) -> None:
    assert "'stock' is neither a service nor a pacticipant" in order("stock").stderr
    assert "cannot be read" in order("--evidence", str(repository / "nowhere.json")).stderr
    assert "is no evidence" in order("--evidence", str(repository / "shop.json")).stderr
