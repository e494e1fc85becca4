"""Notes that processes of a service left: JSON Lines in one folder, a file for each process."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from servanda.documents import DocumentLimits, files_in, read_bytes
from servanda.errors import ContractError
from servanda.recording.sql.inside.servanda_statements.notes import FORMAT

KIND: Final = "statements"
_AGAIN: Final = "record again with this version of Servanda, or install the one that wrote it"


@dataclass(frozen=True, slots=True)
class Note:
    """A statement that one place of a service ran.

    Attributes:
        sql: Its text, as the code gave it to the driver.
        style: How it writes parameters: ``numeric`` (``$1``) or ``format`` (``%s``, ``%(name)s``).
        file: The file that ran it; empty if that is not known.
        line: The line in it.
        nulls: Numbers or names of the parameters that were NULL at least once.
    """

    sql: str
    style: str
    file: str = ""
    line: int = 0
    nulls: frozenset[int | str] = frozenset()


@dataclass(frozen=True, slots=True)
class Noted:
    """Everything that the processes of a service left.

    Attributes:
        notes: Each statement once for each place.
        left_out: How many statements were not noted, because there were too many or one was too long.
    """

    notes: tuple[Note, ...] = ()
    left_out: int = 0


def read_notes(folder: Path) -> Noted:
    """Read what processes left in a folder; a line that a killed process did not finish is left out.

    Raises:
        ContractError: A file holds something else, or is of another version of the format.
    """
    found: dict[tuple[str, str, str, int], Note] = {}
    left_out = 0
    for path in files_in(folder, "*.jsonl", ContractError):
        for where, line in _lines(path):
            if "left_out" in line:
                left_out += int(line["left_out"])
                continue
            note = _note(line, where)
            key = (note.sql, note.style, note.file, note.line)
            known = found.get(key, note)
            found[key] = replace(known, nulls=known.nulls | note.nulls)
    return Noted(tuple(found.values()), left_out)


def _lines(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    content = read_bytes(path, str(path), DocumentLimits().size, ContractError)
    *whole, _ = content.split(b"\n")
    for number, line in enumerate(whole, 1):
        where = f"{path}:{number}"
        try:
            read = json.loads(line)
        except ValueError:
            raise ContractError("no line of JSON", where=where, hint=_AGAIN) from None
        if not isinstance(read, dict):
            raise ContractError("no table of JSON", where=where, hint=_AGAIN)
        if number > 1:
            yield where, read
        elif read.get("kind") != KIND or read.get("format") != FORMAT:
            given = f"kind {read.get('kind')!r}, format {read.get('format')!r}"
            raise ContractError(f"no notes of statements of format {FORMAT}: {given}", where=where, hint=_AGAIN)


def _note(line: Mapping[str, Any], where: str) -> Note:
    sql, style, file, at, nulls = (line.get(name) for name in ("sql", "style", "file", "line", "nulls"))
    if (
        not isinstance(sql, str)
        or style not in ("numeric", "format")
        or not isinstance(file, str | None)
        or not isinstance(at, int | None)
        or not isinstance(nulls, list | None)
    ):
        raise ContractError("a note without statement, style or place", where=where, hint=_AGAIN)
    return Note(sql, str(style), file or "", at or 0, frozenset(nulls or ()))
