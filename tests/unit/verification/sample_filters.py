"""Request filters, as a team might write them; they run in a process of their own."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

Request = dict[str, Any]


def authorize(request: Request) -> None:
    """Change the request in place."""
    names = request["headers"] if request["transport"] == "http" else request["metadata"]
    names["authorization"] = f"Bearer {os.environ['TOKEN']} {request['values'].get('user', '')}".strip()


async def rewrite(request: Request) -> Request:
    """Return another request."""
    document = {**json.loads(request["body"] or b"{}"), "by": request["description"]}
    return {
        **request,
        "method": "PUT",
        "path": f"/v2{request['path']}",
        "query": {**request["query"], "page": ["1", "2"], "full": None},
        "headers": {name: each for name, each in request["headers"].items() if name != "X-Old"},
        "body": json.dumps(document),
    }


def fail(request: Request) -> None:
    raise KeyError(request["path"])


def leave(request: Request) -> None:
    sys.exit(0)


def misread(request: Request) -> Any:
    return [request]


def misname(request: Request) -> Request:
    return {**request, "header": {}}


def misshape(request: Request) -> Request:
    return {**request, "headers": {"A": 1}}


def misplace(request: Request) -> Request:
    return {**request, "path": None}


def mistype(request: Request) -> Request:
    return {**request, "body": {"a": 1}}


def rename(request: Request) -> Request:
    return {**request, "method": "/another.Service/Method"}
