"""No locale beside the languages: no version reads it any more, or may be rolled back to that does."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("DROP TRIGGER users_keep_locale ON users")
    op.execute("DROP FUNCTION keep_locale()")
    op.execute("ALTER TABLE users DROP COLUMN locale")


def downgrade() -> None:
    raise NotImplementedError("the versions that read the locale are gone; restore a backup")
