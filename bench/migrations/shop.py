"""The shop whose schema the migrations change: its tables, and what its version 1.0.0 runs."""

from __future__ import annotations

import hashlib
from typing import Final

from servanda.interfaces.sql.document import Recorded, Statements
from servanda.interfaces.sql.migration import File, Migration

SCHEMA: Final = """
CREATE TYPE state AS ENUM ('open', 'paid', 'sent');
CREATE TABLE customers (
    customer_id uuid PRIMARY KEY,
    email text NOT NULL,
    name varchar(100) NOT NULL,
    phone text,
    tier text NOT NULL DEFAULT 'basic',
    legacy text
);
CREATE TABLE orders (
    order_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers,
    number bigint NOT NULL,
    quantity integer NOT NULL DEFAULT 1,
    price numeric(10, 2),
    state state NOT NULL,
    note varchar(200),
    channel text DEFAULT 'web',
    placed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE audit_log (
    entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    text text NOT NULL
);
CREATE TABLE archive (archive_id bigint PRIMARY KEY, content jsonb);
CREATE VIEW open_orders AS SELECT order_id, customer_id, quantity FROM orders WHERE state = 'open';
CREATE FUNCTION total(numeric, integer) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT $1 * $2';
CREATE INDEX orders_by_customer ON orders (customer_id);
"""
STATEMENTS: Final = (
    Recorded(
        "INSERT INTO customers (customer_id, email, name, phone) VALUES ($1, $2, $3, $4)",
        ("shop/customers.py:21",),
        (4,),
    ),
    Recorded("SELECT customer_id, email, name FROM customers WHERE email = $1", ("shop/customers.py:30",)),
    Recorded("UPDATE customers SET name = $2, tier = $3 WHERE customer_id = $1", ("shop/customers.py:44",)),
    Recorded(
        "INSERT INTO orders (order_id, customer_id, number, price, state, note) VALUES ($1, $2, $3, $4, $5, $6)",
        ("shop/orders.py:18",),
        (6,),
    ),
    Recorded(
        "SELECT order_id, quantity, total(price, quantity) FROM orders WHERE customer_id = $1 AND state = 'paid'",
        ("shop/orders.py:31",),
    ),
    Recorded("UPDATE orders SET state = $2 WHERE order_id = $1", ("shop/orders.py:40",)),
    Recorded(
        "SELECT o.order_id, c.email FROM orders o JOIN customers c ON c.customer_id = o.customer_id "
        "WHERE o.order_id = $1",
        ("shop/orders.py:52",),
    ),
    Recorded("SELECT * FROM audit_log WHERE entry_id = $1", ("shop/audit.py:12",)),
    Recorded("INSERT INTO audit_log (text) VALUES ($1) RETURNING *", ("shop/audit.py:20",)),
    Recorded("SELECT order_id FROM open_orders", ("shop/orders.py:66",)),
    Recorded("DELETE FROM orders WHERE placed_at < $1", ("shop/orders.py:71",)),
)
FIRST: Final = "0001_shop.sql"
SECOND: Final = "0002_change.sql"


def migration(name: str, sql: str) -> Migration:
    """Return a migration of the shop."""
    return Migration(File(name, f"migrations/{name}", hashlib.sha256(sql.encode()).hexdigest(), sql), sql)


def version(name: str, statements: tuple[Recorded, ...] = STATEMENTS) -> Statements:
    """Return a version of the shop that has applied the first migration."""
    first = migration(FIRST, SCHEMA)
    return Statements("shop", name, {FIRST: first.file.digest}, statements, f"contracts/sql/{name}/shop.json")
