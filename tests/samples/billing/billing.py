"""Billing: an account of every order that the shop told of on its topic, and what is owed in each currency."""

import json
import os
import signal
import socket
import sys
from types import FrameType
from typing import Any

import psycopg
from confluent_kafka import Consumer, Message, Producer

NAMESPACE = os.environ["NAMESPACE"]
TOPIC, GROUP, LETTERS = f"orders.{NAMESPACE}", f"billing.{NAMESPACE}", f"orders.dlq.{NAMESPACE}"
MIGRATION = """
CREATE SCHEMA billing;
CREATE TABLE billing.accounts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text UNIQUE NOT NULL,
    amount numeric NOT NULL,
    currency text NOT NULL,
    state text NOT NULL,
    note text,
    event text NOT NULL,
    changed timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE billing.owed (currency text PRIMARY KEY, amount numeric NOT NULL);
CREATE TABLE billing.seen (event text PRIMARY KEY);
"""


def put(database: psycopg.Connection[Any], event: dict[str, Any], identity: str) -> None:
    currency = event.get("currency", "EUR")
    database.execute(
        "INSERT INTO billing.accounts (name, amount, currency, state, note, event) VALUES (%s, %s, %s, 'open', %s, %s)",
        (event["order"], event["amount"], currency, event.get("note"), identity),
    )
    owe(database, currency, event["amount"])


def settle(database: psycopg.Connection[Any], event: dict[str, Any], identity: str, state: str) -> None:
    row = database.execute(
        "UPDATE billing.accounts SET state = %s, event = %s, changed = now() WHERE name = %s "
        "RETURNING currency, amount",
        (state, identity, event["order"]),
    ).fetchone()
    if row is None:
        raise KeyError(f"no account {event['order']}")
    owe(database, row[0], -row[1])


def owe(database: psycopg.Connection[Any], currency: str, amount: float) -> None:
    database.execute(
        "INSERT INTO billing.owed VALUES (%s, %s) "
        "ON CONFLICT (currency) DO UPDATE SET amount = billing.owed.amount + excluded.amount",
        (currency, amount),
    )


def apply(database: psycopg.Connection[Any], message: Message) -> None:
    if message.value() is None:
        database.execute("DELETE FROM billing.accounts WHERE name = %s", ((message.key() or b"").decode(),))
        return
    event = json.loads(message.value() or b"")
    headers: dict[str, Any] = dict(message.headers() or ())
    identity = headers["ce_id"].decode()
    if database.execute("INSERT INTO billing.seen VALUES (%s) ON CONFLICT DO NOTHING", (identity,)).rowcount == 0:
        return
    match event["kind"]:
        case "placed":
            put(database, event, identity)
        case "paid":
            settle(database, event, identity, "paid")
        case "cancelled":
            settle(database, event, identity, "cancelled")


def follow() -> None:
    settings = {"bootstrap.servers": os.environ["KAFKA"], "log_level": 0}
    letters = Producer(settings)
    own = {"group.id": GROUP, "auto.offset.reset": "earliest", "enable.auto.commit": False, "session.timeout.ms": 6000}
    consumer = Consumer({**settings, **own})
    consumer.subscribe([TOPIC])
    with psycopg.connect(os.environ["POSTGRES_DSN"]) as database:
        while True:
            batch = [message for message in consumer.consume(100, 0.05) if not message.error()]
            for message in batch:
                try:
                    with database.transaction():
                        apply(database, message)
                except (KeyError, TypeError, ValueError, AttributeError, psycopg.DataError) as error:
                    reason = [*(message.headers() or ()), ("x-error", repr(error).encode())]
                    letters.produce(LETTERS, message.value(), message.key(), headers=reason)
                    letters.flush()
            if batch:
                consumer.commit(asynchronous=False)


def end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit


if sys.argv[1:] == ["migrate"]:
    with psycopg.connect(os.environ["POSTGRES_DSN"]) as server:
        server.execute(MIGRATION)
    raise SystemExit

signal.signal(signal.SIGTERM, end)
ready = socket.create_server(("127.0.0.1", int(os.environ["HTTP_PORT"])))
follow()
