"""Environment that alembic runs the migrations of every service in."""

from __future__ import annotations

import sqlalchemy
from alembic import context

connection: sqlalchemy.Connection = context.config.attributes["connection"]
schema: str = context.config.attributes["schema"]

context.configure(connection=connection, version_table_schema=schema, transaction_per_migration=False)
with context.begin_transaction():
    # Locks the schema until the end of the transaction: of two that migrate it, the second finds nothing left to do.
    # Nobody but its owner can hold this lock, while an advisory lock is open to every role of the database.
    connection.execute(sqlalchemy.text(f"COMMENT ON SCHEMA {schema} IS 'changed by the migrations of its service'"))
    # From here on a migration that would wait for the running service fails instead of blocking it.
    connection.execute(sqlalchemy.text("SET LOCAL lock_timeout = '10s'"))
    context.run_migrations()
