"""A check compares the migrations of configured services with the statements of their live versions."""

import datetime as dt
import json
import subprocess
from pathlib import Path

import pytest

from servanda.checking.check import check
from servanda.checking.kinds import kinds
from servanda.configuration import load
from servanda.errors import ContractError, InterfaceError
from servanda.interfaces.kind import Context
from servanda.interfaces.sql.migration import files_of
from servanda.verdict import Outcome, StageResult

CONFIGURATION = """
[services.shop]
command = ["true"]
owner = "team-shop"
migrations = { folder = "migrations", style = "STYLE" }

[services.web]
command = ["true"]
depends_on = ["shop"]
"""
FIND = {"sql": "SELECT email FROM users WHERE user_id = $1", "callers": ["shop/users.py:7"]}


def repository(folder: Path, *, style: str = "sql") -> Path:
    (folder / "migrations").mkdir()
    (folder / "migrations" / "1_users.sql").write_text("CREATE TABLE users (user_id uuid PRIMARY KEY, email text);")
    (folder / "servanda.toml").write_text(CONFIGURATION.replace("STYLE", style))
    return folder


def record(folder: Path, *statements: object, version: str = "") -> Path:
    path = folder / "contracts" / "sql" / version / "shop.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    migrations = load(folder / "servanda.toml").services["shop"].migrations
    assert migrations is not None
    applied = [{"name": each.name, "sha256": each.digest} for each in files_of(migrations, "migrations")]
    document = {"format": 1, "service": "shop", "migrations": applied, "statements": list(statements)}
    path.write_text(json.dumps(document))
    return path


def migrate(folder: Path, name: str, sql: str) -> None:
    (folder / "migrations" / name).write_text(sql)


def commit(folder: Path) -> None:
    for command in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-q", "-m", "first")):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *command], cwd=folder, check=True)


def checked(folder: Path) -> StageResult:
    context = Context(folder, folder / ".cache", dt.date(2026, 11, 29), load(folder / "servanda.toml"))
    return check(None, None, context, kinds()).stage


def test_a_column_that_a_live_version_reads_may_not_be_deleted(tmp_path: Path) -> None:
    record(repository(tmp_path), FIND, version="0.1.0")
    migrate(tmp_path, "2_less.sql", "ALTER TABLE users DROP COLUMN email;")

    stage = checked(tmp_path)

    (finding,) = stage.findings
    assert (finding.rule, finding.element) == ("SQL_COLUMN_NO_DELETE", "shop.users.email")
    assert [hit.consumer.name for hit in finding.consumers] == ["shop 0.1.0"]
    assert stage.outcome is Outcome.BROKEN


def test_migrations_that_only_add_hold(tmp_path: Path) -> None:
    record(repository(tmp_path), FIND, version="0.1.0")
    migrate(tmp_path, "2_more.sql", "ALTER TABLE users ADD COLUMN age integer; CREATE TABLE more (more_id integer);")

    stage = checked(tmp_path)

    assert (stage.findings, stage.outcome) == ((), Outcome.HELD)


def test_what_the_main_branch_runs_is_live(tmp_path: Path) -> None:
    record(repository(tmp_path), FIND)
    commit(tmp_path)
    migrate(tmp_path, "2_less.sql", "ALTER TABLE users DROP COLUMN email;")
    record(tmp_path)

    (finding,) = checked(tmp_path).findings

    assert [hit.consumer.name for hit in finding.consumers] == ["shop (main)"]


def test_a_column_that_no_live_version_uses_may_be_deleted(tmp_path: Path) -> None:
    record(repository(tmp_path), {"sql": "SELECT user_id FROM users"}, version="0.2.0")
    migrate(tmp_path, "2_less.sql", "ALTER TABLE users DROP COLUMN email;")

    assert checked(tmp_path).outcome is Outcome.HELD


def test_migrations_are_applied_by_number(tmp_path: Path) -> None:
    repository(tmp_path)
    for name in ("10_last.sql", "9_before.sql", "10_last.down.sql"):
        migrate(tmp_path, name, "SELECT 1;")
    migrations = load(tmp_path / "servanda.toml").services["shop"].migrations
    assert migrations is not None

    assert [each.name for each in files_of(migrations, "migrations")] == ["1_users.sql", "9_before.sql", "10_last.sql"]


def test_an_edited_migration_is_found(tmp_path: Path) -> None:
    record(repository(tmp_path), FIND, version="0.1.0")
    migrate(tmp_path, "1_users.sql", "CREATE TABLE users (user_id uuid PRIMARY KEY, email text, age integer);")

    (finding,) = checked(tmp_path).findings

    assert finding.rule == "SQL_MIGRATION_NO_EDIT"


def test_a_migration_that_a_live_version_has_applied_may_not_be_gone(tmp_path: Path) -> None:
    record(repository(tmp_path), FIND, version="0.1.0")
    (tmp_path / "migrations" / "1_users.sql").rename(tmp_path / "migrations" / "1_people.sql")

    with pytest.raises(InterfaceError, match=r"shop 0\.1\.0 has applied the migration 1_users\.sql, which is gone"):
        checked(tmp_path)


def test_sql_that_does_not_parse_is_told_with_file_and_line(tmp_path: Path) -> None:
    record(repository(tmp_path), FIND, version="0.1.0")
    migrate(tmp_path, "2_wrong.sql", "ALTER TABLE users ADD COLUMN a integer;\nALTER users;")

    with pytest.raises(InterfaceError, match=r"migrations/2_wrong\.sql:2: SQL that cannot be parsed"):
        checked(tmp_path)


def test_a_document_of_another_format_is_refused(tmp_path: Path) -> None:
    record(repository(tmp_path), version="0.1.0").write_text('{"format": 7}')

    with pytest.raises(ContractError, match="of format 1, found 7"):
        checked(tmp_path)


def test_django_is_refused_by_name_with_what_to_do(tmp_path: Path) -> None:
    repository(tmp_path, style="django")
    migrations = load(tmp_path / "servanda.toml").services["shop"].migrations
    assert migrations is not None

    with pytest.raises(InterfaceError, match="migrations of Django cannot be read") as caught:
        files_of(migrations, "migrations")

    assert "sqlmigrate" in (caught.value.hint or "")
