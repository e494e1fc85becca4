"""Observed JSON: what a client without generated messages reads is noted as elements of the interface."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.recording.usage.recorder import Observe, UsageRecorder
from servanda.verdict import Transport

PREFIX = "shop.v1."
ORDER = {"orderId": "o-1", "status": "STATUS_PAID", "createTime": "2026-01-02T03:04:05Z", "address": {"city": "Paris"}}


@pytest.fixture
def recorder(interface: Catalogue) -> UsageRecorder:
    return UsageRecorder("web", lambda: interface)


@pytest.fixture
def web(recorder: UsageRecorder) -> Observe:
    return recorder.in_test("t")


def answered(web: Observe, order: Mapping[str, object] = ORDER) -> Any:
    return web.http("GET", "/v1/orders/o-1")({"order": order})["order"]


def noted(recorder: UsageRecorder) -> set[str]:
    return {read.element.removeprefix(PREFIX) for read in recorder.reads} - {
        "GetOrderResponse",
        "GetOrderResponse.order",
        "Order",
    }


def test_a_field_that_is_taken_out_is_noted(web: Observe, recorder: UsageRecorder) -> None:
    assert answered(web)["orderId"] == "o-1"
    assert noted(recorder) == {"Order.order_id"}


def test_fields_of_fields_are_noted(web: Observe, recorder: UsageRecorder) -> None:
    assert answered(web)["address"]["city"] == "Paris"
    assert noted(recorder) == {"Order.address", "Address", "Address.city"}


def test_the_value_of_an_enum_is_noted(web: Observe, recorder: UsageRecorder) -> None:
    assert answered(web)["status"] == "STATUS_PAID"
    assert noted(recorder) == {"Order.status", "Status", "Status.STATUS_PAID"}


def test_whoever_asks_for_an_absent_field_reads_it(web: Observe, recorder: UsageRecorder) -> None:
    assert answered(web).get("voucher", "") == ""
    assert noted(recorder) == {"Order.voucher", "Order.payment"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("parcels", {"home": {"city": "Paris"}}, id="map"),
        pytest.param("address", {"city": "Paris"}, id="message"),
    ],
)
def test_whoever_compares_a_document_reads_all_of_it(
    web: Observe, recorder: UsageRecorder, field: str, value: object
) -> None:
    assert answered(web, {field: value})[field] == value
    assert noted(recorder) >= {"Address.city", "Address.street_name"}


def test_elements_of_lists_are_observed(web: Observe, recorder: UsageRecorder) -> None:
    page = web.http("GET", "/v1/orders")({"orders": [ORDER, ORDER]})

    assert [order["orderId"] for order in page["orders"]] == ["o-1", "o-1"]
    assert noted(recorder) == {"ListOrdersResponse", "ListOrdersResponse.orders", "Order.order_id"}


def test_what_would_read_unseen_fails(web: Observe) -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps(answered(web))


def test_the_request_is_noted_by_what_it_asks_for(web: Observe, recorder: UsageRecorder) -> None:
    web.http("PATCH", "/v1/orders/7", query={"updateMask": "note"}, body={"note": "ring twice"})

    sent = {
        (each.element.removeprefix(PREFIX), each.placed)
        for each in recorder.writes or ()
        if each.transport == Transport.HTTP
    }
    assert {("Shop", False), ("Shop.UpdateOrder", False), ("Order.note", False), ("Order.order_id", True)} <= sent
    assert ("UpdateOrderRequest.update_mask", False) in sent


def test_a_request_that_is_no_rpc_stays_as_it_is(web: Observe, recorder: UsageRecorder) -> None:
    assert web.http("GET", "/healthz")({"status": "ok"}) == {"status": "ok"}
    assert recorder.reads == set()
    assert {noted.element for noted in recorder.writes or ()} == {"GET /healthz"}
