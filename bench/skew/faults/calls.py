"""Faults of calls: of callers to the edge, and of the edge to the services behind it."""

from __future__ import annotations

from bench.skew.change import Change, edge, journeys, stock
from servanda.verdict import DeployOrder

_SHOWN = '("id", "name", "count", "price", "number", "added", "remarks")'
_STATUS = '"status": STATUSES[row["status"]]}'
_CALLER = 'sent["x-caller"] = "edge"\n'
_ROUTES = '    match method, path.strip("/").split("/"):\n'
_TO_STOCK = 'return passed_on("stock", method, target, sent, body)'
_IN_STEP_2 = ("rolling: stock",)

FAULTS = (
    Change(
        "header-required",
        "call",
        (
            edge(_CALLER, f'{_CALLER}    sent["x-tenant"] = "shop"\n'),
            stock(
                _ROUTES, f'    if "x-tenant" not in headers:\n        return 400, {{"error": "no tenant"}}\n{_ROUTES}'
            ),
        ),
        _IN_STEP_2,
    ),
    Change(
        "header-renamed",
        "call",
        (
            edge(_CALLER, f'{_CALLER}    sent["request-key"] = headers.get("idempotency-key", "")\n'),
            stock('headers.get("idempotency-key", "")', 'headers.get("request-key", "")'),
        ),
        _IN_STEP_2,
    ),
    Change(
        "path-moved",
        "call",
        (
            edge(_TO_STOCK, 'return passed_on("stock", method, f"/v2{target}", sent, body)'),
            stock(_ROUTES, '    path = path.removeprefix("/v2") if path.startswith("/v2") else "/"\n' + _ROUTES),
        ),
        _IN_STEP_2,
    ),
    Change(
        "method-changed",
        "call",
        (
            edge(
                _TO_STOCK,
                'return passed_on("stock", "PUT" if target.endswith("/take") else method, target, sent, body)',
            ),
            stock('case "POST", ["items", item, "take"]', 'case "PUT", ["items", item, "take"]'),
        ),
        _IN_STEP_2,
    ),
    Change(
        "query-renamed",
        "call",
        (
            edge(_TO_STOCK, _TO_STOCK.replace("target", 'target.replace("?page=", "?start=")')),
            stock('query.get("page", [""])', 'query.get("start", [""])'),
        ),
        _IN_STEP_2,
    ),
    Change(
        "member-of-a-request-required",
        "call",
        (
            journeys('"price": 250}', '"price": 250, "currency": "EUR"}'),
            journeys('"price": 900}', '"price": 900, "currency": "EUR"}'),
            stock(
                "    with connected() as database:\n        known",
                '    if "currency" not in wanted:\n        return 400, {"error": "no currency"}\n'
                "    with connected() as database:\n        known",
            ),
        ),
        (*_IN_STEP_2, "creating"),
    ),
    Change("member-removed", "call", (stock(_SHOWN, _SHOWN.replace('"number", ', "")),), (*_IN_STEP_2, "$.number")),
    Change(
        "member-renamed",
        "call",
        (
            stock(_SHOWN, _SHOWN.replace('"added", ', "")),
            stock(_STATUS, f'"added_at": row["added"], {_STATUS}'),
        ),
        (*_IN_STEP_2, "$.added"),
    ),
    Change(
        "member-retyped",
        "call",
        (stock(_STATUS, f'"number": str(row["number"]), {_STATUS}'),),
        (*_IN_STEP_2, "$.number"),
    ),
    Change(
        "null-in-place-of-an-empty-document",
        "call",
        (
            stock(_STATUS, f'"remarks": row["remarks"] or None, {_STATUS}'),
            journeys("250, {}, ", "250, None, "),
            journeys("(200, {})", "(200, None)"),
        ),
        _IN_STEP_2,
    ),
    Change(
        "price-in-euros",
        "call",
        (
            stock(_STATUS, f'"price": row["price"] / 100, {_STATUS}'),
            journeys('5, 250, {}, "open', '5, 2.5, {}, "open'),
        ),
        (*_IN_STEP_2, "price"),
    ),
    Change(
        "another-word-for-a-status",
        "call",
        (stock('"sold out"', '"out of stock"'), journeys('"sold out"', '"out of stock"')),
        (*_IN_STEP_2, "status"),
    ),
    Change(
        "status-of-creating",
        "call",
        (
            stock("return 201, shown", "return 200, shown"),
            journeys("(201, ", "(200, "),
            journeys('stays", 201', 'stays", 200'),
        ),
        (*_IN_STEP_2, "creating"),
    ),
    Change(
        "document-of-errors",
        "call",
        (stock('{"error": "no such item"}', '{"title": "no such item"}'),),
        ("an item that does not exist",),
    ),
    Change(
        "sorted-otherwise",
        "call",
        (stock("ORDER BY id", "ORDER BY number"),),
        ("rolling: stock", "items"),
    ),
    Change("size-of-a-page", "call", (stock("PAGE_SIZE = 2", "PAGE_SIZE = 3"),), (*_IN_STEP_2, "$.items")),
    Change(
        "token-of-a-page",
        "call",
        (
            stock("int(token) if token", 'int(token.removeprefix("from-")) if token'),
            stock("str(start + PAGE_SIZE) if", 'f"from-{start + PAGE_SIZE}" if'),
        ),
        _IN_STEP_2,
    ),
    Change(
        "form-of-identifiers",
        "call",
        (
            stock('item = wanted["id"]', "item = f\"item-{wanted['id']}\""),
            journeys(
                "    for _ in range(4):\n        status, found",
                '    item = created["id"]\n    for _ in range(4):\n        status, found',
            ),
            journeys(
                'kept["id"])[0])\n    status, found',
                'kept["id"])[0])\n    kept["id"] = f"item-{kept[\'id\']}"\n    status, found',
            ),
        ),
        _IN_STEP_2,
    ),
    Change(
        "caller-newer-than-the-answer",
        "call",
        (
            stock(_STATUS, f'"revision": 1, {_STATUS}'),
            edge(
                _TO_STOCK,
                'status, value = passed_on("stock", method, target, sent, body)\n'
                '    if isinstance(value, dict) and "id" in value:\n'
                '        value = {**value, "etag": value["revision"]}\n'
                "    return status, value",
            ),
        ),
        ("rolling: edge",),
        DeployOrder.CONSUMERS_FIRST,
    ),
)
