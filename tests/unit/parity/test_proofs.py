"""Calls that prove who makes them."""

from __future__ import annotations

from collections.abc import Mapping

from servanda.parity.proofs import headers_of, metadata_of
from servanda.wire import Request

REQUEST = Request("GET", "/v1/books/1?page=2&page=3", (("x-request-id", "parity-1"),))


async def signed(request: Mapping[str, object]) -> Mapping[str, object]:
    kind = "headers" if request["transport"] == "http" else "metadata"
    sent = request[kind]
    assert isinstance(sent, dict)
    told = [f"{name}: {value}" for name, value in sorted(request.items()) if name not in {kind, "values", "transport"}]
    return {**request, kind: {**sent, "proof": told}}


async def test_without_a_filter_a_call_stays_as_it_is() -> None:
    assert await headers_of(None, "a call", REQUEST) == REQUEST.headers
    assert await metadata_of(None, "a call", "/shop.v1.Shop/Get", REQUEST.headers, b"") == REQUEST.headers


async def test_a_filter_adds_headers_and_knows_the_request() -> None:
    assert await headers_of(signed, "a call", REQUEST) == (
        ("x-request-id", "parity-1"),
        ("proof", "body: None"),
        ("proof", "description: a call"),
        ("proof", "method: GET"),
        ("proof", "path: /v1/books/1"),
        ("proof", "query: {'page': ['2', '3']}"),
    )


async def test_a_filter_adds_metadata_and_knows_the_call() -> None:
    assert await metadata_of(signed, "a call", "/shop.v1.Shop/Get", REQUEST.headers, b"\x0a") == (
        ("x-request-id", "parity-1"),
        ("proof", "body: b'\\n'"),
        ("proof", "description: a call"),
        ("proof", "method: /shop.v1.Shop/Get"),
    )
