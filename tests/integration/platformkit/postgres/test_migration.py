"""Schemas, roles and migrations on a real server."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from platformkit.postgres import MigrationError
from platformkit.postgres.migration import migrate
from servanda.infra.isolation import Namespace

pytestmark = pytest.mark.usefixtures("servanda_postgres")

REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {down_revision!r}


def upgrade():
    {upgrade}
"""
PASSWORD = "of these tests"
CREATE_ITEMS = 'op.create_table("items", sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True))'


@pytest.fixture
def revisions(tmp_path: Path) -> Path:
    _revision(tmp_path, "0001", CREATE_ITEMS)
    return tmp_path


def _revision(folder: Path, revision: str, upgrade: str, *, after: str | None = None) -> None:
    text = REVISION.format(revision=revision, down_revision=after, upgrade=upgrade)
    (folder / f"{revision}_change.py").write_text(text)


def _connect(namespace: Namespace, user: str | None = None) -> psycopg.Connection[tuple[object, ...]]:
    dsn = namespace.endpoints.postgres.dsn
    if user is None:
        return psycopg.connect(dsn, autocommit=True)
    return psycopg.connect(dsn, autocommit=True, user=user, password=PASSWORD)


def _migrate(namespace: Namespace, schema: str, revisions: Path) -> None:
    migrate(namespace.endpoints.postgres.dsn, schema, revisions, password=PASSWORD)


def test_a_service_reads_and_writes_its_own_tables(servanda_namespace: Namespace, revisions: Path) -> None:
    _migrate(servanda_namespace, "alpha", revisions)
    with _connect(servanda_namespace, "alpha_rw") as connection:
        connection.execute("INSERT INTO items DEFAULT VALUES")
        assert connection.execute("SELECT id FROM alpha.items").fetchall() == [(1,)]


def test_the_role_of_a_service_gets_the_password_that_is_given(servanda_namespace: Namespace, revisions: Path) -> None:
    postgres = servanda_namespace.endpoints.postgres
    # A role belongs to the server, so its name is that of this test alone.
    service = f"kept_{servanda_namespace.name}".lower().replace("-", "_")[:40]
    user = f"{service}_rw"
    for password in ("first password", 'it\'s a "second" one'):
        migrate(postgres.dsn, service, revisions, password=password)
        # Without one, the role keeps the one that it has.
        migrate(postgres.dsn, service, revisions)
        with psycopg.connect(postgres.dsn, user=user, password=password) as connection:
            assert connection.execute("SELECT current_user").fetchall() == [(user,)]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(postgres.dsn, user=user, password=PASSWORD)


def test_a_new_role_needs_a_password(servanda_namespace: Namespace, revisions: Path) -> None:
    service = f"new_{servanda_namespace.name}".lower().replace("-", "_")[:40]

    with pytest.raises(MigrationError, match="_rw' is new and needs a password") as refused:
        migrate(servanda_namespace.endpoints.postgres.dsn, service, revisions)

    assert refused.value.hint == "set POSTGRES_RW_PASSWORD"
    with _connect(servanda_namespace) as connection:
        assert not connection.execute("SELECT 1 FROM pg_roles WHERE rolname LIKE %s", [f"{service}%"]).fetchall()


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("SELECT * FROM alpha.items", id="read another service's table"),
        pytest.param("INSERT INTO alpha.items DEFAULT VALUES", id="write another service's table"),
        pytest.param("CREATE TABLE items_2 ()", id="change its own schema"),
        pytest.param("DROP TABLE items", id="drop its own table"),
        pytest.param("CREATE TABLE public.items ()", id="use the public schema"),
        pytest.param("CREATE SCHEMA gamma", id="make a schema"),
        pytest.param("SET ROLE beta_owner", id="become its owner"),
        pytest.param("SET ROLE alpha_rw", id="become another service"),
        pytest.param("UPDATE alembic_version SET version_num = '0'", id="rewrite what was migrated"),
    ],
)
def test_a_service_may_not(servanda_namespace: Namespace, revisions: Path, statement: str) -> None:
    for schema in ("alpha", "beta"):
        _migrate(servanda_namespace, schema, revisions)
    with _connect(servanda_namespace, "beta_rw") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_the_owner_of_a_schema_cannot_log_in(servanda_namespace: Namespace, revisions: Path) -> None:
    _migrate(servanda_namespace, "alpha", revisions)
    with _connect(servanda_namespace) as connection:
        row = connection.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'alpha_owner'").fetchone()
    assert row == (False,)


def test_what_a_migration_creates_belongs_to_the_owner(servanda_namespace: Namespace, revisions: Path) -> None:
    _migrate(servanda_namespace, "alpha", revisions)
    with _connect(servanda_namespace) as connection:
        owners = connection.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'alpha'").fetchall()
    assert owners == [("alpha_owner",)]


def test_to_migrate_again_changes_nothing(servanda_namespace: Namespace, revisions: Path) -> None:
    _migrate(servanda_namespace, "alpha", revisions)
    with _connect(servanda_namespace, "alpha_rw") as connection:
        connection.execute("INSERT INTO items DEFAULT VALUES")
    _migrate(servanda_namespace, "alpha", revisions)
    with _connect(servanda_namespace, "alpha_rw") as connection:
        assert connection.execute("SELECT count(*) FROM items").fetchone() == (1,)


def test_a_later_revision_is_added_to_what_is_there(servanda_namespace: Namespace, revisions: Path) -> None:
    _migrate(servanda_namespace, "alpha", revisions)
    _revision(revisions, "0002", 'op.add_column("items", sa.Column("name", sa.Text))', after="0001")
    _migrate(servanda_namespace, "alpha", revisions)
    with _connect(servanda_namespace, "alpha_rw") as connection:
        connection.execute("INSERT INTO items (name) VALUES ('first')")


def test_a_migration_that_fails_leaves_the_schema_as_it_was(servanda_namespace: Namespace, revisions: Path) -> None:
    _migrate(servanda_namespace, "alpha", revisions)
    _revision(revisions, "0002", 'op.add_column("items", sa.Column("name", sa.Text))', after="0001")
    _revision(revisions, "0003", 'op.execute("SELECT missing FROM items")', after="0002")
    with pytest.raises(MigrationError, match=r"cannot migrate schema 'alpha': .*column \"missing\" does not exist"):
        _migrate(servanda_namespace, "alpha", revisions)
    with _connect(servanda_namespace, "alpha_rw") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        with pytest.raises(psycopg.errors.UndefinedColumn):
            connection.execute("SELECT name FROM items")


def test_revisions_with_two_heads_are_refused(servanda_namespace: Namespace, revisions: Path) -> None:
    _revision(revisions, "0002", "pass")
    with pytest.raises(MigrationError, match="cannot migrate schema 'alpha': Multiple head revisions"):
        _migrate(servanda_namespace, "alpha", revisions)


@pytest.mark.parametrize("name", ["Alpha", "alpha-1", "", 'a"; DROP ROLE x'])
def test_a_name_that_could_not_be_a_schema_is_refused(
    servanda_namespace: Namespace, revisions: Path, name: str
) -> None:
    with pytest.raises(MigrationError, match="cannot name a schema"):
        _migrate(servanda_namespace, name, revisions)


def test_processes_that_migrate_at_the_same_time_all_succeed(servanda_namespace: Namespace, revisions: Path) -> None:
    program = (
        "import sys, pathlib; from platformkit.postgres.migration import migrate; "
        f"migrate(sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), password={PASSWORD!r})"
    )
    # Names of this test's own, so that the roles do not exist yet and every process tries to create them.
    schemas = [f"{servanda_namespace.name}_a", f"{servanda_namespace.name}_b", f"{servanda_namespace.name}_a"]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, servanda_namespace.endpoints.postgres.dsn, schema, str(revisions)]
        )
        for schema in schemas
    ]
    try:
        assert [process.wait(60) for process in processes] == [0] * len(schemas)
    finally:
        with _connect(servanda_namespace) as connection:
            for schema in sorted(set(schemas)):
                for role in (f"{schema}_rw", f"{schema}_owner"):
                    connection.execute(f"DROP OWNED BY {role} CASCADE")
                    connection.execute(f"DROP ROLE {role}")
