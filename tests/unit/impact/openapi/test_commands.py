"""``servanda check`` of a document in a repository with contracts."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from servanda.cli import main
from servanda.report.check import FORMATS

SHOP = """openapi: 3.1.0
paths:
  /orders/{id}:
    get:
      responses:
        "200":
          content:
            application/json:
              schema:
                properties:
                  note: {type: string}
                  gift: {type: boolean}
                  status: {enum: [open]}
"""
EDITED = SHOP.replace("                  note: {type: string}\n                  gift: {type: boolean}\n", "")
CONFIGURATION = '[pacticipants.web]\nowner = "team-web"\n[pacticipants.app]\nowner = "team-app"\n'
PROTO_USAGE_LOG = {
    "format": 1,
    "consumer": "web",
    "version": "4f2a",
    "date": "2026-11-01",
    "reads": [{"element": "elsewhere.v1.Thing", "transport": "grpc", "test": "t"}],
    "writes": [],
}


def contract(consumer: str, provider: str, answer: object) -> str:
    body = {"content": answer, "contentType": "application/json", "encoded": False}
    entry = {
        "type": "Synchronous/HTTP",
        "description": "an order",
        "request": {"method": "GET", "path": "/orders/o-1"},
        "response": {"status": 200, "body": body},
    }
    document = {"consumer": {"name": consumer}, "provider": {"name": provider}, "interactions": [entry]}
    return json.dumps(document | {"metadata": {"pactSpecification": {"version": "4.0"}}})


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose change removes one property that is read and another that is not."""
    monkeypatch.chdir(tmp_path)
    write("servanda.toml", CONFIGURATION)
    write("old/shop.yaml", SHOP)
    write("api/shop.yaml", EDITED)
    write("contracts/pacts/web-shop.json", contract("web", "shop", {"note": "x"}))
    return tmp_path


def write(path: str, text: str) -> None:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", "api/shop.yaml", "--against", "old", *arguments])


def impacts() -> dict[str, dict[str, str]]:
    """By the last part of a finding's element, what it means for each consumer."""
    return {
        finding["element"].rpartition("/")[2]: {hit["name"]: hit["impact"] for hit in finding["consumers"]}
        for finding in json.loads(check("--format", "json").stdout)["findings"]
    }


def test_each_property_has_its_own_verdict(repository: Path) -> None:
    assert impacts() == {"note": {"web": "broken", "app": "unknown"}, "gift": {"web": "unknown", "app": "unknown"}}
    assert check().exit_code == 1


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_tells_the_verdicts_apart(repository: Path, form: str) -> None:
    told = check("--format", form).stdout

    assert "broken" in told
    assert "unknown" in told


def test_contracts_with_another_provider_do_not_count(repository: Path) -> None:
    write("contracts/pacts/app-cart.json", contract("app", "cart", {"gift": True}))

    assert impacts()["gift"] == {"web": "unknown", "app": "unknown"}


def test_the_configuration_says_whose_document_it_is(repository: Path) -> None:
    write("contracts/pacts/app-cart.json", contract("app", "cart", {"gift": True}))
    write("servanda.toml", f'{CONFIGURATION}[pacticipants.cart]\nopenapi = "api/shop.yaml"\n')

    assert impacts()["gift"]["app"] == "broken"
    assert impacts()["note"]["web"] == "unknown"


def test_contracts_with_everybody_count_if_nobody_is_known_to_serve_the_document(repository: Path) -> None:
    write("contracts/pacts/app-cart.json", contract("app", "cart", {"gift": True}))
    write("contracts/pacts/web-shop.json", contract("web", "orders", {"note": "x"}))

    assert impacts()["gift"]["app"] == "broken"
    assert impacts()["note"]["web"] == "broken"


def test_a_usage_log_of_messages_shows_nothing_of_a_document(repository: Path) -> None:
    write("contracts/usage/web.json", json.dumps(PROTO_USAGE_LOG))

    assert impacts()["gift"]["web"] == "unknown"


def test_a_new_document_is_no_matter_for_usage_logs(repository: Path) -> None:
    write("contracts/usage/web.json", json.dumps(PROTO_USAGE_LOG))
    Path("old/shop.yaml").unlink()

    assert check().exit_code == 0
