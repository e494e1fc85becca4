"""Accounts, attempts, sessions, signing keys, revocations, and the events on their way in and out."""

from __future__ import annotations

from alembic import op

from platformkit.events import inbox_table, outbox_refusals, outbox_table

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE TABLE accounts (
        user_id uuid PRIMARY KEY,
        email_key text NOT NULL,
        roles text[] NOT NULL,
        active boolean NOT NULL,
        password_hash text,
        password_time timestamptz,
        version bigint NOT NULL,
        update_time timestamptz NOT NULL,
        CONSTRAINT accounts_password_whole CHECK ((password_hash IS NULL) = (password_time IS NULL))
    )
    """,
    # Not unique: when an address passes from one user to another, their events may arrive in any order.
    "CREATE INDEX accounts_by_email ON accounts (email_key, update_time)",
    """
    CREATE TABLE attempts (
        target text NOT NULL CONSTRAINT attempts_target_known CHECK (target IN ('account', 'address')),
        key bytea NOT NULL,
        failures integer NOT NULL,
        last_time timestamptz,
        locked_until timestamptz,
        PRIMARY KEY (target, key)
    )
    """,
    "CREATE INDEX attempts_by_time ON attempts (last_time)",
    """
    CREATE TABLE sessions (
        session_id uuid PRIMARY KEY,
        user_id uuid NOT NULL,
        create_time timestamptz NOT NULL,
        expire_time timestamptz NOT NULL,
        end_time timestamptz
    )
    """,
    "CREATE INDEX sessions_by_user ON sessions (user_id) WHERE end_time IS NULL",
    "CREATE INDEX sessions_by_expiry ON sessions (least(expire_time, end_time))",
    """
    CREATE TABLE refresh_tokens (
        digest bytea PRIMARY KEY,
        session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
        issue_time timestamptz NOT NULL,
        access_id text NOT NULL,
        access_expire_time timestamptz NOT NULL,
        use_time timestamptz
    )
    """,
    "CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id, access_expire_time)",
    """
    CREATE TABLE signing_keys (
        key_id text PRIMARY KEY,
        start_time timestamptz NOT NULL,
        public_key text NOT NULL,
        private_key text NOT NULL
    )
    """,
    """
    CREATE TABLE revocations (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        kind text NOT NULL CONSTRAINT revocations_kind_known CHECK (kind IN ('token', 'account')),
        name text NOT NULL,
        version bigint NOT NULL,
        expire_time timestamptz NOT NULL,
        announced boolean NOT NULL DEFAULT false
    )
    """,
    "CREATE INDEX revocations_waiting ON revocations (number) WHERE NOT announced",
    "CREATE INDEX revocations_by_expiry ON revocations (expire_time)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute(outbox_table())
    op.execute(outbox_refusals())
    op.execute(inbox_table())


def downgrade() -> None:
    tables = ("inbox", "outbox", "revocations", "signing_keys", "refresh_tokens", "sessions", "attempts", "accounts")
    for table in tables:
        op.execute(f"DROP TABLE {table}")
