"""``servanda migrations`` examines the migrations of a repository on a PostgreSQL that it brings up itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from servanda.infra import PostgresEndpoint
from tests.unit.checking.test_migrations import migrate, record, repository

pytestmark = pytest.mark.infrastructure
REVISION = '''
"""One revision."""
from alembic import op
import sqlalchemy as sa

revision = "REVISION"
down_revision = DOWN


def upgrade():
    BODY
'''
FIND = {"sql": "SELECT email FROM users WHERE user_id = $1", "callers": ["shop/users.py:7"]}


def run(folder: Path, server: PostgresEndpoint, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "servanda", "migrations", *arguments]
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(folder / "home"), "POSTGRES_DSN": server.dsn, "NO_COLOR": "1"}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


def revision(folder: Path, name: str, body: str, down: str = "None") -> None:
    text = REVISION.replace("REVISION", name).replace("DOWN", down).replace("BODY", body)
    (folder / "migrations" / f"{name}.py").write_text(text)


def test_a_column_that_a_live_version_reads_ends_with_one(tmp_path: Path, servanda_postgres: PostgresEndpoint) -> None:
    record(repository(tmp_path), FIND, version="0.1.0")
    migrate(tmp_path, "2_less.sql", "ALTER TABLE users DROP COLUMN email;")

    done = run(tmp_path, servanda_postgres, "--format", "json")

    assert done.returncode == 1, done.stderr
    (finding,) = [each for each in json.loads(done.stdout)["findings"] if each["severity"] == "error"]
    (evidence,) = finding["consumers"][0]["evidence"]
    assert (finding["rule"], finding["path"]) == ("SQL_COLUMN_NO_DELETE", "migrations/2_less.sql")
    assert evidence["refused"] == '42703: column "email" does not exist'
    assert evidence["test"] == "shop/users.py:7"


def test_an_additive_migration_holds(tmp_path: Path, servanda_postgres: PostgresEndpoint) -> None:
    record(repository(tmp_path), FIND, version="0.1.0")
    migrate(tmp_path, "2_more.sql", "ALTER TABLE users ADD COLUMN age integer;")

    done = run(tmp_path, servanda_postgres, "shop")

    assert done.returncode == 0, done.stderr
    assert "no breaking changes" in done.stdout


def test_a_lock_is_a_warning_of_squawk(tmp_path: Path, servanda_postgres: PostgresEndpoint) -> None:
    record(repository(tmp_path), FIND, version="0.1.0")
    migrate(tmp_path, "2_index.sql", "\nCREATE INDEX by_email ON users (email);")

    done = run(tmp_path, servanda_postgres)

    assert done.returncode == 0
    assert "migrations/2_index.sql:2: warning" in done.stdout
    assert "squawk: require-concurrent-index-creation" in done.stdout


def test_revisions_of_alembic_are_examined_at_their_lines(tmp_path: Path, servanda_postgres: PostgresEndpoint) -> None:
    repository(tmp_path, style="alembic")
    revision(tmp_path, "1_users", 'op.execute("CREATE TABLE users (user_id uuid PRIMARY KEY, email text)")')
    record(tmp_path, FIND, version="0.1.0")
    body = (
        'op.add_column("users", sa.Column("age", sa.Integer()))\n    op.execute("ALTER TABLE users DROP COLUMN email")'
    )
    revision(tmp_path, "2_less", body, down='"1_users"')

    done = run(tmp_path, servanda_postgres)

    assert done.returncode == 1, done.stderr
    assert "migrations/2_less.py:12: error: shop.users.email" in done.stdout


def test_a_revision_that_needs_a_database_is_refused(tmp_path: Path, servanda_postgres: PostgresEndpoint) -> None:
    repository(tmp_path, style="alembic")
    revision(tmp_path, "1_users", 'op.get_bind().execute(sa.text("SELECT 1")).scalar()')
    record(tmp_path, FIND, version="0.1.0")
    revision(tmp_path, "2_more", 'op.execute("SELECT 2")', down='"1_users"')

    done = run(tmp_path, servanda_postgres)

    assert done.returncode == 2
    assert "a migration of Alembic cannot be told as SQL" in done.stderr
    assert "migrations/1_users.py" in done.stderr


def test_a_version_that_nobody_recorded_cannot_be_live(tmp_path: Path, servanda_postgres: PostgresEndpoint) -> None:
    record(repository(tmp_path), FIND, version="0.1.0")

    done = run(tmp_path, servanda_postgres, "--live", "9.9.9")

    assert done.returncode == 2
    assert "no statements of shop 9.9.9 are recorded" in done.stderr


def test_only_the_named_versions_are_live(tmp_path: Path, servanda_postgres: PostgresEndpoint) -> None:
    record(repository(tmp_path), FIND, version="0.1.0")
    record(tmp_path, {"sql": "SELECT user_id FROM users"}, version="0.2.0")
    migrate(tmp_path, "2_less.sql", "ALTER TABLE users DROP COLUMN email;")

    assert run(tmp_path, servanda_postgres, "--live", "0.2.0").returncode == 0


def test_without_statements_nothing_is_proven(tmp_path: Path, servanda_postgres: PostgresEndpoint) -> None:
    done = run(repository(tmp_path), servanda_postgres)

    assert done.returncode == 2
    assert "no statements of shop are recorded" in done.stdout
