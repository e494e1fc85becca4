"""What a process notes of its statements: each once, whole lines, and never at the price of a statement."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from servanda.recording.sql.inside.servanda_statements.notes import MOST_VARIANTS, Notes

FIND = "SELECT email FROM users WHERE user_id = $1"


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()[1:]]


def noted(folder: Path, *statements: str, times: int = 1) -> list[dict[str, Any]]:
    notes = Notes(str(folder))
    for sql in statements:
        for _ in range(times):
            notes.note(sql, "numeric", "driver")
    notes.close()
    return lines(folder)


def test_a_file_begins_with_the_version_of_its_format(tmp_path: Path) -> None:
    noted(tmp_path, FIND)

    (path,) = tmp_path.glob("*.jsonl")
    assert json.loads(path.read_text().splitlines()[0]) | {"python": ""} == {
        "format": 1,
        "kind": "statements",
        "pid": os.getpid(),
        "python": "",
    }


def test_the_place_that_runs_a_statement_is_noted(tmp_path: Path) -> None:
    (line,) = noted(tmp_path, FIND)

    assert line["file"] == __file__
    assert "notes.note(sql" in Path(__file__).read_text().splitlines()[line["line"] - 1]


def test_a_thousand_runs_are_ten_lines_and_their_number(tmp_path: Path) -> None:
    found = noted(tmp_path, FIND, times=1000)

    assert len(found) <= 11
    assert found[-1]["count"] == 1000


def test_a_parameter_that_is_null_later_is_noted_at_once(tmp_path: Path) -> None:
    notes = Notes(str(tmp_path))
    for nulls in ((), (), (), (2,)):
        notes.note(FIND, "numeric", "driver", nulls)

    assert lines(tmp_path)[-1]["nulls"] == [2]


@pytest.mark.parametrize(
    "sql",
    ["BEGIN", "  commit", "SAVEPOINT a_1", "SET search_path = shop", "CREATE TABLE t (i int)", "-- SELECT\nSHOW x"],
)
def test_commands_of_transactions_and_definitions_are_left_out(tmp_path: Path, sql: str) -> None:
    assert noted(tmp_path, sql) == []


@pytest.mark.parametrize("sql", ["/* who */ SELECT 1 FROM t", "(SELECT 1 FROM t)", "SET x = 1; DELETE FROM t"])
def test_queries_are_found_wherever_they_stand(tmp_path: Path, sql: str) -> None:
    assert [line["sql"] for line in noted(tmp_path, sql)] == [sql]


def test_statements_that_differ_in_values_only_do_not_grow_without_bound(tmp_path: Path) -> None:
    found = noted(tmp_path, *(f"SELECT email FROM users WHERE user_id = {number}" for number in range(500)))

    assert len(found) == MOST_VARIANTS


def test_one_that_is_too_long_is_told_of(tmp_path: Path) -> None:
    assert noted(tmp_path, f"SELECT '{'a' * 200_000}' FROM users", FIND)[-1] == {"left_out": 1}


def test_what_cannot_be_written_is_told_once_and_is_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    notes = Notes(str(tmp_path / "file" / "below"))

    for _ in range(3):
        notes.note(FIND, "numeric", "driver")

    assert capsys.readouterr().err.count("no more statements are recorded") == 1


def test_a_process_that_was_forked_has_a_file_of_its_own(tmp_path: Path) -> None:
    code = f"""
import os, sys
sys.path.insert(0, {str(Path(sys.modules[Notes.__module__].__file__ or "").parents[1])!r})
from servanda_statements import Notes
notes = Notes({str(tmp_path)!r})
notes.note("SELECT 1 FROM before", "numeric", "driver")
if os.fork() == 0:
    notes.note("SELECT 1 FROM child", "numeric", "driver")
    os.kill(os.getpid(), 9)
os.wait()
notes.note("SELECT 1 FROM parent", "numeric", "driver")
"""
    subprocess.run([sys.executable, "-c", code], check=True)

    files = [path.read_text().splitlines()[1:] for path in tmp_path.glob("*.jsonl")]
    texts = sorted([json.loads(line)["sql"] for line in file] for file in files)
    assert texts == [["SELECT 1 FROM before", "SELECT 1 FROM parent"], ["SELECT 1 FROM child"]]


def test_places_that_are_left_out_note_nothing(tmp_path: Path) -> None:
    notes = Notes(str(tmp_path), lambda path: path == __file__)

    notes.note(FIND, "numeric", "driver")

    assert lines(tmp_path) == []
