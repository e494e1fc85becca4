"""Documents of the statements that a version of a service runs.

``contracts/sql/<service>.json`` is what the working tree runs, ``contracts/sql/<version>/<service>.json`` what a
released version runs. ``docs/reference/sql.schema.json`` describes one. Nothing in a document changes with the day or
the commit, so that two branches that record the same write the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from servanda.documents import Notation, ParsedDocument, Reader, Table
from servanda.errors import ContractError

FORMAT: Final = 1
READER: Final = Reader(ContractError)
_AGAIN: Final = "'servanda help sql' tells what a document of statements holds"


@dataclass(frozen=True, slots=True, order=True)
class Recorded:
    """A statement that a version runs.

    Attributes:
        sql: The statement, with ``$1`` for a parameter.
        callers: Where the code runs it: ``path:line``, from the root of the repository.
        nulls: Numbers of the parameters that were NULL at least once.
        reads: Columns that it reads, for who reviews the document.
        writes: Columns that it writes.
        stars: Relations of which it reads whole rows.
    """

    sql: str
    callers: tuple[str, ...] = ()
    nulls: tuple[int, ...] = ()
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    stars: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statements:
    """All statements that a version of a service is known to run.

    Attributes:
        service: Name of the service.
        version: Name of the version; empty for the working tree.
        migrations: SHA-256 of each migration that the version has applied, by name.
        statements: What it runs.
        path: The document, as it is shown.
    """

    service: str
    version: str
    migrations: Mapping[str, str]
    statements: tuple[Recorded, ...]
    path: str = ""

    @property
    def named(self) -> str:
        """Return how the version is called: ``identity 0.1.0``."""
        return f"{self.service} {self.version or '(unreleased)'}"


def dump(document: Statements) -> str:
    """Return the text of a document; the same statements always give the same text."""
    content = {
        "format": FORMAT,
        "service": document.service,
        "migrations": [{"name": name, "sha256": digest} for name, digest in document.migrations.items()],
        "statements": [_entry(each) for each in sorted(document.statements)],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _entry(recorded: Recorded) -> dict[str, Any]:
    lists = {
        "callers": sorted(recorded.callers),
        "nulls": sorted(recorded.nulls),
        "reads": sorted(recorded.reads),
        "writes": sorted(recorded.writes),
        "stars": sorted(recorded.stars),
    }
    return {"sql": recorded.sql, **{name: each for name, each in lists.items() if each}}


def read(document: ParsedDocument, version: str) -> Statements:
    """Read a document.

    Args:
        document: Its content.
        version: Name of the version whose it is; empty for the working tree.

    Raises:
        ContractError: It says what no such document says; the error names the place.
    """
    top = document.root.table()
    given = top.integer("format", 0)
    if given != FORMAT:
        raise top.error(f"no document of statements of format {FORMAT}, found {given or 'none'}", _AGAIN)
    migrations = {each.table().name("name"): each.table().name("sha256") for each in top.items("migrations")}
    statements = tuple(_recorded(each.table()) for each in top.items("statements"))
    found = Statements(top.name("service"), version, migrations, statements, document.path)
    top.close()
    return found


def parse(content: bytes, path: str, version: str) -> Statements:
    """Read a document from its content; see :func:`read`.

    Raises:
        ContractError: See there.
    """
    return read(READER.parse(content, path, Notation.JSON), version)


def _recorded(entry: Table) -> Recorded:
    nulls = tuple(each.integer() for each in entry.items("nulls"))
    found = Recorded(
        entry.name("sql"),
        entry.texts("callers"),
        nulls,
        entry.texts("reads"),
        entry.texts("writes"),
        entry.texts("stars"),
    )
    entry.close()
    return found


def merged(statements: Iterable[Recorded]) -> tuple[Recorded, ...]:
    """Return each statement once, with all callers and NULLs of those that have its text."""
    found: dict[str, Recorded] = {}
    for each in statements:
        known = found.get(each.sql, each)
        callers = tuple(sorted({*known.callers, *each.callers}))
        nulls = tuple(sorted({*known.nulls, *each.nulls}))
        found[each.sql] = replace(known, callers=callers, nulls=nulls)
    return tuple(sorted(found.values()))
