"""Recipients, their failed logins, notifications, and the events that they were made of."""

from __future__ import annotations

from alembic import op

from platformkit.events import inbox_table, parked_table

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE TABLE recipients (
        user_id uuid PRIMARY KEY,
        email text NOT NULL,
        display_name text NOT NULL,
        profile_locale text NOT NULL,
        contact_time timestamptz NOT NULL,
        active boolean NOT NULL,
        locale text NOT NULL,
        muted text[] NOT NULL,
        revision bigint NOT NULL,
        update_time timestamptz
    )
    """,
    # Not the times of users only: a failed login may be heard of before its user is.
    """
    CREATE TABLE login_failures (
        user_id uuid PRIMARY KEY,
        times timestamptz[] NOT NULL,
        tell_time timestamptz,
        count_time timestamptz NOT NULL
    )
    """,
    "CREATE INDEX login_failures_by_time ON login_failures (count_time)",
    # Pending notifications are the outbox of mails; due_time is also the end of a lease.
    """
    CREATE TABLE notifications (
        notification_id uuid PRIMARY KEY,
        user_id uuid NOT NULL,
        email text NOT NULL,
        locale text NOT NULL,
        kind text NOT NULL,
        facts jsonb NOT NULL,
        source text NOT NULL,
        event_id text NOT NULL,
        request_id text NOT NULL,
        trace_parent text NOT NULL,
        trace_state text NOT NULL,
        create_time timestamptz NOT NULL,
        status text NOT NULL CONSTRAINT notifications_status_known CHECK (status IN ('pending', 'sent', 'failed')),
        attempts integer NOT NULL,
        send_time timestamptz,
        failure text NOT NULL,
        due_time timestamptz NOT NULL,
        lease_number bigint
    )
    """,
    "CREATE SEQUENCE lease_numbers",
    "CREATE INDEX notifications_due ON notifications (due_time) WHERE status = 'pending'",
    "CREATE INDEX notifications_by_user ON notifications (user_id, create_time, notification_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute(inbox_table())
    op.execute(parked_table())


def downgrade() -> None:
    op.execute("DROP SEQUENCE lease_numbers")
    for table in ("parked", "inbox", "notifications", "login_failures", "recipients"):
        op.execute(f"DROP TABLE {table}")
