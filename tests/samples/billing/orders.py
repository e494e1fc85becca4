"""Orders as the shop publishes them, old and new ones."""

import json
from typing import Any

AT = 1_767_225_600_000
"""The first of January 2026."""


def order(number: int, order: str, kind: str, **more: Any) -> dict[str, Any]:
    """Return the parts of a record."""
    body = {"kind": kind, "order": order, **more}
    return {
        "topic": "orders",
        "key": order.encode(),
        "value": json.dumps(body).encode(),
        "headers": (("ce_id", f"event-{number}".encode()), ("content-type", b"application/json")),
        "time": AT + number * 60_000,
    }


def gone(number: int, order: str) -> dict[str, Any]:
    """Return the parts of a tombstone."""
    return {"topic": "orders", "key": order.encode(), "value": None, "headers": (), "time": AT + number * 60_000}


ORDERS = (
    # Before there were currencies.
    order(1, "tea", "placed", amount=5),
    order(2, "ale", "placed", amount=2.5, currency="EUR"),
    order(3, "oak", "placed", amount=90, currency="USD", note="by rail"),
    order(4, "ink", "placed", amount=7, currency="USD", email="ada@example.org"),
    order(5, "ale", "paid", by="card"),
    order(6, "oak", "cancelled"),
    order(7, "fig", "placed", amount=1, currency="EUR", note=None),
    order(8, "fig", "counted", shelves=[1, 2]),
    order(9, "yew", "placed", amount=4, currency="CHF"),
    gone(10, "yew"),
)
