"""What processes noted becomes the document of their version, which a check reads like any other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from servanda.checking.statements import StatementRecorder, write_all
from servanda.configuration import load
from servanda.errors import ContractError
from servanda.supervision import Instance, Source
from tests.unit.checking.test_migrations import checked, migrate, record, repository

OTHER = """
[services.other]
command = ["true"]
migrations = { folder = "other" }
"""


def recording(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (repository(folder) / "other").mkdir()
    file = folder / "servanda.toml"
    file.write_text(file.read_text().replace('style = "sql"', "record = true") + OTHER)
    return folder


def note(folder: Path, head: object, statements: Iterable[str], place: Mapping[str, object]) -> None:
    folder.mkdir(parents=True)
    lines = [head, *({"sql": sql, **place} for sql in statements)]
    (folder / "1.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


async def run(
    folder: Path, *statements: str, form: int = 1, version: str = "", source: Path | None = None
) -> list[str]:
    """Let an instance of the service note statements, and return what is said of their documents."""
    recorder = StatementRecorder(load(folder / "servanda.toml"), folder / ".servanda", {})
    code = source or folder
    given = recorder.probe(Instance("shop", version, Source(code)), {})
    place = {"style": "numeric", "file": str(code / "a.py"), "line": 7}
    note(Path(given["SERVANDA_STATEMENTS"]), {"format": form, "kind": "statements"}, statements, place)
    said: list[str] = []
    await write_all(recorder, folder, said.append)
    return said


async def test_a_recorded_statement_on_the_schema_of_another_service_is_a_finding(tmp_path: Path) -> None:
    said = await run(recording(tmp_path), "SELECT name FROM other.people", "SELECT email FROM users")

    (finding,) = checked(tmp_path).findings

    assert said == ["contracts/sql/shop.json: 2 statements, 2 of them new"]
    assert finding.rule == "SQL_SCHEMA_NO_FOREIGN"
    assert "other" in finding.message


async def test_a_recorded_statement_keeps_a_column_from_being_dropped(tmp_path: Path) -> None:
    await run(recording(tmp_path), "SELECT email FROM users")
    migrate(tmp_path, "2_less.sql", "ALTER TABLE users DROP COLUMN email;")

    (finding,) = checked(tmp_path).findings

    (hit,) = finding.consumers
    assert (finding.rule, hit.evidence[0].test) == ("SQL_COLUMN_NO_DELETE", "a.py:7")


async def test_notes_of_an_unknown_version_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="format 2"):
        await run(recording(tmp_path), form=2)


async def test_a_process_that_noted_nothing_is_told_of(tmp_path: Path) -> None:
    assert await run(recording(tmp_path)) == [
        "note: shop noted no statement: it has to be a Python process that reads PYTHONPATH"
    ]
    assert not (tmp_path / "contracts" / "sql").exists()


async def test_only_a_released_version_that_is_live_gets_more_statements(tmp_path: Path) -> None:
    folder = recording(tmp_path / "now")
    older = recording(tmp_path / "older")

    assert await run(folder, "SELECT email FROM users", version="0.1.0", source=older) == []
    record(folder, {"sql": "DELETE FROM users"}, version="0.1.0")
    assert await run(folder, "SELECT email FROM users", version="0.1.0", source=older) == [
        "contracts/sql/0.1.0/shop.json: 2 statements, 1 of them new"
    ]


async def test_statements_that_were_known_write_nothing(tmp_path: Path) -> None:
    await run(recording(tmp_path), "SELECT email FROM users")

    assert await run(tmp_path, "SELECT  email  FROM users") == []
