"""Notes of processes are read back, those of killed ones too, and refused if they are of another version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from servanda.errors import ContractError
from servanda.recording.sql.notes import Note, read_notes

HEAD = '{"format": 1, "kind": "statements", "pid": 1, "python": "3.11.7"}\n'


def line(**given: object) -> str:
    return json.dumps({"sql": "SELECT a FROM t", "style": "numeric", "driver": "asyncpg", "count": 1, **given}) + "\n"


def test_lines_of_one_place_are_one_note(tmp_path: Path) -> None:
    place = {"file": "/app/a.py", "line": 7}
    (tmp_path / "1.jsonl").write_text(HEAD + line(**place) + line(**place, count=2, nulls=[1]))
    (tmp_path / "2.jsonl").write_text(HEAD + line(**place, nulls=[2]))

    (note,) = read_notes(tmp_path).notes

    assert note == Note("SELECT a FROM t", "numeric", "/app/a.py", 7, frozenset({1, 2}))


def test_a_line_that_a_killed_process_did_not_finish_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "1.jsonl").write_text(HEAD + line() + '{"sql": "SEL')

    assert len(read_notes(tmp_path).notes) == 1


def test_what_was_left_out_is_counted(tmp_path: Path) -> None:
    (tmp_path / "1.jsonl").write_text(HEAD + '{"left_out": 3}\n')

    assert read_notes(tmp_path).left_out == 3


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(HEAD.replace("1", "2", 1), "format 2", id="another version"),
        pytest.param('{"kind": "spans"}\n', "no notes of statements", id="another kind"),
        pytest.param("SELECT\n", "no line of JSON", id="no JSON"),
        pytest.param(HEAD + "[]\n", "no table of JSON", id="no table"),
        pytest.param(HEAD + line(style="qmark"), "a note without", id="another style"),
    ],
)
def test_another_file_is_refused_with_its_place(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "1.jsonl").write_text(content)

    with pytest.raises(ContractError, match=told) as refused:
        read_notes(tmp_path)
    assert refused.value.where is not None
    assert "1.jsonl:" in refused.value.where


def test_no_folder_holds_no_notes(tmp_path: Path) -> None:
    assert read_notes(tmp_path / "none").notes == ()
