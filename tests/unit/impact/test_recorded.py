"""What usage logs in lines mean for the consumers of a protobuf interface."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from servanda.cli import main

SHOP = """syntax = "proto3";
package shop.v1;
import "google/api/annotations.proto";
service Shop {
  rpc GetOrder(GetOrderRequest) returns (Order) { option (google.api.http) = { get: "/v1/orders/{order_id}" }; }
  rpc PlaceOrder(Order) returns (Placed) { option (google.api.http) = { post: "/v1/orders" body: "*" }; }
}
message GetOrderRequest { string order_id = 1; string view = 2; }
message Address { string city = 1; }
message Order {
  string order_id = 1;
  string note = 2;
  optional bool gift = 3;
  Address address = 4;
  map<string, Address> parcels = 5;
}
message Placed { string number = 1; Address pickup = 2; }
"""
HEADER = {"format": "servanda.usage/1", "consumer": "web", "version": "1.4", "date": "2026-11-01"}
EVERYTHING = {**HEADER, "complete": ["calls", "reads", "writes"]}
CALLS = {**HEADER, "complete": ["calls"]}
GET_ORDER = {"call": "shop.v1.Shop/GetOrder", "transport": "grpc", "sent": {"order_id": None}}
GET_OVER_HTTP = {"call": "GET /v1/orders/{id}", "transport": "http", "query": []}
GIFT_GONE = ("  optional bool gift = 3;\n", '  reserved 3; reserved "gift";\n')
NOTE_GONE = ("  string note = 2;\n", '  reserved 2; reserved "note";\n')
CITY_GONE = ("message Address { string city = 1; }", 'message Address { reserved 1; reserved "city"; }')
PLACE = {"call": "POST /v1/orders", "transport": "http", "query": [], "status": 200}
WRITES_ORDER = {"element": "shop.v1.Order", "access": "write", "transport": "grpc"}
NOTE_DEMANDED = (
    '"google/api/annotations.proto";',
    '"google/api/annotations.proto"; import "google/api/field_behavior.proto";',
    "string note = 2;",
    "string note = 2 [(google.api.field_behavior) = REQUIRED];",
)
NUMBER_GONE = ("message Placed { string number = 1;", 'message Placed { reserved 1; reserved "number";')


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERVANDA_CACHE", str(tmp_path / "cache"))
    write("servanda.toml", "[pacticipants.web]\n")
    write("previous/shop.proto", SHOP)


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def logged(*lines: object, name: str = "web") -> None:
    write(f"contracts/usage/{name}.jsonl", "".join(f"{json.dumps(each)}\n" for each in lines))


def checked(edit: tuple[str, str]) -> Result:
    assert edit[0] in SHOP
    write("proto/shop.proto", SHOP.replace(*edit))
    return CliRunner().invoke(main, ("check", "proto", "--against", "previous", "--format", "json"))


def impact(edit: tuple[str, str], rule: str = "FIELD_NO_DELETE") -> tuple[str, bool]:
    ran = checked(edit)
    assert ran.exit_code in {0, 1}, ran.stderr
    [told] = [each for each in json.loads(ran.stdout)["findings"] if each["rule"] == rule]
    [web] = told["consumers"]
    return web["impact"], any(each["possible"] for each in web["evidence"])


def test_what_passed_breaks_nobody_for_certain() -> None:
    logged(EVERYTHING, {**GET_ORDER, "received": {"gift": None}})

    assert impact(GIFT_GONE) == ("potentially-affected", True)


def test_what_was_read_breaks_for_certain() -> None:
    logged(EVERYTHING, {**GET_ORDER, "received": {"gift": None}, "read": {"gift": None}})

    assert impact(GIFT_GONE) == ("broken", False)


def test_what_never_passed_was_not_read() -> None:
    logged(EVERYTHING, {**GET_ORDER, "received": {"note": None}})

    assert impact(GIFT_GONE) == ("unaffected", False)


def test_a_field_that_cannot_be_absent_passes_with_every_message() -> None:
    logged(EVERYTHING, {**GET_ORDER, "received": {}})

    assert impact(NOTE_GONE) == ("potentially-affected", True)


def test_what_is_within_a_map_passed_with_its_entries() -> None:
    logged(EVERYTHING, {**GET_ORDER, "received": {"parcels": {"*": {}}}})

    assert impact(CITY_GONE) == ("potentially-affected", True)


def test_a_message_that_never_passed_brings_none_of_its_fields() -> None:
    logged(EVERYTHING, {**GET_ORDER, "received": {}})

    assert impact(CITY_GONE)[0] == "unaffected"


@pytest.mark.parametrize("lines", [(HEADER, {**GET_ORDER, "received": {}}), (HEADER,)])
def test_a_log_that_notes_some_uses_proves_no_absence(lines: tuple[object, ...]) -> None:
    logged(*lines)

    assert impact(GIFT_GONE)[0] == "unknown"


def test_of_calls_alone_everything_within_them_may_be_used() -> None:
    logged(CALLS, {"call": "shop.v1.Shop.GetOrder", "transport": "grpc"})

    assert impact(GIFT_GONE)[0] == "unknown"


def test_of_calls_alone_nothing_outside_of_them_is_used() -> None:
    logged(CALLS, {"call": "shop.v1.Shop.GetOrder", "transport": "grpc"})

    assert impact(NUMBER_GONE)[0] == "unaffected"


def test_an_exchange_whose_answer_nobody_saw_may_have_read_all_of_it() -> None:
    logged(EVERYTHING, GET_ORDER)

    assert impact(GIFT_GONE)[0] == "unknown"


def test_a_call_that_the_tests_did_not_make_leaves_open_what_it_reads() -> None:
    reads = {"element": "shop.v1.Placed.number", "transport": "grpc", "test": "t"}
    log = {"format": 1, "consumer": "web", "version": "", "date": "2026-11-01", "reads": [reads], "writes": []}
    write("contracts/usage/web.json", json.dumps(log))
    before = impact(GIFT_GONE)[0]
    logged(HEADER, {"call": "shop.v1.Shop.GetOrder", "transport": "grpc"})

    assert (before, impact(GIFT_GONE)[0]) == ("unaffected", "unknown")


def test_a_call_that_the_tests_made_as_well_adds_nothing() -> None:
    called = {"element": "shop.v1.Shop.GetOrder", "transport": "grpc", "test": "t"}
    log = {"format": 1, "consumer": "web", "version": "", "date": "2026-11-01", "reads": [], "writes": [called]}
    write("contracts/usage/web.json", json.dumps(log))
    logged(HEADER, {"call": "shop.v1.Shop.GetOrder", "transport": "grpc"})

    assert impact(GIFT_GONE)[0] == "unaffected"


def test_a_log_of_some_uses_watched_no_transport() -> None:
    log = {"format": 1, "consumer": "web", "version": "", "date": "2026-11-01", "reads": [], "writes": []}
    reads = {"element": "shop.v1.Placed.number", "transport": "grpc", "test": "t"}
    write("contracts/usage/web.json", json.dumps({**log, "reads": [reads]}))
    entry = {"type": "Synchronous/HTTP", "description": "x", "request": {"method": "GET", "path": "/v1/orders/1"}}
    body = {"content": {"note": "x"}, "contentType": "application/json", "encoded": False}
    entry = {**entry, "response": {"status": 200, "body": body}}
    pact = {"consumer": {"name": "web"}, "provider": {"name": "shop"}, "interactions": [entry]}
    write("contracts/pacts/web-shop.json", json.dumps(pact | {"metadata": {"pactSpecification": {"version": "4.0"}}}))
    logged(HEADER, {"element": "shop.v1.Order.note", "access": "read", "transport": "http"})

    assert impact(GIFT_GONE)[0] == "unknown"


def test_a_read_mask_names_what_is_read() -> None:
    logged(CALLS, {"call": "shop.v1.Shop.GetOrder", "transport": "grpc", "read_mask": ["gift"]})

    assert impact(GIFT_GONE) == ("broken", False)


def test_outside_of_a_read_mask_nothing_is_read() -> None:
    logged(CALLS, {**GET_OVER_HTTP, "read_mask": ["gift"]})

    assert impact(CITY_GONE)[0] == "unaffected"


def test_within_a_field_of_a_read_mask_anything_may_be_read() -> None:
    logged(CALLS, {**GET_OVER_HTTP, "read_mask": ["parcels"]})

    assert impact(CITY_GONE)[0] == "unknown"


@pytest.mark.parametrize("mask", [["*"], ["gifts"], ["note", "gifts"]])
def test_what_is_no_read_mask_of_the_response_leaves_everything_open(mask: list[str]) -> None:
    logged(CALLS, {**GET_OVER_HTTP, "read_mask": mask})

    assert impact(GIFT_GONE)[0] == "unknown"


def test_what_is_around_the_resource_of_a_read_mask_may_be_read() -> None:
    logged(CALLS, {"call": "shop.v1.Shop.PlaceOrder", "transport": "grpc", "read_mask": ["city"]})

    assert impact(NUMBER_GONE)[0] == "unknown"


def test_a_written_member_breaks_for_certain() -> None:
    logged(
        EVERYTHING, {"call": "POST /v1/orders", "transport": "http", "query": [], "sent": {"gift": None}, "status": 200}
    )

    assert impact(GIFT_GONE)[0] == "broken"


def test_an_answer_that_refuses_the_request_passes_no_message() -> None:
    logged(EVERYTHING, {**GET_OVER_HTTP, "status": 404, "received": {"gift": None}})

    assert impact(GIFT_GONE)[0] == "unaffected"


def test_an_rpc_that_does_not_exist_is_an_error() -> None:
    logged(EVERYTHING, {"call": "shop.v1.Shop.FindOrder", "transport": "grpc"})

    ran = checked(GIFT_GONE)

    assert (ran.exit_code, "shop.v1.Shop.FindOrder" in ran.stderr, "line 2" in ran.stderr) == (2, True, True)


def test_calls_of_other_packages_are_ignored() -> None:
    logged(EVERYTHING, {"call": "bank.v1.Bank.Pay", "transport": "grpc"}, {**GET_ORDER, "received": {}})

    assert impact(GIFT_GONE)[0] == "unaffected"


def test_a_line_that_cannot_be_read_stops_the_check() -> None:
    logged(EVERYTHING, {**GET_ORDER, "receive": {}})

    ran = checked(GIFT_GONE)

    assert ran.exit_code == 2
    assert "contracts/usage/web.jsonl:2:" in ran.stderr
    assert "did you mean 'received'?" in ran.stderr


def test_an_event_that_passed_may_have_been_read() -> None:
    logged(EVERYTHING, {"call": "shop.v1.Order", "transport": "kafka", "received": {"gift": None}})

    assert impact(GIFT_GONE) == ("potentially-affected", True)


def test_of_an_event_that_nobody_looked_at_anything_may_have_been_read() -> None:
    logged(CALLS, {"call": "shop.v1.Order", "transport": "kafka"})

    assert (impact(GIFT_GONE)[0], impact(NUMBER_GONE)[0]) == ("unknown", "unaffected")


def demanded() -> str:
    """Impact of a note that a request has to hold now."""
    text = SHOP.replace(*NOTE_DEMANDED[:2]).replace(*NOTE_DEMANDED[2:])
    write("proto/shop.proto", text)
    ran = CliRunner().invoke(main, ("check", "proto", "--against", "previous", "--format", "json"))
    assert ran.exit_code in {0, 1}, ran.stderr
    [told] = [each for each in json.loads(ran.stdout)["findings"] if each["element"] == "shop.v1.Order.note"]
    return str(told["consumers"][0]["impact"])


@pytest.mark.parametrize(
    ("header", "lines", "means"),
    [
        (EVERYTHING, [{**PLACE, "sent": {"gift": None}}], "broken"),
        (EVERYTHING, [{**PLACE, "sent": {"gift": None, "note": None}}], "unaffected"),
        (EVERYTHING, [PLACE], "unknown"),
        (CALLS, [PLACE], "unknown"),
        (HEADER, [PLACE], "unknown"),
        (EVERYTHING, [{**PLACE, "sent": {"gift": None}, "status": 400}], "potentially-affected"),
        (EVERYTHING, [{**GET_ORDER, "received": {}, "refused": True}], "unaffected"),
        (EVERYTHING, [WRITES_ORDER], "potentially-affected"),
        (EVERYTHING, [WRITES_ORDER, {**WRITES_ORDER, "element": "shop.v1.Order.note"}], "unaffected"),
    ],
)
def test_only_a_request_that_is_known_as_a_whole_shows_what_it_leaves_out(
    header: object, lines: list[object], means: str
) -> None:
    logged(header, *lines)

    assert demanded() == means


@pytest.mark.parametrize(
    ("parcels", "means"),
    [([{"city": None}, {"street": None}], "broken"), ([{"city": None, "street": None}], "unaffected")],
)
def test_one_of_several_messages_may_leave_out_what_another_one_has(parcels: list[object], means: str) -> None:
    shop = SHOP.replace(
        "message Address { string city = 1; }", "message Address { string city = 1; string street = 2; }"
    )
    write("previous/shop.proto", shop)
    asked = shop.replace(*NOTE_DEMANDED[:2])
    asked = asked.replace("string city = 1;", "string city = 1 [(google.api.field_behavior) = REQUIRED];")
    write("proto/shop.proto", asked)
    entries = {str(number): each for number, each in enumerate(parcels)}
    logged(EVERYTHING, {**PLACE, "sent": {"parcels": entries}})

    ran = CliRunner().invoke(main, ("check", "proto", "--against", "previous", "--format", "json"))

    [told] = [each for each in json.loads(ran.stdout)["findings"] if each["element"] == "shop.v1.Address.city"]
    assert told["consumers"][0]["impact"] == means
