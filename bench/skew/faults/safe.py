"""Changes that old and new versions live with."""

from __future__ import annotations

from bench.skew.change import (
    Change,
    Edit,
    declared,
    edge,
    journey,
    ledger,
    ledger_migration,
    process,
    settings,
    stock,
    stock_migration,
)

_STATUS = '"status": STATUSES[row["status"]]}'
_EVENT = '{"item": item, "kind": kind, "by": by}'
_REMARK = '        case "POST", ["items", item, "remark"]:'
_KEPT = "json.dumps(dict(row)), ex=CACHE_SECONDS)"
_READ = "return json.loads(found) if found else None"
_SENT = "    producer.produce(TOPIC, json.dumps(event).encode(), item.encode())\n"
_TO_STOCK = 'return passed_on("stock", method, target, sent, body)'


def _safe(name: str, kind: str, *edits: Edit) -> Change:
    return Change(name, kind, edits)


CHANGES = (
    _safe(
        "column-added",
        "database",
        stock_migration("ALTER TABLE items ADD unit text"),
        stock(_STATUS, f'"unit": row.get("unit"), {_STATUS}'),
    ),
    _safe(
        "column-with-a-default-added",
        "database",
        stock_migration("ALTER TABLE items ADD shelf text NOT NULL DEFAULT 'a'"),
        stock(_STATUS, f'"shelf": row.get("shelf", "a"), {_STATUS}'),
    ),
    _safe("index-added", "database", stock_migration("CREATE INDEX ON items (name)")),
    _safe("table-added", "database", stock_migration("CREATE TABLE shelves (id text PRIMARY KEY)")),
    _safe("column-widened", "database", stock_migration("ALTER TABLE items ALTER price TYPE bigint")),
    _safe("check-that-the-old-version-keeps", "database", stock_migration("ALTER TABLE items ADD CHECK (price >= 0)")),
    _safe("sequence-in-larger-steps", "database", stock_migration("ALTER SEQUENCE numbers INCREMENT BY 2")),
    _safe("view-added", "database", stock_migration("CREATE VIEW cheap AS SELECT id FROM items WHERE price < 100")),
    _safe("column-of-the-ledger-added", "database", ledger_migration("ALTER TABLE movements ADD told text")),
    _safe(
        "call-added",
        "call",
        stock(
            _REMARK,
            '        case "GET", ["items", item, "price"]:\n'
            f'            return 200, {{"price": read(item)[1]["price"]}}  # type: ignore[index]\n'
            f"{_REMARK}",
        ),
        journey('expect("asking for the price", (200, {"price": 250}), call("GET", f"/items/{item}/price"))'),
    ),
    _safe("member-added", "call", stock(_STATUS, f'"is_cheap": row["price"] < 100, {_STATUS}')),
    _safe(
        "header-added",
        "call",
        edge('sent["x-caller"] = "edge"\n', 'sent["x-caller"] = "edge"\n    sent["x-tenant"] = "shop"\n'),
        stock(
            "    if limited(",
            '    if headers.get("x-tenant", "shop") != "shop":\n'
            '        return 404, {"error": "no such tenant"}\n'
            "    if limited(",
        ),
    ),
    _safe(
        "both-page-tokens-read",
        "call",
        stock("int(token) if token", 'int(token.removeprefix("from-")) if token'),
    ),
    _safe(
        "both-paths-answered",
        "call",
        stock(
            '    match method, path.strip("/")',
            '    path = path.removeprefix("/v2")\n    match method, path.strip("/")',
        ),
    ),
    _safe(
        "member-of-an-event-added", "event", stock(_EVENT, '{"item": item, "kind": kind, "by": by, "source": "shop"}')
    ),
    _safe(
        "told-on-a-second-topic-as-well",
        "event",
        stock(
            _SENT,
            f'{_SENT}    producer.produce(f"{{TOPIC}}-2", json.dumps({{"movement": event}}).encode(), item.encode())\n',
        ),
    ),
    _safe(
        "kind-of-event-understood-before-it-is-told",
        "event",
        ledger('"taken": -1}', '"taken": -1, "sold_out": -1}'),
    ),
    _safe(
        "group-renamed",
        "event",
        ledger('GROUP = f"ledger.{NAMESPACE}"', 'GROUP = f"ledger-2.{NAMESPACE}"'),
        settings('topics = ["movements"]\n', 'topics = ["movements"]\ngroup = "ledger-2"\n'),
    ),
    _safe(
        "new-prefix-for-what-never-changes",
        "cache",
        stock(
            _REMARK,
            '        case "GET", ["items", item, "added"]:\n'
            '            known: Any = process.STORE.get(f"{NAMESPACE}:added:{item}") or read(item)[1]["added"]\n'
            '            process.STORE.set(f"{NAMESPACE}:added:{item}", known, ex=CACHE_SECONDS)\n'
            '            return 200, {"added": known}\n'
            f"{_REMARK}",
        ),
        declared("added", "{namespace}:added:{item}", "text", 60),
        journey('for _ in range(2):\n    expect("asking when", 200, call("GET", f"/items/{item}/added")[0])'),
    ),
    _safe(
        "both-cached-shapes-read",
        "cache",
        stock(
            _READ,
            'kept = json.loads(found) if found else None\n    return kept["row"] if kept and "row" in kept else kept',
        ),
    ),
    _safe("cached-for-a-shorter-time", "cache", stock("CACHE_SECONDS = 60", "CACHE_SECONDS = 30")),
    _safe("cached-with-a-member-more", "cache", stock(_KEPT, 'json.dumps({**row, "format": 1}), ex=CACHE_SECONDS)')),
    _safe("limit-raised", "cache", stock("> 5_000", "> 9_000")),
    _safe(
        "second-key-of-the-registry",
        "registry",
        process(
            "            STORE.set(key, f",
            '            STORE.set(f"{key}-alive".replace(":instances:", ":alive:"), "1", px=1500)\n'
            "            STORE.set(key, f",
        ),
        declared("alive", "{namespace}:alive:{service}:{port}", "integer", 2),
    ),
    _safe(
        "faster-listing",
        "code",
        stock('{"items": [shown(row) for row in rows[:PAGE_SIZE]]', '{"items": list(map(shown, rows[:PAGE_SIZE]))'),
    ),
    _safe("internals-renamed", "code", stock("limited(", "has_asked_too_often("), stock("forget(", "drop_cached(")),
)
