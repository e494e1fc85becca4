"""Turns of those who write into the outbox and of the relay, which no other role can take."""

from __future__ import annotations

from alembic import op

from platformkit.events import outbox_turns

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute(outbox_turns())


def downgrade() -> None:
    op.execute("DROP TABLE outbox_turns, outbox_relay")
