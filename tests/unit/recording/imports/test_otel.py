"""Calls that spans of OpenTelemetry prove."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servanda.interfaces.usage.exchange import Exchange, Side
from servanda.interfaces.usage.log import UsageLog
from servanda.verdict import Transport

Import = Callable[..., UsageLog]
CLIENT, SERVER, CONSUMER = 3, 2, 5
RPC = {"rpc.system": "grpc", "rpc.service": "shop.v1.Shop", "rpc.method": "GetOrder"}
DAY = 1_793_000_000 * 1_000_000_000  # 2026-10-26


def attributes(texts: dict[str, Any]) -> list[dict[str, object]]:
    def value(each: Any) -> dict[str, object]:
        if isinstance(each, list):
            return {"arrayValue": {"values": [value(one) for one in each]}}
        return {"intValue": str(each)} if isinstance(each, int) else {"stringValue": each}

    return [{"key": key, "value": value(each)} for key, each in texts.items()]


def span(texts: dict[str, Any], kind: object = CLIENT, **parts: object) -> dict[str, object]:
    return {"spanId": "a", "kind": kind, "startTimeUnixNano": str(DAY), "attributes": attributes(texts), **parts}


def traces(*spans: object, service: str = "web", version: str = "1.4") -> dict[str, object]:
    resource = {"attributes": attributes({"service.name": service, "service.version": version})}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": {}, "spans": list(spans)}]}]}


def names(log: UsageLog) -> list[tuple[Transport, str]]:
    return [(exchange.transport, exchange.call) for exchange in log.exchanges]


@pytest.mark.parametrize(
    "texts",
    [
        RPC,
        {"rpc.system.name": "grpc", "rpc.method": "shop.v1.Shop/GetOrder"},
        {"rpc.system": "connect_rpc", "rpc.service": "shop.v1.Shop", "rpc.method": "GetOrder"},
    ],
)
def test_an_rpc_is_found_by_either_convention(imported: Import, texts: dict[str, str]) -> None:
    assert names(imported("otel", json.dumps(traces(span(texts))))) == [(Transport.GRPC, "shop.v1.Shop.GetOrder")]


@pytest.mark.parametrize(
    "texts",
    [
        {"http.request.method": "GET", "url.full": "https://shop/v1/orders/7?size=3"},
        {"http.request.method": "GET", "url.path": "/v1/orders/7", "url.query": "size=3"},
        {"http.method": "GET", "http.target": "/v1/orders/7?size=3"},
    ],
)
def test_a_request_is_named_by_its_route_without_its_values(imported: Import, texts: dict[str, str]) -> None:
    [exchange] = imported("otel", json.dumps(traces(span(texts)))).exchanges

    assert (exchange.call, exchange.query, exchange.headers) == ("GET /v1/orders/{name}", ("size",), None)


@pytest.mark.parametrize("route", ["/carts/{id}", "/carts/:id", "/carts/<int:id>"])
def test_a_route_of_a_server_belongs_to_the_client_above_it(imported: Import, route: str) -> None:
    outer = traces(span({}, spanId="c1"))
    inner = span({"http.request.method": "GET", "http.route": route}, SERVER, spanId="s1", parentSpanId="c1")
    text = f"{json.dumps(outer)}\n{json.dumps(traces(inner, service='cart'))}\n"

    assert names(imported("otel", text)) == [(Transport.HTTP, "GET /carts/{id}")]


def test_a_call_by_somebody_else_is_not_the_consumers(imported: Import) -> None:
    text = f"{json.dumps(traces(span(RPC), service='other'))}\n{json.dumps(traces(span({})))}\n"

    assert names(imported("otel", text)) == []


def test_a_topic_brings_its_events(imported: Import) -> None:
    texts = {"messaging.system": "kafka", "messaging.destination.name": "orders.run-7"}

    assert names(imported("otel", json.dumps(traces(span(texts, CONSUMER))))) == [(Transport.KAFKA, "shop.v1.Placed")]


@pytest.mark.parametrize(
    "texts",
    [
        {**RPC, "rpc.request.metadata.x-goog-fieldmask": ["gift_note,lines.sku"]},
        {**RPC, "app.read_mask": ["gift_note", "lines.sku"]},
        {"http.request.method": "GET", "url.full": "https://shop/v1/orders/7?$fields=gift_note,lines.sku"},
        {
            "http.request.method": "GET",
            "url.path": "/v1/orders/7",
            "http.request.header.x-goog-fieldmask": ["gift_note,lines.sku"],
        },
    ],
)
def test_a_read_mask_is_found_wherever_it_travels(imported: Import, texts: dict[str, Any]) -> None:
    [exchange] = imported("otel", json.dumps(traces(span(texts)))).exchanges

    assert exchange.mask == ("gift_note", "lines.sku")


def test_an_import_has_version_date_and_origin(imported: Import) -> None:
    log = imported("otel", json.dumps(traces(span(RPC), span(RPC, startTimeUnixNano=str(DAY + 86_400 * 10**9)))))

    assert (log.observation.version, log.observation.date) == ("1.4", "2026-10-27")
    assert log.exchanges[0].label.startswith("servanda import-usage --from otel from.txt")


def test_sampled_spans_prove_no_absence_and_all_of_them_do(imported: Import) -> None:
    text = json.dumps(traces(span(RPC)))

    assert imported("otel", text).complete == frozenset()
    assert imported("otel", text, "--complete").complete == {Side.CALLS}


def test_equal_calls_are_told_once(imported: Import) -> None:
    assert len(imported("otel", json.dumps(traces(*[span(RPC)] * 50))).exchanges) == 1


def test_the_document_may_be_written_on_several_lines(imported: Import) -> None:
    assert len(imported("otel", json.dumps(traces(span(RPC)), indent=2)).exchanges) == 1


@pytest.mark.parametrize("kind", ["SPAN_KIND_CLIENT", "CLIENT", 3])
def test_a_kind_may_be_a_name_or_a_number(imported: Import, kind: object) -> None:
    assert len(imported("otel", json.dumps(traces(span(RPC, kind)))).exchanges) == 1


def test_the_service_may_have_another_name(imported: Import) -> None:
    text = json.dumps(traces(span(RPC), service="web-frontend"))

    assert len(imported("otel", text, "--service", "web-frontend").exchanges) == 1


def test_a_file_without_the_consumer_names_those_that_it_has(run: Any) -> None:
    ran = run("otel", json.dumps(traces(span(RPC), service="web-frontend")))

    assert (ran.exit_code, "web-frontend" in ran.output) == (2, True)
    assert not Path("contracts/usage").exists()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "from.txt"),
        ("{}", "from.txt:1:1"),
        (f"{json.dumps(traces(span(RPC)))}\n{{\n", "from.txt:2:2"),
        (json.dumps(traces(span(RPC, startTimeUnixNano="soon"))), "from.txt:1:"),
        (json.dumps(traces(span(RPC, attributes={}))), "from.txt:1:"),
    ],
)
def test_what_is_no_otlp_is_refused_with_its_place(run: Any, text: str, place: str) -> None:
    ran = run("otel", text)

    assert (ran.exit_code, f"  at {place}" in ran.output) == (2, True), ran.output


def test_an_exchange_of_a_span_tells_nothing_of_members(imported: Import) -> None:
    [exchange] = imported("otel", json.dumps(traces(span(RPC)))).exchanges

    assert exchange == Exchange("shop.v1.Shop.GetOrder", Transport.GRPC, exchange.label)
