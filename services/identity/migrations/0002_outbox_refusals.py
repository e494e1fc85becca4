"""Why Kafka refuses an event that stays in the outbox."""

from __future__ import annotations

from alembic import op

from platformkit.events import outbox_refusals

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute(outbox_refusals())


def downgrade() -> None:
    op.execute("ALTER TABLE outbox DROP COLUMN refusal")
