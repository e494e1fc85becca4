"""Orders over HTTP."""

from __future__ import annotations

import os
import uuid
from typing import Any

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

FAULT = os.environ.get("FAULT", "")
"""What the service does otherwise than its consumers need."""


class Line(BaseModel):
    sku: str
    quantity: int


class NewOrder(BaseModel):
    lines: list[Line]


class Order(NewOrder):
    id: str
    status: str
    total: float
    placed: str


app = FastAPI()
orders: dict[str, Order] = {}


def place(lines: list[Line]) -> Order:
    order = Order(id=f"o-{uuid.uuid4()}", lines=lines, status="open", total=10.5, placed="2026-07-02T10:00:00Z")
    orders[order.id] = order
    return order


@app.get("/ready")
async def ready() -> dict[str, str]:
    return {}


@app.get("/orders/{order_id}")
async def show(order_id: str) -> dict[str, Any]:
    if order_id not in orders:
        raise HTTPException(404, f"no order {order_id}")
    shown = orders[order_id].model_dump()
    if FAULT == "total as text":
        shown["total"] = str(shown["total"])
    return shown


@app.post("/orders", status_code=201)
async def create(new: NewOrder) -> Order:
    return place(new.lines)
