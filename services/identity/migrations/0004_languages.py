"""Several languages of a user beside the one; versions that know only the one keep running on the same rows."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"

# Each writer sets the column that it knows. Of an update that sets both, the languages are meant: they hold more.
STATEMENTS = (
    "ALTER TABLE users ADD COLUMN languages text[] NOT NULL DEFAULT '{}'",
    """
    CREATE FUNCTION keep_locale() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.languages = OLD.languages AND NEW.locale IS DISTINCT FROM OLD.locale THEN
            NEW.languages := CASE
                WHEN NEW.locale = '' THEN '{}' ELSE NEW.locale || array_remove(OLD.languages, NEW.locale)
            END;
        ELSIF TG_OP = 'INSERT' AND NEW.languages = '{}' AND NEW.locale <> '' THEN
            NEW.languages := ARRAY[NEW.locale];
        END IF;
        NEW.locale := coalesce(NEW.languages[1], '');
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER users_keep_locale BEFORE INSERT OR UPDATE ON users
    FOR EACH ROW EXECUTE FUNCTION keep_locale()
    """,
    "UPDATE users SET languages = ARRAY[locale] WHERE locale <> ''",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER users_keep_locale ON users")
    op.execute("DROP FUNCTION keep_locale()")
    op.execute("ALTER TABLE users DROP COLUMN languages")
