"""Records what the basket needs of prices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
from pact import match

from .client import Price, PricesClient


def test_a_quote(pact_with: Callable[[str, str], Any]) -> None:
    pact = pact_with("basket", "prices")
    (
        pact.upon_calling("a quote for a known article", "prices.v1.Prices/Quote")
        .given("an article is priced", sku="A-1", price=10.5)
        .with_request({"sku": match.regex("A-1", regex=r"[A-Z]-\d+"), "quantity": 2})
        .with_request_metadata({"x-channel": "web"})
        .will_respond_with(
            {
                "price": match.number(21.0),
                "currency": "EUR",
                "tier": "matching(type, 'TIER_RETAIL')",
                "discounts": match.each_like({"reason": match.str("many"), "percent": match.int(5)}, min=1),
                "labels": match.each_value_matches({"season": "summer"}, rules=match.str("summer")),
                "valid_until": match.str("2026-01-31T10:00:00Z"),
                "negotiable": False,
            },
            {"x-price-list": match.regex("2026", regex=r"\d{4}")},
        )
    )
    with pact.serve_grpc() as target, grpc.insecure_channel(target) as channel:
        assert PricesClient(channel).quote("A-1", 2) == Price(21.0, "EUR", {"many": 5})


def test_an_unknown_article(pact_with: Callable[[str, str], Any]) -> None:
    pact = pact_with("basket", "prices")
    (
        pact.upon_calling("a quote for an unknown article", "prices.v1.Prices/Quote")
        .given("no article is priced")
        .with_request({"sku": "Z-9", "quantity": 1})
        .will_fail_with("NOT_FOUND", match.includes("no article"))
    )
    with pact.serve_grpc() as target, grpc.insecure_channel(target) as channel:
        assert PricesClient(channel).quote("Z-9", 1) is None
