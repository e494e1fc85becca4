"""``servanda check``, ``usage``, ``unused`` and ``waive`` in a repository with consumers."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from servanda.cli import main
from servanda.report.formats import FORMATS

SHOP = """syntax = "proto3";
package shop.v1;
import "google/api/annotations.proto";
service Shop {
  rpc GetOrder(GetOrderRequest) returns (Order) { option (google.api.http) = { get: "/v1/orders/{order_id}" }; }
}
message GetOrderRequest { string order_id = 1; }
message Order {
  string order_id = 1;
  string note = 2;
  bool gift = 3;
}
"""
EDITED = SHOP.replace("  string note = 2;\n  bool gift = 3;\n", '  reserved 2, 3;\n  reserved "note", "gift";\n')
CONFIGURATION = """[pacticipants.web]
owner = "team-web"
"""
PACT = {
    "consumer": {"name": "web"},
    "provider": {"name": "shop"},
    "interactions": [
        {
            "type": "Synchronous/HTTP",
            "description": "an order",
            "comments": {"testname": "test_web.py::test_note"},
            "request": {"method": "GET", "path": "/v1/orders/o-1"},
            "response": {
                "status": 200,
                "body": {"content": {"note": "x"}, "contentType": "application/json", "encoded": False},
            },
        }
    ],
    "metadata": {"pactSpecification": {"version": "4.0"}},
}
READS = [{"element": "shop.v1.Order", "transport": "http", "test": "test_web.py::test_note"}]
USAGE_LOG = {"format": 1, "consumer": "web", "version": "4f2a", "date": "2026-11-01", "reads": READS, "writes": []}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose change removes one field that is used and another that is not."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERVANDA_CACHE", str(tmp_path / "cache"))
    write(tmp_path / "servanda.toml", CONFIGURATION)
    write(tmp_path / "previous" / "shop.proto", SHOP)
    write(tmp_path / "proto" / "shop.proto", EDITED)
    write(tmp_path / "contracts" / "pacts" / "web-shop.json", json.dumps(PACT))
    write(tmp_path / "contracts" / "usage" / "web.json", json.dumps(USAGE_LOG))
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def servanda(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def check(*arguments: str) -> Result:
    return servanda("check", "proto", "--against", "previous", *arguments)


def impacts(document: str) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (finding["rule"], finding["element"].rpartition(".")[2]): (
            finding["severity"],
            finding["consumers"][0]["impact"],
        )
        for finding in json.loads(document)["findings"]
    }


def test_a_used_and_an_unused_field_get_different_verdicts(repository: Path) -> None:
    found = impacts(check("--format", "json").stdout)

    assert found["FIELD_NO_DELETE", "note"] == ("error", "broken")
    assert found["FIELD_NO_DELETE", "gift"] == ("warning", "unaffected")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_tells_the_two_verdicts_apart(repository: Path, form: str) -> None:
    told = check("--format", form).stdout

    assert "broken" in told
    assert "unaffected" in told
    assert check("--format", form).stdout == told


def test_without_an_observation_a_field_counts_as_in_use(repository: Path) -> None:
    (repository / "contracts" / "usage" / "web.json").unlink()

    assert impacts(check("--format", "json").stdout)["FIELD_NO_DELETE", "gift"] == ("error", "unknown")


def test_a_usage_log_of_reads_alone_proves_no_absence(repository: Path) -> None:
    write(repository / "contracts" / "usage" / "web.json", json.dumps(USAGE_LOG | {"writes": None}))

    assert impacts(check("--format", "json").stdout)["FIELD_NO_DELETE", "gift"] == ("error", "unknown")


def test_a_waiver_lets_the_change_pass_and_stays_visible(repository: Path) -> None:
    subject = ("--rule", "FIELD_NO_DELETE", "--element", "shop.v1.Order.note")
    about = ("--reason", "nobody reads notes", "--owner", "team-web", "--expires", "2999-12-31")

    assert servanda("waive", *subject, *about, "--against", "previous").exit_code == 0

    ran = check("--format", "json")
    assert impacts(ran.stdout)["FIELD_NO_DELETE", "note"] == ("waived", "broken")
    assert ran.exit_code == 0


def test_a_waiver_names_one_subject(repository: Path) -> None:
    about = ("--reason", "r", "--owner", "o", "--expires", "2999-12-31")

    assert servanda("waive", *about).exit_code == 2
    assert servanda("waive", "4f2a", "--rule", "FIELD_NO_DELETE", *about).exit_code == 2
    assert not (repository / "contracts" / "waivers.toml").exists()


def test_a_malformed_waiver_ends_the_check_with_its_place(repository: Path) -> None:
    write(repository / "contracts" / "waivers.toml", "[[waiver]]\nreason = 1\n")

    ran = check()

    assert ran.exit_code == 2
    assert "at contracts/waivers.toml:2:1" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_contract_that_names_what_does_not_exist_ends_the_check_with_its_place(repository: Path) -> None:
    path = repository / "contracts" / "pacts" / "web-shop.json"
    write(path, json.dumps(PACT, indent=1).replace('"note"', '"colour"'))

    ran = check()

    assert ran.exit_code == 2
    assert "'shop.v1.Order.colour', which the interface does not have" in ran.stderr
    assert "contracts/pacts/web-shop.json:11" in ran.stderr


def test_usage_names_the_consumer_with_its_proof(repository: Path) -> None:
    write(repository / "proto" / "shop.proto", SHOP)

    told = servanda("usage", "shop.v1.Order.note").stdout

    assert told.splitlines() == [
        "shop.v1.Order.note",
        "  web (team-web): read over http",
        "    contracts/pacts/web-shop.json 'an order' test_web.py::test_note",
    ]


def test_usage_tells_since_when_something_is_not_used(repository: Path) -> None:
    write(repository / "proto" / "shop.proto", SHOP)

    assert "web (team-web): not used, observed on 2026-11-01" in servanda("usage", "shop.v1.Order.gift").stdout


def test_usage_of_what_does_not_exist_answers_2_and_suggests(repository: Path) -> None:
    ran = servanda("usage", "shop.v1.Order.gifts")

    assert ran.exit_code == 2
    assert "did you mean shop.v1.Order" in ran.stderr


def test_usage_is_there_for_programs_too(repository: Path) -> None:
    write(repository / "proto" / "shop.proto", SHOP)

    document = json.loads(servanda("usage", "shop.v1.Order.note", "--format", "json").stdout)

    assert [(use["consumer"], use["access"]) for use in document["uses"]] == [("web", "read")]


def test_unused_names_what_every_consumer_was_observed_without(repository: Path) -> None:
    write(repository / "proto" / "shop.proto", SHOP)

    told = servanda("unused").stdout.splitlines()

    assert "unused   shop.v1.Order.gift  (observed: web 2026-11-01)" in told
    assert not any("Order.note" in line for line in told)


def test_unused_is_there_for_programs_too(repository: Path) -> None:
    write(repository / "servanda.toml", f'{CONFIGURATION}[pacticipants.app]\nowner = "team-app"\n')
    write(repository / "proto" / "shop.proto", SHOP)

    entries = json.loads(servanda("unused", "--format", "json").stdout)["elements"]

    [gift] = [entry for entry in entries if entry["element"] == "shop.v1.Order.gift"]
    assert (gift["status"], gift["missing"]) == ("unknown", ["app"])


def aged(repository: Path, age: str) -> None:
    write(repository / "servanda.toml", f'{CONFIGURATION}[impact]\nmax_age = "{age}"\n')


def test_an_outdated_observation_proves_nothing_and_says_so(repository: Path) -> None:
    aged(repository, "1d")

    ran = check()

    assert "unknown, assumed to be in use: web (team-web); observed without it: " in ran.stdout
    assert "[4f2a 2026-11-01] (older than impact.max_age in servanda.toml)" in ran.stdout
    assert "unaffected" not in ran.stdout


def test_a_contract_does_not_age(repository: Path) -> None:
    aged(repository, "1d")

    assert impacts(check("--format", "json").stdout)["FIELD_NO_DELETE", "note"] == ("error", "broken")


def test_an_outdated_usage_log_breaks_nobody_for_certain(repository: Path) -> None:
    (repository / "contracts/pacts/web-shop.json").unlink()
    reads = [{"element": "shop.v1.Order.note", "transport": "http", "test": "test_web.py::test_note"}]
    write(repository / "contracts/usage/web.json", json.dumps({**USAGE_LOG, "reads": reads}))
    before = impacts(check("--format", "json").stdout)["FIELD_NO_DELETE", "note"]
    aged(repository, "1d")

    assert before == ("error", "broken")
    assert impacts(check("--format", "json").stdout)["FIELD_NO_DELETE", "note"] == ("error", "unknown")


@pytest.mark.parametrize("age", ["99999d", "9999 weeks"])
def test_evidence_within_its_age_counts(repository: Path, age: str) -> None:
    aged(repository, age)

    assert "unaffected: web" in check().stdout


@pytest.mark.parametrize("command", [("unused",), ("usage", "shop.v1.Order.order_id")])
def test_what_was_observed_too_long_ago_is_not_unused(repository: Path, command: tuple[str, ...]) -> None:
    (repository / "contracts/pacts/web-shop.json").unlink()
    before = servanda(*command).stdout
    aged(repository, "2w")

    after = servanda(*command).stdout

    assert ("unknown" in before, "unknown" in after) == (False, True)


@pytest.mark.parametrize("age", ["", "soon", "90", "-1d", "1y", "999999d"])
def test_an_age_that_cannot_be_meant_is_refused(repository: Path, age: str) -> None:
    aged(repository, age)

    ran = check()

    assert ran.exit_code == 2
    assert "impact.max_age" in ran.stderr


@pytest.mark.parametrize(("level", "severity", "code"), [("", "error", 1), ("warning", "warning", 0)])
def test_the_repository_chooses_what_a_change_of_names_alone_does(
    repository: Path, level: str, severity: str, code: int
) -> None:
    chosen = f'[impact]\nsource_only = "{level}"\n' if level else ""
    write(repository / "servanda.toml", f"{CONFIGURATION}{chosen}")
    write(repository / "proto" / "shop.proto", SHOP.replace("rpc GetOrder(", "rpc ReadOrder("))

    ran = check("--format", "json")

    [found] = [each for each in json.loads(ran.stdout)["findings"] if each["rule"] == "RPC_NO_DELETE"]
    assert (found["severity"], ran.exit_code) == (severity, code)
    assert [(hit["impact"], hit["source_only"]) for hit in found["consumers"]] == [("potentially-affected", True)]


def test_an_unknown_level_of_a_change_of_names_is_refused(repository: Path) -> None:
    write(repository / "servanda.toml", f'{CONFIGURATION}[impact]\nsource_only = "loud"\n')

    ran = check()

    assert ran.exit_code == 2
    assert "unknown level 'loud'" in ran.stderr


def test_a_log_of_a_request_that_is_to_be_refused_proves_no_more_than_its_contract(repository: Path) -> None:
    shop = SHOP.replace(
        "rpc GetOrder",
        'rpc Put(Order) returns (Order) { option (google.api.http) = { put: "/v1/o" body: "*" }; }\n  rpc GetOrder',
    )
    write(repository / "previous" / "shop.proto", shop)
    write(repository / "proto" / "shop.proto", shop.replace("  string note = 2;\n", "  reserved 2;\n"))
    body = {"content": {"note": "x"}, "contentType": "application/json", "encoded": False}
    refused = {
        "type": "Synchronous/HTTP",
        "description": "an order that is refused",
        "request": {"method": "PUT", "path": "/v1/o", "body": body},
        "response": {"status": 400},
    }
    write(repository / "contracts" / "pacts" / "web-shop.json", json.dumps({**PACT, "interactions": [refused]}))
    writes = [{"element": "shop.v1.Order.note", "transport": "http", "test": "test_web.py::test_note"}]
    write(repository / "contracts" / "usage" / "web.json", json.dumps({**USAGE_LOG, "writes": writes}))

    assert impacts(check("--format", "json").stdout)["FIELD_NO_DELETE", "note"][1] == "potentially-affected"
