"""``servanda usage`` and ``servanda unused`` in a repository with an OpenAPI document, protos and events."""

import csv
import io
import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from servanda.cli import main

DOCUMENT = """openapi: 3.1.0
paths:
  /orders:
    get:
      parameters: [{name: size, in: query, schema: {type: integer}}]
      responses:
        "200":
          headers: {ETag: {schema: {type: string}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
  /orders/{id}:
    get: {responses: {"200": {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}}}
components:
  schemas:
    Order: {properties: {note: {type: string}, gift: {type: boolean}}}
"""
PROTO = """syntax = "proto3";
package shop.v1;
import "google/protobuf/descriptor.proto";
message Event { string topic = 1; }
extend google.protobuf.MessageOptions { Event event = 50001; }
message Placed { option (event) = { topic: "orders" }; string order_id = 1; string note = 2; }
message Other { string name = 1; }
"""
OTHER_EVENT = 'message Other { option (event) = { topic: "orders" };'
CONFIGURATION = """[events]
option = "shop.v1.event"
[pacticipants.web]
[pacticipants.shop]
openapi = "shop.yaml"
"""
HEADER = {
    "format": "servanda.usage/1",
    "consumer": "web",
    "date": "2026-11-01",
    "complete": ["calls", "reads", "writes"],
}
GET = {"call": "GET /orders/{id}", "transport": "http", "query": [], "headers": [], "status": 200, "sent": None}
PLACED = {"element": "shop.v1.Placed.order_id", "access": "read", "transport": "kafka"}
PROPERTY = "#/components/schemas/Order/properties"


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "repository").mkdir()
    monkeypatch.chdir(tmp_path / "repository")
    monkeypatch.setenv("SERVANDA_CACHE", str(tmp_path / "cache"))
    Path("proto").mkdir()
    Path("proto/shop.proto").write_text(PROTO, encoding="utf-8")
    Path("shop.yaml").write_text(DOCUMENT, encoding="utf-8")
    Path("servanda.toml").write_text(CONFIGURATION, encoding="utf-8")
    logged(HEADER, {**GET, "received": {"note": None}}, PLACED)


def logged(*lines: object) -> None:
    Path("contracts/usage").mkdir(parents=True, exist_ok=True)
    Path("contracts/usage/web.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in lines), "utf-8")


def servanda(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def unused() -> dict[str, str]:
    ran = servanda("unused", "--format", "json")
    assert ran.exit_code == 0, ran.stderr
    return {each["element"]: each["status"] for each in json.loads(ran.stdout)["elements"]}


@pytest.mark.parametrize("name", [f"{PROPERTY}/note", f"shop.yaml{PROPERTY}/note"])
def test_a_property_is_found_by_its_pointer(name: str) -> None:
    told = servanda("usage", name).stdout

    assert told.startswith(f"shop.yaml{PROPERTY}/note\n  web: may read over http\n")
    assert "(possible use: an upper bound)" in told


def test_an_operation_is_found_by_its_request() -> None:
    assert "web: call over http" in servanda("usage", "GET /orders/{id}").stdout
    assert "web: not used" in servanda("usage", "GET /orders").stdout


def test_a_topic_brings_its_events() -> None:
    logged(HEADER, {**PLACED, "element": "shop.v1.Placed"}, PLACED)

    told = servanda("usage", "orders").stdout

    assert told.startswith("shop.v1.Placed\n  web: read over kafka\n")
    assert "Other" not in told


def test_several_elements_are_one_document() -> None:
    Path("proto/shop.proto").write_text(PROTO.replace("message Other {", OTHER_EVENT), encoding="utf-8")

    told = json.loads(servanda("usage", "orders", "--format", "json").stdout)

    assert [each["element"] for each in told["elements"]] == ["shop.v1.Other", "shop.v1.Placed"]


def test_an_unknown_element_gets_suggestions_from_every_interface() -> None:
    ran = servanda("usage", "GET /order/{id}")

    assert (ran.exit_code, "GET /orders/{id}" in ran.stderr) == (2, True)


def test_unused_answers_for_documents_and_events() -> None:
    found = unused()

    assert found[f"shop.yaml{PROPERTY}/gift"] == "unused"
    assert f"shop.yaml{PROPERTY}/note" not in found
    assert found["shop.yaml#/paths/~1orders/get"] == "unused"
    assert found["shop.yaml#/paths/~1orders/get/parameters/query/size"] == "unused"
    assert found["shop.v1.Placed.note"] == "unused"
    assert "shop.v1.Placed.order_id" not in found


def test_what_may_be_read_unseen_is_not_unused() -> None:
    logged(HEADER, GET, PLACED)

    assert unused()[f"shop.yaml{PROPERTY}/gift"] == "unknown"
    assert "observed on 2026-11-01" in servanda("usage", f"{PROPERTY}/gift").stdout
    assert "not used" not in servanda("usage", f"{PROPERTY}/gift").stdout


def test_without_a_log_of_a_document_nothing_of_it_is_unused() -> None:
    logged(HEADER, PLACED)

    assert {status for name, status in unused().items() if name.startswith("shop.yaml")} == {"unknown"}


def test_a_repository_may_have_a_document_alone() -> None:
    Path("proto/shop.proto").unlink()
    Path("proto").rmdir()
    logged(HEADER, {**GET, "received": {"note": None}})

    assert unused()[f"shop.yaml{PROPERTY}/gift"] == "unused"


def test_what_the_change_deletes_is_known_as_well() -> None:
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org")
    for arguments in (("init", "-q", "-b", "main"), ("add", "shop.yaml"), ("commit", "-q", "-m", "shop")):
        subprocess.run((*git, *arguments), check=True)
    Path("shop.yaml").write_text(DOCUMENT.replace("note: {type: string}, ", ""), encoding="utf-8")

    ran = servanda("usage", f"{PROPERTY}/note")

    assert "web: may read over http" in ran.stdout
    assert "is not in the current interfaces: it was deleted" in ran.stderr


def test_a_table_has_every_interface() -> None:
    ran = servanda("usage", "--format", "csv")

    rows = {row[1]: row for row in csv.reader(io.StringIO(ran.stdout))}
    assert rows[f"shop.yaml{PROPERTY}/note"] == [
        "shop.yaml",
        f"shop.yaml{PROPERTY}/note",
        "may read http 2026-11-01",
        "",
    ]
    assert rows["shop.v1.Placed.order_id"][:3] == ["orders", "shop.v1.Placed.order_id", "read kafka 2026-11-01"]
    assert rows["shop.v1.Other.name"][0] == "shop.v1"
    assert "<table>" in servanda("usage", "--format", "html").stdout


def test_a_table_may_be_of_a_part() -> None:
    ran = servanda("usage", "shop.yaml", "--format", "csv")

    assert {row[0] for row in csv.reader(io.StringIO(ran.stdout))} == {"interface", "shop.yaml"}
    assert servanda("usage", "nothing", "--format", "csv").exit_code == 2


def test_without_an_element_a_table_has_to_be_asked_for() -> None:
    ran = servanda("usage")

    assert (ran.exit_code, "--format markdown, html or csv" in ran.stderr) == (2, True)
