"""What the basket knows of prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import grpc


@dataclass(frozen=True)
class Price:
    amount: float
    currency: str
    discounts: dict[str, int]


class PricesClient:
    def __init__(self, channel: grpc.Channel) -> None:
        # The code of the definitions is made when it is first needed; a service would have it generated.
        messages, stubs = grpc.protos_and_services("prices/v1/prices.proto")
        self._request: Any = messages.QuoteRequest
        self._stub: Any = stubs.PricesStub(channel)

    def quote(self, sku: str, quantity: int) -> Price | None:
        try:
            answer = self._stub.Quote(self._request(sku=sku, quantity=quantity), metadata=(("x-channel", "web"),))
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.NOT_FOUND:
                return None
            raise
        return Price(answer.price, answer.currency, {each.reason: each.percent for each in answer.discounts})
