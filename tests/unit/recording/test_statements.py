"""What PostgreSQL counts becomes the document of a service, beside what it was known to run."""

from pathlib import Path

import pytest

from servanda.configuration import Migrations, Service
from servanda.errors import ConfigurationError, ContractError
from servanda.interfaces.sql.document import Recorded, Statements
from servanda.recording.statements import ImportedStatements, import_statements

QUERIES = 'calls,query\n3,"SELECT email\n FROM users WHERE user_id = $1"\n1,SELECT $1\n1,SELECT relname FROM pg_class\n'


def imported(folder: Path, text: str, before: Statements | None = None) -> ImportedStatements:
    (folder / "migrations").mkdir(exist_ok=True)
    (folder / "migrations" / "1.sql").write_text("CREATE TABLE users (user_id uuid, email text);")
    (folder / "queries.csv").write_text(text)
    service = Service("shop", ("true",), migrations=Migrations(folder / "migrations"))
    return import_statements(folder / "queries.csv", service, "migrations", before)


def test_statements_about_tables_are_kept_with_what_they_read(tmp_path: Path) -> None:
    found = imported(tmp_path, QUERIES)

    (statement,) = found.document.statements
    assert statement.sql == "SELECT email FROM users WHERE user_id = $1"
    assert statement.reads == ("shop.users.email", "shop.users.user_id")
    assert list(found.document.migrations) == ["1.sql"]


def test_what_was_recorded_before_stays(tmp_path: Path) -> None:
    before = Statements("shop", "", {}, (Recorded("DELETE FROM users", ("users.py:3",)),))

    found = imported(tmp_path, QUERIES, before)

    assert (len(found.document.statements), found.added) == (2, 1)
    assert Recorded("DELETE FROM users", ("users.py:3",)) in found.document.statements


def test_a_query_that_was_cut_off_is_counted(tmp_path: Path) -> None:
    assert imported(tmp_path, "query\nSELECT email FROM\n").unread == 1


def test_a_file_without_queries_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="no column 'query'"):
        imported(tmp_path, "a,b\n1,2\n")


def test_a_service_without_migrations_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="has no migrations"):
        import_statements(tmp_path / "queries.csv", Service("shop", ("true",)), "", None)
