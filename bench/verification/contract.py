"""The contract: a provider state of its own for each interaction."""

from __future__ import annotations

import json


def contract(count: int) -> str:
    """Write a contract with so many interactions."""
    interactions = [
        {
            "type": "Synchronous/HTTP",
            "description": f"order {number}",
            "providerStates": [{"name": f"order {number} exists", "params": {"id": number, "total": number}}],
            "request": {"method": "GET", "path": f"/orders/{number}"},
            "response": {
                "status": 200,
                "headers": {"Content-Type": ["application/json"]},
                "body": {
                    "content": {"id": str(number), "total": number},
                    "contentType": "application/json",
                    "encoded": False,
                },
                "matchingRules": {"body": {"$.total": {"combine": "AND", "matchers": [{"match": "integer"}]}}},
            },
        }
        for number in range(count)
    ]
    document = {
        "consumer": {"name": "shop"},
        "provider": {"name": "orders"},
        "interactions": interactions,
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }
    return json.dumps(document, indent=1)
