"""What callers of the shop do: exit code 1 if one of them does not arrive."""

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from typing import Any

URL = os.environ["SHOP_URL"]


def call(method: str, path: str, value: object = None, **headers: str) -> tuple[int, dict[str, Any]]:
    body = None if value is None else json.dumps(value).encode()
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    sent = {"Content-Type": "application/json", **named}
    request = urllib.request.Request(f"{URL}{path}", body, sent, method=method)  # noqa: S310 - on loopback
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - on loopback
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def expect(what: str, expected: object, actual: object) -> None:
    if expected != actual:
        print(f"{what}: expected {expected!r}, got {actual!r}")  # noqa: T201 - its report
        sys.exit(1)


def main() -> None:
    item, key = uuid.uuid4().hex[:8], uuid.uuid4().hex
    wanted = {"id": item, "name": "Pen", "count": 5, "price": 250}
    for _ in range(2):  # a caller that got no answer asks again
        status, created = call("POST", "/items", wanted, idempotency_key=key)
        expect(
            "creating",
            (201, "Pen", 5, 250, {}, "open for sale"),
            (status, *(created.get(k) for k in ("name", "count", "price", "remarks", "status"))),
        )
    for _ in range(4):
        status, found = call("GET", f"/items/{item}")
        expect("reading", (200, 5), (status, found.get("count")))
    status, taken = call("POST", f"/items/{item}/take", {"by": 2})
    expect("taking", (200, 3), (status, taken.get("count")))
    for _ in range(3):
        expect("reading what is left", 3, call("GET", f"/items/{item}")[1].get("count"))
    status, refused = call("POST", f"/items/{item}/take", {"by": 50})
    expect("taking too many", (409, "not enough in stock"), (status, refused.get("error")))
    status, sold_out = call("POST", f"/items/{item}/take", {"by": 3})
    expect("taking the rest", (200, "sold out"), (status, sold_out.get("status")))
    kept: dict[str, Any] = {"id": uuid.uuid4().hex[:8], "name": "Ink", "count": 1, "price": 900}
    expect("creating what stays", 201, call("POST", "/items", kept, idempotency_key=kept["id"])[0])
    status, found = call("GET", f"/items/{kept['id']}")
    expect("reading what stays", (200, {}), (status, found.get("remarks")))
    seen: list[dict[str, Any]] = []
    token = ""
    for _ in range(200):
        status, found = call("GET", f"/items?page={token}")
        expect("listing", 200, status)
        seen += found["items"]
        token = found["next"]
        if not token:
            break
    names = [each["id"] for each in seen]
    expect("listing everything once", (True, len(names)), (item in names, len(set(names))))
    for each in seen:  # somebody counts the shelves, also those that others filled
        if each["name"] == "Ink":
            status, counted = call("POST", f"/items/{each['id']}/remark", {"text": "counted"})
            expect("remarking", (200, "counted"), (status, counted["remarks"]["text"]))
    movements: dict[str, Any] = {}
    for _ in range(100):
        _, movements = call("GET", f"/movements?item={item}")
        if len(movements.get("movements", ())) >= 3:
            break
        time.sleep(0.1)
    expect("the ledger", ([5, -2, -3], 0), (movements.get("movements"), movements.get("sum")))


main()
