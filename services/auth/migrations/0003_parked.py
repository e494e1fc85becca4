"""Events that wait until they are tried again."""

from __future__ import annotations

from alembic import op

from platformkit.events import parked_table

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute(parked_table())


def downgrade() -> None:
    op.execute("DROP TABLE parked")
