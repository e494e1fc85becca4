"""What the web expects of the shop."""

import json
import os
from pathlib import Path


def interaction(description: str, path: str, status: int, body: object = None) -> dict[str, object]:
    response: dict[str, object] = {"status": status}
    if body is not None:
        response["body"] = {"content": body, "contentType": "application/json", "encoded": False}
    return {
        "description": description,
        "type": "Synchronous/HTTP",
        "request": {"method": "GET", "path": path},
        "response": response,
    }


PACT = {
    "consumer": {"name": "web"},
    "interactions": [
        interaction("a request for an order", "/orders/o-1", 200, {"quantity": 3}),
        interaction("a request for an unknown order", "/orders/o-2", 404),
    ],
    "metadata": {"pactSpecification": {"version": "4.0"}},
    "provider": {"name": "shop"},
}
Path(os.environ["SERVANDA_PACT_DIR"], "web-shop.json").write_text(json.dumps(PACT, indent=2), encoding="utf-8")
