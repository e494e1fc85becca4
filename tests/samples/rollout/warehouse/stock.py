"""What is in stock: items in PostgreSQL, cached in Redis; every movement is told on a topic."""

import json
import os
import sys
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
from confluent_kafka import Producer
from psycopg.rows import dict_row

DSN = os.environ["POSTGRES_DSN"]
NAMESPACE = os.environ["NAMESPACE"]
TOPIC = f"movements.{NAMESPACE}"
CACHE_SECONDS = 60
PAGE_SIZE = 2
STATUSES = {"open": "open for sale", "sold_out": "sold out"}

MIGRATIONS = [
    "CREATE TABLE items (id text PRIMARY KEY, name text NOT NULL, count integer NOT NULL, status text NOT NULL)",
    "ALTER TABLE items ADD price integer NOT NULL, ADD number integer NOT NULL UNIQUE, ADD added text NOT NULL",
    "ALTER TABLE items ADD remarks jsonb NOT NULL DEFAULT '{}'",
    "CREATE SEQUENCE numbers",
    "CREATE TABLE requests (key text PRIMARY KEY, item text NOT NULL)",
]


def migrate() -> None:
    with psycopg.connect(DSN) as database:
        database.execute("CREATE TABLE IF NOT EXISTS stock_migrations (number integer PRIMARY KEY)")
        done = {number for (number,) in database.execute("SELECT number FROM stock_migrations")}
        for number, statement in enumerate(MIGRATIONS):
            if number not in done:
                database.execute(statement)
                database.execute("INSERT INTO stock_migrations VALUES (%s)", (number,))


if sys.argv[1:] == ["migrate"]:
    migrate()
    raise SystemExit

from . import process  # noqa: E402 - it needs a port

producer = Producer({"bootstrap.servers": os.environ["KAFKA"], "linger.ms": 0, "log_level": 0})


def connected() -> psycopg.Connection[dict[str, Any]]:
    return psycopg.connect(DSN, row_factory=dict_row, autocommit=True)


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """Return the view of callers: the price is in cents, the time of adding is that of RFC 3339."""
    told = {name: row[name] for name in ("id", "name", "count", "price", "number", "added", "remarks")}
    return {**told, "status": STATUSES[row["status"]]}


def cached(item: str) -> dict[str, Any] | None:
    found: Any = process.STORE.get(f"{NAMESPACE}:item:{item}")
    return json.loads(found) if found else None


def keep(row: dict[str, Any]) -> None:
    process.STORE.set(f"{NAMESPACE}:item:{row['id']}", json.dumps(dict(row)), ex=CACHE_SECONDS)


def forget(item: str) -> None:
    process.STORE.delete(f"{NAMESPACE}:item:{item}")


def tell(item: str, kind: str, by: int) -> None:
    event = {"item": item, "kind": kind, "by": by}
    producer.produce(TOPIC, json.dumps(event).encode(), item.encode())
    producer.flush(10)


def limited(address: str) -> bool:
    key = f"{NAMESPACE}:limit:{address}"
    count: Any = process.STORE.incr(key)
    process.STORE.expire(key, 5)
    return int(count) > 5_000


def create(wanted: dict[str, Any], key: str) -> process.Answer:
    with connected() as database:
        known = database.execute("SELECT item FROM requests WHERE key = %s", (key,)).fetchone()
        if known is None:
            item = wanted["id"]
            added = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            database.execute(
                "INSERT INTO items (price, number, added, id, name, count, status) "
                "VALUES (%s, nextval('numbers'), %s, %s, %s, %s, 'open')",
                (wanted["price"], added, item, wanted["name"], wanted["count"]),
            )
            database.execute("INSERT INTO requests (key, item) VALUES (%s, %s)", (key, item))
            tell(item, "created", wanted["count"])
        else:
            item = known["item"]
        rows = database.execute("SELECT * FROM items WHERE id = %s", (item,)).fetchall()
    return 201, shown(rows[0])


def read(item: str) -> process.Answer:
    row = cached(item)
    if row is None:
        with connected() as database:
            row = database.execute("SELECT * FROM items WHERE id = %s", (item,)).fetchone()
        if row is None:
            return 404, {"error": "no such item"}
        keep(row)
    return 200, shown(row)


def take(item: str, by: int) -> process.Answer:
    with connected() as database:
        row = database.execute(
            "UPDATE items SET count = count - %s, status = CASE WHEN count = %s THEN 'sold_out' ELSE status END "
            "WHERE id = %s AND count >= %s RETURNING *",
            (by, by, item, by),
        ).fetchone()
    if row is None:
        return 409, {"error": "not enough in stock"}
    forget(item)
    tell(item, "taken", by)
    return 200, shown(row)


def remark(item: str, text: str) -> process.Answer:
    with connected() as database:
        row = database.execute(
            "UPDATE items SET remarks = %s WHERE id = %s RETURNING *", (json.dumps({"text": text}), item)
        ).fetchone()
    if row is None:
        return 404, {"error": "no such item"}
    forget(item)
    return 200, shown(row)


def page(token: str) -> process.Answer:
    start = int(token) if token else 0
    with connected() as database:
        rows = database.execute("SELECT * FROM items ORDER BY id OFFSET %s LIMIT %s", (start, PAGE_SIZE + 1)).fetchall()
    following = str(start + PAGE_SIZE) if len(rows) > PAGE_SIZE else ""
    return 200, {"items": [shown(row) for row in rows[:PAGE_SIZE]], "next": following}


def answer(method: str, target: str, headers: dict[str, str], body: bytes) -> process.Answer:
    if limited(headers.get("x-caller", "nobody")):
        return 429, {"error": "too many requests"}
    return answer_call(method, target, headers, body)


def answer_call(method: str, target: str, headers: dict[str, str], body: bytes) -> process.Answer:
    path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
    match method, path.strip("/").split("/"):
        case "POST", ["items"]:
            return create(json.loads(body), headers.get("idempotency-key", ""))
        case "GET", ["items"]:
            return page(query.get("page", [""])[0])
        case "GET", ["items", item]:
            return read(item)
        case "POST", ["items", item, "take"]:
            return take(item, json.loads(body)["by"])
        case "POST", ["items", item, "remark"]:
            return remark(item, json.loads(body)["text"])
    return 404, {"error": "no such path"}


process.serve("stock", answer)
