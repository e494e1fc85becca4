"""Environment that alembic runs the migrations of every service in."""

from __future__ import annotations

import sqlalchemy
from alembic import context

connection: sqlalchemy.Connection = context.config.attributes["connection"]
schema: str = context.config.attributes["schema"]

context.configure(connection=connection, version_table_schema=schema, transaction_per_migration=False)
with context.begin_transaction():
    # Released with the transaction: of two that migrate the same schema, the second finds nothing left to do.
    connection.execute(sqlalchemy.text("SELECT pg_advisory_xact_lock(hashtext(:schema))"), {"schema": schema})
    # From here on a migration that would wait for the running service fails instead of blocking it.
    connection.execute(sqlalchemy.text("SET LOCAL lock_timeout = '10s'"))
    context.run_migrations()
