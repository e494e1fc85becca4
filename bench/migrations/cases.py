"""Forty migrations, each with what a review has to find in it for version 1.0.0 of the shop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Case:
    """A migration with the right answer.

    Attributes:
        name: What it does.
        sql: Its statements.
        rules: Identifiers of the rules that object to it, besides those about locks; none if it is safe.
    """

    name: str
    sql: str
    rules: frozenset[str] = frozenset()


def _case(name: str, sql: str, *rules: str) -> Case:
    return Case(name, sql, frozenset(f"SQL_{rule}" for rule in rules))


CASES: Final = (
    _case("add a nullable column", "ALTER TABLE orders ADD COLUMN weight integer"),
    _case("add a column with a default", "ALTER TABLE orders ADD COLUMN gift boolean NOT NULL DEFAULT false"),
    _case("add a required column", "ALTER TABLE orders ADD COLUMN vat numeric NOT NULL",
          "COLUMN_NO_NEW_REQUIRED", "MIGRATION_KEEPS_ROWS"),
    _case("add a column to a table read by *", "ALTER TABLE audit_log ADD COLUMN actor text", "ROW_NO_ADD"),
    _case("add a generated column",
          "ALTER TABLE orders ADD COLUMN twice integer GENERATED ALWAYS AS (quantity * 2) STORED"),
    _case("create a table", "CREATE TABLE parcels (parcel_id bigint PRIMARY KEY, order_id uuid NOT NULL)"),
    _case("create a view", "CREATE VIEW paid_orders AS SELECT order_id FROM orders WHERE state = 'paid'"),
    _case("create an index concurrently", "CREATE INDEX CONCURRENTLY orders_by_number ON orders (number)"),
    _case("drop an index", "DROP INDEX CONCURRENTLY orders_by_customer"),
    _case("drop a column that nobody uses", "ALTER TABLE customers DROP COLUMN legacy"),
    _case("drop a table that nobody uses", "DROP TABLE archive"),
    _case("drop a column that is read and written", "ALTER TABLE customers DROP COLUMN email", "COLUMN_NO_DELETE"),
    _case("drop a column that is written alone", "ALTER TABLE customers DROP COLUMN phone", "COLUMN_NO_DELETE"),
    _case("drop a column of a row read by *", "ALTER TABLE audit_log DROP COLUMN at", "ROW_SAME_SHAPE"),
    _case("drop a table", "DROP TABLE audit_log", "RELATION_NO_DELETE"),
    _case("drop a view", "DROP VIEW open_orders", "RELATION_NO_DELETE"),
    _case("drop a function", "DROP FUNCTION total(numeric, integer)", "FUNCTION_NO_DELETE"),
    _case("rename a column", "ALTER TABLE customers RENAME COLUMN email TO address", "COLUMN_SAME_NAME"),
    _case("rename a table", "ALTER TABLE audit_log RENAME TO journal", "RELATION_SAME_NAME"),
    _case("rename a table behind a view of its old name",
          "ALTER TABLE orders RENAME TO purchases; CREATE VIEW orders AS SELECT * FROM purchases"),
    _case("move a table to another schema",
          "CREATE SCHEMA old; ALTER TABLE audit_log SET SCHEMA old", "RELATION_SAME_NAME"),
    _case("rename a constraint", "ALTER TABLE orders RENAME CONSTRAINT orders_pkey TO orders_key"),
    _case("set NOT NULL on what is left out", "ALTER TABLE orders ALTER COLUMN channel SET NOT NULL"),
    _case("set NOT NULL on what is written as NULL",
          "UPDATE customers SET phone = ''; ALTER TABLE customers ALTER COLUMN phone SET NOT NULL",
          "COLUMN_NO_NEW_REQUIRED"),
    _case("drop NOT NULL", "ALTER TABLE customers ALTER COLUMN name DROP NOT NULL", "COLUMN_NO_NULL"),
    _case("drop a default of a required column", "ALTER TABLE customers ALTER COLUMN tier DROP DEFAULT",
          "COLUMN_NO_NEW_REQUIRED"),
    _case("drop a default of a nullable column",
          "ALTER TABLE orders ALTER COLUMN channel DROP DEFAULT", "DEFAULT_NO_DELETE"),
    _case("set a default", "ALTER TABLE orders ALTER COLUMN note SET DEFAULT ''"),
    _case("widen a varchar", "ALTER TABLE orders ALTER COLUMN note TYPE varchar(500)"),
    _case("narrow a varchar",
          "ALTER TABLE orders ALTER COLUMN note TYPE varchar(20) USING left(note, 20)", "COLUMN_NO_NARROW"),
    _case("widen an integer that is read by name", "ALTER TABLE orders ALTER COLUMN number TYPE numeric",
          "COLUMN_SAME_TYPE"),
    _case("turn a key into a text",
          "ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey; "
          "DROP VIEW open_orders; ALTER TABLE orders ALTER COLUMN customer_id TYPE text; "
          "CREATE VIEW open_orders AS SELECT order_id, customer_id, quantity FROM orders WHERE state = 'open'",
          "COLUMN_SAME_TYPE"),
    _case("rename a value of an enum", "ALTER TYPE state RENAME VALUE 'paid' TO 'settled'", "ENUM_NO_DELETE"),
    _case("add a value to an enum", "ALTER TYPE state ADD VALUE 'refunded'", "ENUM_NO_ADD"),
    _case("add a unique constraint", "ALTER TABLE customers ADD CONSTRAINT customers_email UNIQUE (email)",
          "CONSTRAINT_NO_ADD"),
    _case("add a check constraint that old values violate",
          "ALTER TABLE orders ADD CONSTRAINT orders_number_positive CHECK (number > 0) NOT VALID", "CONSTRAINT_NO_ADD"),
    _case("add a check constraint that every value satisfies",
          "ALTER TABLE customers ADD CONSTRAINT customers_name_known CHECK (length(name) < 1000) NOT VALID"),
    _case("add a foreign key",
          "ALTER TABLE orders ADD CONSTRAINT orders_note FOREIGN KEY (number) REFERENCES archive NOT VALID",
          "CONSTRAINT_NO_ADD"),
    _case("refuse rows by a trigger",
          "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
          "$$ BEGIN RAISE EXCEPTION 'closed' USING ERRCODE = 'P0001'; END $$; "
          "CREATE TRIGGER closed BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse()",
          "STATEMENT_NO_FAILURE"),
    _case("drop a column in a block of code", "DO $$ BEGIN EXECUTE 'ALTER TABLE customers DROP COLUMN email'; END $$",
          "STATEMENT_NO_FAILURE"),
)  # fmt: skip
