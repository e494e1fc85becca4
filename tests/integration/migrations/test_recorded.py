"""The whole way: what a service runs while it is verified is what its next migration is compared with.

docs/how-to/migrations.md shows the first step.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from servanda.infra import PostgresEndpoint

pytestmark = pytest.mark.infrastructure
CATALOGUE = Path(__file__).parents[2] / "samples" / "catalogue"
READ = "SELECT title, shelf FROM books WHERE book_id = $1"
DOCUMENT = "contracts/sql/catalogue.json"


class Repository:
    """A copy of the sample, with git."""

    def __init__(self, root: Path, server: PostgresEndpoint) -> None:
        self.root = root
        self._environ = {**os.environ, "POSTGRES_DSN": server.dsn, "SERVANDA_INFRA": "external", "NO_COLOR": "1"}

    def servanda(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "servanda", *arguments]
        return subprocess.run(
            command, cwd=self.root, env=self._environ, capture_output=True, text=True, check=False, timeout=100
        )

    def commit(self) -> None:
        for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "one"]):
            named = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *command]
            subprocess.run(named, cwd=self.root, check=True)

    def sources(self, name: str) -> Path:
        return self.root / "catalogue" / name

    @property
    def statements(self) -> dict[str, list[str]]:
        document = json.loads((self.root / DOCUMENT).read_text())
        return {each["sql"]: each["callers"] for each in document["statements"]}


@pytest.fixture(scope="module")
def verified(servanda_postgres: PostgresEndpoint, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose service was verified once."""
    root = tmp_path_factory.mktemp("verified") / "repository"
    shutil.copytree(CATALOGUE, root, ignore=shutil.ignore_patterns("__pycache__", ".servanda"))
    done = Repository(root, servanda_postgres).servanda("verify")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{DOCUMENT}: 2 statements, 2 of them new" in done.stderr
    return root


@pytest.fixture
def repository(verified: Path, tmp_path: Path, servanda_postgres: PostgresEndpoint) -> Repository:
    shutil.copytree(verified, tmp_path / "repository", ignore=shutil.ignore_patterns("__pycache__", ".servanda"))
    return Repository(tmp_path / "repository", servanda_postgres)


def test_a_column_that_a_released_version_was_seen_to_read_may_not_be_dropped(repository: Repository) -> None:
    assert repository.servanda("release", "1.0.0").stdout == f"{repository.root}/contracts/sql/1.0.0/catalogue.json\n"
    repository.commit()
    (repository.root / "migrations" / "0002_shelf.sql").write_text("ALTER TABLE books DROP COLUMN shelf;\n")

    told = repository.servanda("migrations")
    found = json.loads(repository.servanda("migrations", "--format", "json").stdout)

    assert told.returncode == 1, told.stderr
    assert "Delete catalogue.books.shelf when no instance of catalogue 1.0.0" in told.stdout
    (finding,) = [each for each in found["findings"] if each["severity"] == "error"]
    released = next(each for each in finding["consumers"] if each["name"] == "catalogue 1.0.0")
    (evidence,) = released["evidence"]
    line = (CATALOGUE / "catalogue" / "books.py").read_text().splitlines()
    assert (finding["rule"], finding["element"]) == ("SQL_COLUMN_NO_DELETE", "catalogue.books.shelf")
    assert (evidence["interaction"], evidence["refused"]) == (READ, '42703: column "shelf" does not exist')
    assert '"SELECT title, shelf' in line[int(evidence["test"].removeprefix("catalogue/books.py:")) - 1]


def test_what_is_recorded_again_is_the_same(repository: Repository) -> None:
    before = (repository.root / DOCUMENT).read_bytes()

    done = repository.servanda("verify")

    assert "statements" not in done.stderr
    assert (repository.root / DOCUMENT).read_bytes() == before


def test_code_that_no_longer_runs_a_statement_lets_it_go(repository: Repository) -> None:
    books = repository.sources("books.py")
    books.write_text(books.read_text().replace("title, shelf", "title"))

    added = repository.servanda("verify")
    kept = repository.statements
    repository.servanda("verify", "--prune-statements")

    assert "3 statements, 1 of them new" in added.stderr
    assert READ in kept
    assert READ not in repository.statements


def test_a_gate_does_not_hold_with_a_statement_that_nobody_reviewed(repository: Repository) -> None:
    document = repository.root / DOCUMENT
    content = json.loads(document.read_text())
    content["statements"] = [each for each in content["statements"] if each["sql"] != READ]
    document.write_text(json.dumps(content))

    refused = repository.servanda("gate", "--only", "providers")
    subprocess.run(["cp", ".servanda/gate/sql/catalogue.json", DOCUMENT], cwd=repository.root, check=True)
    accepted = repository.servanda("gate", "--only", "providers")

    assert refused.returncode == 1, refused.stderr
    assert f"new statement, not reviewed yet: {READ} (catalogue/books.py:" in refused.stdout
    assert f"cp .servanda/gate/sql/catalogue.json {DOCUMENT}" in refused.stdout
    assert accepted.returncode == 0, accepted.stdout


def test_statements_are_released_only_with_the_migrations_that_they_ran_on(repository: Repository) -> None:
    (repository.root / "migrations" / "0002_more.sql").write_text("ALTER TABLE books ADD COLUMN pages integer;\n")

    done = repository.servanda("release", "1.0.0")

    assert done.returncode == 2
    assert "recorded with other migrations: 0002_more.sql" in done.stderr
