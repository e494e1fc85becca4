"""The service with its provider states, in the form that all Pact verifiers share. Only tests run it."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import HTTPException
from pydantic import BaseModel

from .orders import Line, app, orders, place


class State(BaseModel):
    state: str
    params: dict[str, Any] = {}
    action: Literal["setup", "teardown"]


@app.post("/provider-states")
async def provider_states(asked: State) -> dict[str, str]:
    """Set up or tear down a state. What it returns fills the requests of the contract."""
    match asked.state, asked.action:
        case "an order exists", "setup":
            order = place([Line(sku=str(asked.params.get("sku", "A-1")), quantity=2)])
            return {"id": order.id}
        case ("an order exists", "teardown") | ("no order exists", _):
            orders.clear()
            return {}
    raise HTTPException(404, f"unknown state {asked.state}")
