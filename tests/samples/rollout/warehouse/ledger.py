"""The ledger: every movement that was told on the topic, once."""

import json
import os
import sys
import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
from confluent_kafka import Consumer
from psycopg.rows import dict_row

DSN = os.environ["POSTGRES_DSN"]
NAMESPACE = os.environ["NAMESPACE"]
TOPIC = f"movements.{NAMESPACE}"
GROUP = f"ledger.{NAMESPACE}"

SIGNS = {"created": 1, "taken": -1}

MIGRATIONS = ["CREATE TABLE movements (place text PRIMARY KEY, item text NOT NULL, by integer NOT NULL)"]


def migrate() -> None:
    with psycopg.connect(DSN) as database:
        database.execute("CREATE TABLE IF NOT EXISTS ledger_migrations (number integer PRIMARY KEY)")
        done = {number for (number,) in database.execute("SELECT number FROM ledger_migrations")}
        for number, statement in enumerate(MIGRATIONS):
            if number not in done:
                database.execute(statement)
                database.execute("INSERT INTO ledger_migrations VALUES (%s)", (number,))


if sys.argv[1:] == ["migrate"]:
    migrate()
    raise SystemExit

from . import process  # noqa: E402 - it needs a port


def apply(event: dict[str, Any], place: str) -> None:
    with psycopg.connect(DSN) as database:
        database.execute(
            "INSERT INTO movements (place, item, by) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (place, event["item"], SIGNS[event["kind"]] * event["by"]),
        )


def follow() -> None:
    consumer = Consumer(
        {
            "bootstrap.servers": os.environ["KAFKA"],
            "group.id": GROUP,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "session.timeout.ms": 6000,
            "topic.metadata.refresh.interval.ms": 300,
            "allow.auto.create.topics": True,
            "log_level": 0,
        }
    )
    consumer.subscribe([TOPIC])
    while True:
        message = consumer.poll(0.2)
        if message is None or message.error():
            continue
        try:
            apply(json.loads(message.value() or b""), f"{message.partition()}/{message.offset()}")
        except (KeyError, TypeError, ValueError) as error:
            print(f"left out: {error!r}", flush=True)  # noqa: T201 - its log
        consumer.commit(message=message)


def answer(method: str, target: str, _headers: dict[str, str], _body: bytes) -> process.Answer:
    item = parse_qs(urlsplit(target).query).get("item", [""])[0]
    if method != "GET":
        return 404, {"error": "no such path"}
    with psycopg.connect(DSN, row_factory=dict_row) as database:
        rows = database.execute(
            "SELECT by FROM movements WHERE item = %s ORDER BY length(place), place", (item,)
        ).fetchall()
    return 200, {"movements": [row["by"] for row in rows], "sum": sum(row["by"] for row in rows)}


threading.Thread(target=follow, daemon=True).start()
process.serve("ledger", answer)
