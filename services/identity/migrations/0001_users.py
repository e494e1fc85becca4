"""Users, the idempotency keys of their creation, and the events about them."""

from __future__ import annotations

from alembic import op

from platformkit.events import outbox_table

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE TABLE users (
        user_id uuid PRIMARY KEY,
        email text NOT NULL,
        email_key text NOT NULL CONSTRAINT users_email_key UNIQUE,
        display_name text NOT NULL,
        locale text NOT NULL,
        roles text[] NOT NULL,
        labels jsonb NOT NULL,
        status text NOT NULL CONSTRAINT users_status_known CHECK (status IN ('active', 'deactivated')),
        create_time timestamptz NOT NULL,
        update_time timestamptz NOT NULL,
        revision bigint NOT NULL
    )
    """,
    "CREATE INDEX users_by_creation ON users (create_time, user_id)",
    """
    CREATE TABLE idempotency_keys (
        key bytea PRIMARY KEY,
        fingerprint bytea NOT NULL,
        user_id uuid NOT NULL,
        user_snapshot bytea NOT NULL,
        expire_time timestamptz NOT NULL
    )
    """,
    "CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expire_time)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute(outbox_table())


def downgrade() -> None:
    for table in ("outbox", "idempotency_keys", "users"):
        op.execute(f"DROP TABLE {table}")
