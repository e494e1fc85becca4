"""Entries, and which events they were made of."""

from __future__ import annotations

from alembic import op

from platformkit.events import inbox_table

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE TABLE entries (
        entry_id uuid PRIMARY KEY,
        kind text NOT NULL,
        subject text NOT NULL,
        source text NOT NULL,
        event_id text NOT NULL,
        request_id text NOT NULL,
        occur_time timestamptz NOT NULL,
        record_time timestamptz NOT NULL,
        changed_fields text[] NOT NULL,
        details jsonb NOT NULL
    )
    """,
    "CREATE INDEX entries_by_time ON entries (occur_time, entry_id)",
    "CREATE INDEX entries_by_subject ON entries (subject, occur_time, entry_id)",
    "CREATE INDEX entries_by_kind ON entries (kind, occur_time, entry_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute(inbox_table())


def downgrade() -> None:
    for table in ("inbox", "entries"):
        op.execute(f"DROP TABLE {table}")
