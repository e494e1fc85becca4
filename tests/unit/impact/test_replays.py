"""Recorded interactions, replayed against a provider that has a change of form or name."""

from collections.abc import Callable
from typing import Any

import pytest

Hit = Callable[..., dict[str, str]]
Changed = Callable[..., Any]
BROKEN, POTENTIALLY = "broken", "potentially-affected"
REGENERATE = "potentially-affected, source only"

COUNT = ("message Address { string street_name = 1;", "message Address { int32 count = 3; string street_name = 1;")
ORDER = "/v1/orders/o-1"


@pytest.fixture
def retyped(contracts: Any, shop: str, told: Hit) -> Callable[..., dict[str, str]]:
    """Impact of another type of a field on who reads it and on who writes it, on each transport."""

    def examine(before: str, after: str, value: object) -> dict[str, str]:
        was, now = (shop.replace("bool gift = 9;", f"{type_} gift = 9;") for type_ in (before, after))
        contracts.of(was)
        order = {"orderId": "o", "gift": value}
        contracts.grpc("reads-grpc", "GetOrder", {}, {"order": order})
        contracts.http("reads-http", "GET", ORDER, answer={"order": order})
        contracts.grpc("writes-grpc", "UpdateOrder", {"order": order}, {})
        contracts.http("writes-http", "PATCH", ORDER, body=order)
        return told(was, now, "FIELD_SAME_TYPE")

    return examine


def fates(reads_grpc: str, reads_http: str, writes_grpc: str, writes_http: str) -> dict[str, str]:
    names = ("reads-grpc", "reads-http", "writes-grpc", "writes-http")
    return dict(zip(names, (reads_grpc, reads_http, writes_grpc, writes_http), strict=True))


def test_a_number_that_becomes_a_wide_one_is_text_in_json_for_who_reads_it(retyped: Any) -> None:
    assert retyped("int32", "int64", 5) == fates(REGENERATE, BROKEN, REGENERATE, REGENERATE)


def test_a_wide_number_that_becomes_narrow_depends_on_the_value(retyped: Any) -> None:
    assert retyped("int64", "int32", "5") == fates(POTENTIALLY, BROKEN, POTENTIALLY, POTENTIALLY)


def test_a_value_that_does_not_fit_is_lost(retyped: Any) -> None:
    assert retyped("int64", "int32", str(2**40)) == fates(BROKEN, BROKEN, BROKEN, BROKEN)


def test_an_enum_that_becomes_a_number_has_the_same_bytes_and_another_json(retyped: Any) -> None:
    assert retyped("Status", "int32", "STATUS_PAID") == fates(REGENERATE, BROKEN, REGENERATE, BROKEN)


def test_a_double_that_becomes_a_float_has_other_bytes_and_the_same_json(retyped: Any) -> None:
    assert retyped("double", "float", 1.5) == fates(BROKEN, POTENTIALLY, BROKEN, POTENTIALLY)


def test_a_time_that_becomes_text_has_other_bytes_and_the_same_json(retyped: Any) -> None:
    time = "2026-11-29T10:00:00Z"
    assert retyped("google.protobuf.Timestamp", "string", time) == fates(BROKEN, REGENERATE, BROKEN, REGENERATE)


def test_text_that_becomes_bytes_is_the_same_on_grpc_only(retyped: Any) -> None:
    assert retyped("string", "bytes", "text") == fates(REGENERATE, BROKEN, REGENERATE, BROKEN)


def test_a_zigzag_number_is_another_number(retyped: Any) -> None:
    assert retyped("int32", "sint32", 5) == fates(BROKEN, REGENERATE, BROKEN, REGENERATE)


def test_text_in_a_path_or_a_query_is_read_by_the_new_type(contracts: Any, shop: str, told: Hit) -> None:
    contracts.http("digits", "GET", "/v1/orders/7")
    contracts.http("letters", "GET", "/v1/orders/o-1")

    now = shop.replace(
        "string order_id = 1;\n  google.protobuf.FieldMask read",
        "int64 order_id = 1;\n  google.protobuf.FieldMask read",
    )

    assert told(shop, now, "FIELD_SAME_TYPE") == {"digits": POTENTIALLY, "letters": BROKEN}


def test_an_rpc_that_is_renamed_with_its_route_still_answers_over_http(contracts: Any, shop: str, told: Hit) -> None:
    contracts.http("http", "GET", ORDER, answer={"order": {"note": "ring"}})
    contracts.grpc("grpc", "GetOrder", {}, {"order": {"note": "ring"}})

    now = shop.replace("rpc GetOrder(", "rpc ReadOrder(")

    assert told(shop, now, "RPC_NO_DELETE") == {"http": REGENERATE, "grpc": BROKEN}


def test_a_package_that_is_renamed_still_answers_over_http(contracts: Any, shop: str, told: Hit) -> None:
    contracts.http("http", "GET", ORDER, answer={"order": {"note": "ring"}})
    contracts.grpc("grpc", "GetOrder", {}, {"order": {"note": "ring"}})

    now = shop.replace("package shop.v1;", "package store.v1;")

    assert told(shop, now, "FILE_SAME_PACKAGE") == {"http": REGENERATE, "grpc": BROKEN}


def test_a_message_of_another_name_with_the_same_fields_arrives(contracts: Any, shop: str, told: Hit) -> None:
    contracts.http("http", "GET", ORDER, answer={"order": {"address": {"city": "Bonn"}}})
    contracts.grpc("grpc", "GetOrder", {}, {"order": {"address": {"city": "Bonn"}}})

    now = shop.replace("Address", "PostalAddress")

    assert told(shop, now, "MESSAGE_NO_DELETE") == {"http": REGENERATE, "grpc": REGENERATE}
    assert told(shop, now, "FIELD_SAME_TYPE") == {"http": REGENERATE, "grpc": REGENERATE}


def test_a_response_of_another_name_that_lost_a_field_is_not_the_same(contracts: Any, shop: str, told: Hit) -> None:
    contracts.grpc("note", "GetOrder", {}, {"order": {"note": "ring"}})
    contracts.grpc("city", "GetOrder", {}, {"order": {"address": {"city": "Bonn"}}})

    now = shop.replace("returns (GetOrderResponse)", "returns (Answer)") + (
        "message Answer { Slim order = 1; } message Slim { string note = 2; }"
    )

    assert told(shop, now, "RPC_SAME_RESPONSE_TYPE") == {"note": REGENERATE, "city": BROKEN}


def test_a_map_that_is_renamed_is_the_same_by_number(contracts: Any, shop: str, told: Hit) -> None:
    contracts.http("http", "GET", ORDER, answer={"order": {"parcels": {"a": {"city": "Bonn"}}}})
    contracts.grpc("grpc", "GetOrder", {}, {"order": {"parcels": {"a": {"city": "Bonn"}}}})

    now = shop.replace("parcels = 5", "boxes = 5")

    assert told(shop, now, "FIELD_SAME_NAME") == {"http": BROKEN, "grpc": REGENERATE}


def test_a_deleted_value_breaks_who_sent_it_and_who_expects_it(contracts: Any, shop: str, told: Hit) -> None:
    contracts.grpc("reads", "GetOrder", {}, {"order": {"status": "STATUS_PAID"}})
    contracts.grpc("writes", "UpdateOrder", {"order": {"status": "STATUS_PAID"}}, {})
    contracts.grpc("other", "UpdateOrder", {"order": {"status": "STATUS_OPEN"}}, {})

    now = shop.replace("  STATUS_PAID = 2;\n", "")

    assert told(shop, now, "ENUM_VALUE_NO_DELETE") == {"reads": BROKEN, "writes": BROKEN, "other": POTENTIALLY}


def test_a_recorded_use_without_a_value_is_tried_with_values_of_the_type(contracts: Any, shop: str, told: Hit) -> None:
    was = shop.replace("bool gift = 9;", "int32 gift = 9;")
    contracts.of(was)
    contracts.read("http", "shop.v1.Order.gift", "http")
    contracts.read("grpc", "shop.v1.Order.gift", "grpc")

    now = shop.replace("bool gift = 9;", "int64 gift = 9;")

    assert told(was, now, "FIELD_SAME_TYPE") == {"http": BROKEN, "grpc": REGENERATE}


def test_a_request_that_is_to_be_refused_breaks_nobody_for_what_it_holds(contracts: Any, shop: str, told: Hit) -> None:
    contracts.http("app", "PATCH", ORDER, body={"note": "x"}, status=400)

    assert told(shop, shop.replace("string note = 2;", ""), "FIELD_NO_DELETE") == {"app": POTENTIALLY}


def logged(contracts: Any, consumer: str, transport: str, *elements: str) -> None:
    """A usage log alone: it shows no value."""
    for element in elements:
        contracts.read(consumer, f"shop.v1.{element}", transport)


def test_a_log_of_a_message_that_is_renamed_breaks_nobody(contracts: Any, shop: str, told: Hit) -> None:
    for transport in ("grpc", "http"):
        logged(contracts, transport, transport, "Order.address", "Address", "Address.city", "Order.parcels")

    now = shop.replace("Address", "PostalAddress")

    assert told(shop, now, "MESSAGE_NO_DELETE") == {"grpc": REGENERATE, "http": REGENERATE}
    assert told(shop, now, "FIELD_SAME_TYPE") == {"grpc": REGENERATE, "http": REGENERATE}


def test_a_log_of_an_enum_that_is_renamed_breaks_nobody(contracts: Any, shop: str, told: Hit) -> None:
    logged(contracts, "app", "http", "Order.status", "Status", "Status.STATUS_PAID")

    assert told(shop, shop.replace("Status", "State"), "ENUM_NO_DELETE") == {"app": REGENERATE}


def test_a_value_that_is_renumbered_is_the_same_in_json(contracts: Any, shop: str, told: Hit) -> None:
    contracts.http("http", "PATCH", ORDER, body={"status": "STATUS_PAID"})
    contracts.grpc("grpc", "UpdateOrder", {"order": {"status": "STATUS_PAID"}}, {})
    logged(contracts, "logged", "http", "Order.status", "Status", "Status.STATUS_PAID")

    now = shop.replace("STATUS_PAID = 2;", "STATUS_PAID = 7;")

    assert told(shop, now, "ENUM_VALUE_NO_DELETE") == {"http": REGENERATE, "grpc": BROKEN, "logged": REGENERATE}


def test_a_value_that_is_sent_only_to_be_refused_breaks_nobody(contracts: Any, shop: str, told: Hit) -> None:
    contracts.http("app", "PATCH", ORDER, body={"status": "STATUS_PAID"}, status=400)

    now = shop.replace("  STATUS_PAID = 2;\n", "")

    assert told(shop, now, "ENUM_VALUE_NO_DELETE") == {"app": POTENTIALLY}


def test_a_field_in_a_path_is_told_by_its_place(contracts: Any, shop: str, told: Hit) -> None:
    contracts.http("app", "GET", ORDER, answer={})
    contracts.placed("logged", "shop.v1.GetOrderRequest.order_id")

    now = shop.replace("message GetOrderRequest {\n  string order_id", "message GetOrderRequest {\n  string id")

    assert told(shop, now.replace("orders/{order_id}", "orders/{id}"), "FIELD_SAME_NAME") == {
        "app": REGENERATE,
        "logged": REGENERATE,
    }


def test_a_body_that_is_another_part_of_the_request_breaks_who_sends_something_there(
    contracts: Any, shop: str, told: Hit
) -> None:
    contracts.http("nothing", "GET", ORDER)
    contracts.http("query", "GET", ORDER, query={"readMask": ["order"]})
    contracts.http("body", "PATCH", ORDER, body={"note": "ring"})

    now = shop.replace('{ get: "/v1/orders/{order_id}" }', '{ get: "/v1/orders/{order_id}" body: "*" }')
    assert told(shop, now, "HTTP_SAME_BODY") == {"nothing": REGENERATE, "query": BROKEN, "body": "unknown"}

    now = shop.replace('body: "order"', 'body: "*"')
    assert told(shop, now, "HTTP_SAME_BODY") == {"nothing": "unknown", "query": "unknown", "body": BROKEN}


def test_a_body_that_becomes_a_list_is_not_what_is_sent(contracts: Any, shop: str, told: Hit) -> None:
    contracts.http("app", "PATCH", ORDER, body={"note": "ring"})
    now = shop.replace(
        "message UpdateOrderRequest { Order order = 1;", "message UpdateOrderRequest { repeated Order order = 1;"
    )

    assert told(shop, now, "FIELD_SAME_CARDINALITY") == {"app": BROKEN}


PROTO2 = """syntax = "proto2"; package shop.v1; import "google/api/annotations.proto";
service Shop { rpc GetOrder(Request) returns (Order) { option (google.api.http) = { get: "/v1/orders/{id}" }; } }
message Request { required string id = 1; optional int32 size = 2; }
message Order { required string id = 1; required Inner inner = 2; repeated Inner more = 3; }
message Inner { required string name = 1; optional int32 count = 2; }
"""


def test_messages_with_required_fields_are_replayed_field_by_field(contracts: Any, told: Hit) -> None:
    contracts.of(PROTO2)
    order = {"id": "1", "inner": {"name": "x", "count": 5}, "more": [{"name": "y"}]}
    contracts.grpc("grpc", "GetOrder", {"id": "1", "size": 3}, order)
    contracts.http("http", "GET", "/v1/orders/1", answer=order)

    assert told(PROTO2, PROTO2.replace("int32 count", "int64 count"), "FIELD_SAME_TYPE") == {
        "grpc": REGENERATE,
        "http": BROKEN,
    }
    assert told(PROTO2, PROTO2.replace("Inner", "Inside"), "MESSAGE_NO_DELETE") == {
        "grpc": REGENERATE,
        "http": REGENERATE,
    }
