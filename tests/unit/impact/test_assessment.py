"""What a finding means for each consumer."""

from collections.abc import Callable
from typing import Any

import pytest

from servanda.impact.assessment import assess
from servanda.interfaces.protobuf.rules.table import RULES
from servanda.interfaces.protobuf.usage.change import ProtobufChange
from servanda.interfaces.protobuf.usage.evolution import Evolution
from servanda.interfaces.rule import Found
from servanda.interfaces.usage.use import Usage
from servanda.verdict import Consumer, Finding, Severity, Span

Changed = Callable[..., Evolution]
Hit = Callable[..., dict[str, str]]

CONSUMERS = [Consumer("grpc"), Consumer("http")]
NOTE_GONE = ("  string note = 2;\n", "  reserved 2;\n")
NOTE_RENAMED = ("string note = 2;", "string remark = 2;")
READS_NOTE = {"order": {"note": "ring twice"}}
READS_ID = {"order": {"order_id": "o-1"}}


def test_a_deleted_field_breaks_those_who_read_it(contracts: Any, changed: Changed, hit: Hit) -> None:
    contracts.grpc("reader", "GetOrder", {}, READS_NOTE)
    contracts.grpc("other", "GetOrder", {}, READS_ID)

    assert hit(changed(NOTE_GONE), "FIELD_NO_DELETE") == {"reader": "broken", "other": "unknown"}


def test_whoever_was_observed_without_the_field_is_unaffected(contracts: Any, changed: Changed, hit: Hit) -> None:
    contracts.grpc("other", "GetOrder", {}, READS_ID)
    contracts.observed("other")

    assert hit(changed(NOTE_GONE), "FIELD_NO_DELETE") == {"other": "unaffected"}


def test_an_observation_does_not_outweigh_a_contract(contracts: Any, changed: Changed, hit: Hit) -> None:
    contracts.grpc("reader", "GetOrder", {}, READS_NOTE)
    contracts.observed("reader")

    assert hit(changed(NOTE_GONE), "FIELD_NO_DELETE") == {"reader": "broken"}


def test_whoever_is_known_by_name_only_counts_as_a_user(contracts: Any, changed: Changed, hit: Hit) -> None:
    assert hit(changed(NOTE_GONE), "FIELD_NO_DELETE", "silent") == {"silent": "unknown"}


def test_a_rename_breaks_those_who_know_the_name(contracts: Any, changed: Changed, hit: Hit) -> None:
    contracts.grpc("grpc", "GetOrder", {}, READS_NOTE)
    contracts.http("http", "GET", "/v1/orders/o", answer=READS_NOTE)
    contracts.grpc("mask", "UpdateOrder", {"order": {}, "update_mask": "note"}, {})

    found = hit(changed(NOTE_RENAMED), "FIELD_SAME_NAME")

    assert found == {"http": "broken", "mask": "broken", "grpc": "potentially-affected"}


def test_two_names_that_are_swapped_break_those_who_know_the_numbers(
    contracts: Any, changed: Changed, hit: Hit
) -> None:
    contracts.grpc("grpc", "GetOrder", {}, READS_NOTE)
    contracts.http("http", "GET", "/v1/orders/o", answer=READS_NOTE)

    change = changed(("string order_id = 1;\n  string note = 2;", "string note = 1;\n  string order_id = 2;"))

    assert hit(change, "FIELD_SAME_NAME", "grpc")["grpc"] == "unknown"  # the first finding is about order_id
    breaches = assess(
        [found("FIELD_SAME_NAME", "shop.v1.Order.note")], ProtobufChange(change), contracts.usage, CONSUMERS
    )
    assert [str(entry.impact) for entry in breaches[0].consumers] == ["broken", "potentially-affected"]


def test_a_field_that_only_got_another_number_keeps_its_users_over_http(
    contracts: Any, changed: Changed, hit: Hit
) -> None:
    contracts.grpc("grpc", "GetOrder", {}, READS_NOTE)
    contracts.http("http", "GET", "/v1/orders/o", answer=READS_NOTE)

    found = hit(changed(("string note = 2;", "string note = 12;")), "FIELD_NO_DELETE")

    assert found == {"grpc": "broken", "http": "potentially-affected"}


def test_a_field_that_only_a_path_holds_may_be_renamed(contracts: Any, changed: Changed, hit: Hit) -> None:
    contracts.http("http", "GET", "/v1/orders/o", answer={})
    before = ("message GetOrderRequest {\n  string order_id", "message GetOrderRequest {\n  string id")

    found = hit(changed(before, ("/v1/orders/{order_id}", "/v1/orders/{id}")), "FIELD_SAME_NAME")

    assert found == {"http": "potentially-affected"}


def test_another_json_name_breaks_over_http_only(contracts: Any, changed: Changed, hit: Hit) -> None:
    contracts.grpc("grpc", "GetOrder", {}, READS_NOTE)
    contracts.observed("grpc")
    contracts.http("http", "GET", "/v1/orders/o", answer=READS_NOTE)

    found = hit(changed(("string note = 2;", 'string note = 2 [json_name = "remark"];')), "FIELD_SAME_JSON_NAME")

    assert found == {"http": "broken", "grpc": "unaffected"}


@pytest.mark.parametrize(
    ("new", "over_grpc", "over_http"),
    [
        pytest.param("int32 note", "broken", "broken", id="other bytes and other JSON"),
        pytest.param("bytes note", "potentially-affected", "broken", id="same bytes, other JSON"),
    ],
)
def test_another_type_breaks_where_the_encoding_differs(
    contracts: Any, changed: Changed, hit: Hit, new: str, over_grpc: str, over_http: str
) -> None:
    contracts.grpc("grpc", "GetOrder", {}, READS_NOTE)
    contracts.http("http", "GET", "/v1/orders/o", answer=READS_NOTE)

    found = hit(changed(("string note", new)), "FIELD_SAME_TYPE")

    assert found == {"grpc": over_grpc, "http": over_http}


def test_a_deleted_value_breaks_those_who_use_it_and_may_affect_those_who_use_the_enum(
    contracts: Any, changed: Changed, hit: Hit
) -> None:
    contracts.grpc("paid", "GetOrder", {}, {"order": {"status": "STATUS_PAID"}})
    contracts.grpc("open", "GetOrder", {}, {"order": {"status": "STATUS_OPEN"}})
    contracts.grpc("other", "GetOrder", {}, READS_ID)

    found = hit(changed(("  STATUS_PAID = 2;\n", "")), "ENUM_VALUE_NO_DELETE")

    assert found == {"paid": "broken", "open": "potentially-affected", "other": "unknown"}


def test_a_deleted_rpc_breaks_its_callers(contracts: Any, changed: Changed, hit: Hit) -> None:
    contracts.http("lists", "GET", "/v1/orders", answer={})
    contracts.http("reads", "GET", "/v1/orders/o", answer={})
    rpc = "  rpc ListOrders(ListOrdersRequest) returns (ListOrdersResponse) {\n"
    option = '    option (google.api.http) = { get: "/v1/orders" };\n  }\n'

    found = hit(changed((rpc + option, "")), "RPC_NO_DELETE")

    assert found == {"lists": "broken", "reads": "unknown"}


def test_a_moved_path_breaks_callers_over_http_only(contracts: Any, changed: Changed, hit: Hit) -> None:
    contracts.http("http", "GET", "/v1/orders", answer={})
    contracts.grpc("grpc", "ListOrders", {}, {})
    contracts.observed("grpc")

    found = hit(changed(('get: "/v1/orders" }', 'get: "/v2/orders" }')), "HTTP_SAME_PATH")

    assert found == {"http": "broken", "grpc": "unaffected"}


def test_a_route_that_takes_requests_of_another_rpc_may_affect_the_callers_of_that_rpc(
    contracts: Any, changed: Changed, hit: Hit
) -> None:
    contracts.http("http", "GET", "/v1/orders/latest", answer=READS_NOTE)
    contracts.observed("http")
    known = "  rpc ListOrders("
    route = 'option (google.api.http) = { get: "/v1/orders/latest" };'
    new = f"  rpc GetLatest(ListOrdersRequest) returns (Order) {{ {route} }}"

    found = hit(changed((known, f"{new}\n{known}")), "HTTP_ROUTE_NO_SHADOW")

    assert found == {"http": "potentially-affected"}


def test_a_required_field_breaks_those_who_leave_it_out(contracts: Any, changed: Changed, hit: Hit) -> None:
    contracts.grpc("without", "UpdateOrder", {"order": {"order_id": "o"}}, {})
    contracts.grpc("with", "UpdateOrder", {"order": {"order_id": "o", "note": "x"}}, {})
    contracts.observed("with")
    required = "string note = 2 [(google.api.field_behavior) = REQUIRED];"
    imported = 'import "google/api/annotations.proto";\n'

    change = changed(
        ("string note = 2;", required), (imported, f'{imported}import "google/api/field_behavior.proto";\n')
    )

    assert hit(change, "BEHAVIOR_NO_BECOME_REQUIRED") == {"without": "broken", "with": "unaffected"}


def test_a_new_value_may_affect_those_who_read_the_enum(contracts: Any, changed: Changed, hit: Hit) -> None:
    contracts.grpc("reads", "GetOrder", {}, {"order": {"status": "STATUS_PAID"}})
    contracts.grpc("writes", "UpdateOrder", {"order": {"status": "STATUS_PAID"}}, {})
    contracts.observed("writes")

    change = changed(("STATUS_PAID = 2;", "STATUS_PAID = 2;\n  STATUS_LOST = 3;"))

    assert hit(change, "DIRECTION_ENUM_VALUE_NO_ADD_IF_READ") == {
        "reads": "potentially-affected",
        "writes": "unaffected",
    }


def test_another_type_of_a_maps_values_breaks_those_who_use_the_map(contracts: Any, changed: Changed, hit: Hit) -> None:
    contracts.grpc("maps", "GetOrder", {}, {"order": {"parcels": {"a": {"city": "Bath"}}}})

    found = hit(changed(("map<string, Address>", "map<string, int32>")), "FIELD_SAME_TYPE")

    assert found == {"maps": "broken"}


def test_a_deleted_message_breaks_those_who_use_it(contracts: Any, changed: Changed, hit: Hit) -> None:
    contracts.event("billing", "OrderPlaced", {"order": {"note": "x"}})
    contracts.grpc("other", "GetOrder", {}, READS_ID)

    found = hit(changed(("message OrderPlaced { Order order = 1; }\n", "")), "MESSAGE_NO_DELETE")

    assert found == {"billing": "broken", "other": "unknown"}


def test_an_option_of_a_file_may_affect_everybody_who_uses_anything_in_it(
    contracts: Any, changed: Changed, hit: Hit
) -> None:
    contracts.grpc("app", "GetOrder", {}, READS_ID)

    found = hit(changed(("package shop.v1;", 'package shop.v1;\noption go_package = "x/y";')), "FILE_SAME_GO_PACKAGE")

    assert found == {"app": "potentially-affected"}


def found(rule: str, element: str) -> Found:
    row = next(row for row in RULES if row.id == rule)
    return Found(row, Finding(rule, "FILE", Severity.ERROR, Span("shop.proto", 1, 1, 1, 1), element, "changed", rule))


def test_no_finding_is_ever_hidden(changed: Changed) -> None:
    findings = [found("FIELD_NO_DELETE", "shop.v1.Order.note"), found("FIELD_SAME_ONEOF", "shop.v1.Nowhere")]

    told = assess(findings, ProtobufChange(changed(NOTE_GONE)), Usage(), [Consumer("app")])

    assert [each.rule for each in told] == ["FIELD_NO_DELETE", "FIELD_SAME_ONEOF"]


def test_those_who_are_hit_hardest_come_first(contracts: Any, changed: Changed) -> None:
    contracts.grpc("zebra", "GetOrder", {}, READS_NOTE)
    contracts.grpc("ant", "GetOrder", {}, READS_ID)
    contracts.observed("ant")
    consumers = [Consumer(name) for name in ("ant", "bee", "zebra")]

    [told] = assess(
        [found("FIELD_NO_DELETE", "shop.v1.Order.note")], ProtobufChange(changed(NOTE_GONE)), contracts.usage, consumers
    )

    assert [entry.consumer.name for entry in told.consumers] == ["zebra", "bee", "ant"]


def test_only_the_proofs_of_the_worst_impact_are_shown(contracts: Any, changed: Changed) -> None:
    contracts.grpc("app", "GetOrder", {}, READS_NOTE)
    contracts.http("app", "GET", "/v1/orders/o", answer=READS_NOTE)

    [told] = assess(
        [found("FIELD_SAME_NAME", "shop.v1.Order.note")],
        ProtobufChange(changed(NOTE_RENAMED)),
        contracts.usage,
        [Consumer("app")],
    )

    assert [proof.interaction for proof in told.consumers[0].evidence] == ["GET /v1/orders/o"]


def test_what_an_option_is_made_of_cannot_be_observed(contracts: Any, changed: Changed, hit: Hit) -> None:
    contracts.grpc("other", "GetOrder", {}, READS_ID)
    contracts.observed("other")
    option = (
        "message OrderPlaced { Order order = 1; }",
        (
            "message OrderPlaced { Order order = 1; }\n"
            "message Owner { string name = 1; }\n"
            "extend google.protobuf.MessageOptions { Owner owner = 50001; }\n"
        ),
    )
    known = 'import "google/protobuf/timestamp.proto";'
    with_option = changed(option, (known, f'{known}\nimport "google/protobuf/descriptor.proto";'))

    change = Evolution((with_option.current,), with_option.bases[0])

    assert hit(change, "MESSAGE_NO_DELETE") == {"other": "unknown"}
