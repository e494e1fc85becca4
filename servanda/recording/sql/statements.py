"""Notes of processes as the statements of a version, in the form of its document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from servanda.errors import InterfaceError
from servanda.interfaces.sql.document import Recorded, Statements, merged
from servanda.interfaces.sql.schema import Schema, element
from servanda.interfaces.sql.statement import Facts, facts_of
from servanda.recording.sql.notes import Note
from servanda.recording.sql.texts import numbered, queries
from servanda.recording.sql.variants import one_of_each

_FOREIGN: Final = frozenset({"pg_catalog", "information_schema"})


@dataclass(frozen=True, slots=True)
class Understood:
    """Statements that notes hold.

    Attributes:
        statements: Those that read or write a table of a service.
        unread: Texts that cannot be parsed.
    """

    statements: tuple[Recorded, ...]
    unread: tuple[str, ...] = ()


def understood(notes: Iterable[Note], root: Path, schema: Schema) -> Understood:
    """Return the statements that notes hold.

    Args:
        notes: Of one version of a service.
        root: Folder of the code of that version, from which places are told.
        schema: The schema that it runs on.
    """
    found, unread = list[Recorded](), list[str]()
    for note in notes:
        sql, numbers = numbered(note.sql, note.style)
        nulls = sorted({numbers.get(each, each) for each in note.nulls}, key=str)
        callers = _callers(note, root)
        try:
            for query in queries(sql, schema, "statement"):
                facts = facts_of(query, schema, "statement")
                if is_about_tables(facts):
                    inserted = tuple(each for each in nulls if isinstance(each, int))
                    found.append(recorded(query, facts, callers, inserted))
        except InterfaceError:
            unread.append(note.sql)
    return Understood(merged(found), tuple(unread))


def is_about_tables(facts: Facts) -> bool:
    """Tell whether a statement names a relation that is not PostgreSQL's own."""
    return any(name[0] not in _FOREIGN and not name[1].startswith("pg_") for name in facts.relations)


def recorded(sql: str, facts: Facts, callers: tuple[str, ...] = (), nulls: tuple[int, ...] = ()) -> Recorded:
    """Return a statement as a document holds it."""
    reads, writes = (tuple(sorted(element(*each) for each in columns)) for columns in (facts.reads, facts.writes))
    return Recorded(sql, callers, nulls, reads, writes, tuple(sorted(element(each) for each in facts.stars)))


def combined(
    before: Statements, found: Sequence[Recorded], migrations: Mapping[str, str], *, prune: bool = False
) -> Statements:
    """Return a document with what was recorded now.

    Of a statement that was recorded again, a file has the lines of now: code moves.

    Args:
        before: What was known.
        found: What was recorded.
        migrations: SHA-256 of each migration that the version has applied, by name.
        prune: Whether statements with callers go that were not recorded now; what was imported has none and stays.
    """
    now = {each.sql: each for each in found}
    kept = [_moved(each, now.get(each.sql)) for each in before.statements]
    if prune:
        kept = [each for each in kept if each.sql in now or not each.callers]
    return replace(before, migrations=migrations, statements=one_of_each(kept, found))


def _moved(known: Recorded, now: Recorded | None) -> Recorded:
    if now is None:
        return known
    again = {_file(caller) for caller in now.callers}
    callers = {*now.callers, *(caller for caller in known.callers if _file(caller) not in again)}
    nulls = {*known.nulls, *now.nulls}
    told = now if now.reads or now.writes or now.stars else known
    return replace(told, callers=tuple(sorted(callers)), nulls=tuple(sorted(nulls)))


def _file(caller: str) -> str:
    return caller.rpartition(":")[0]


def _callers(note: Note, root: Path) -> tuple[str, ...]:
    if not note.file:
        return ()
    path = Path(note.file)
    inside = next((path.relative_to(base) for base in (root, root.resolve()) if path.is_relative_to(base)), path)
    return (f"{inside.as_posix()}:{note.line}",)
