"""Statements of a service from what PostgreSQL counts of them, for services in any language.

``pg_stat_statements`` (https://www.postgresql.org/docs/current/pgstatstatements.html) keeps each statement with ``$1``
in the place of constants and parameters; psql writes its column ``query`` as CSV.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from servanda.configuration import Service
from servanda.documents import DocumentLimits, read_bytes
from servanda.errors import ConfigurationError, ContractError, InterfaceError
from servanda.interfaces.sql.document import Recorded, Statements, merged
from servanda.interfaces.sql.migration import Style, applied, files_of, written
from servanda.interfaces.sql.opened import schema_of
from servanda.interfaces.sql.schema import Schema
from servanda.interfaces.sql.statement import facts_of
from servanda.recording.sql.statements import is_about_tables, recorded

COLUMN: Final = "query"


@dataclass(frozen=True, slots=True)
class ImportedStatements:
    """Statements of a file.

    Attributes:
        document: The document of the service, with those that it had before.
        added: Number of those that it did not have.
        unread: Number of queries that cannot be parsed, as those that PostgreSQL cut off.
    """

    document: Statements
    added: int
    unread: int


def import_statements(file: Path, service: Service, shown: str, before: Statements | None) -> ImportedStatements:
    """Read the statements of a service from a file of ``pg_stat_statements``.

    What names no table, and what asks only the catalogue of PostgreSQL, is left out.

    Args:
        file: The file: CSV with a header.
        service: The service, whose migrations say what it has applied.
        shown: Its folder of migrations, as it is shown.
        before: What it was known to run.

    Raises:
        ConfigurationError: The service has no migrations configured.
        ContractError: The file is no such file.
        InterfaceError: The migrations cannot be read.
    """
    if service.migrations is None:
        what = f"the service '{service.name}' has no migrations, with which its statements are compared"
        raise ConfigurationError(what, where=f"services.{service.name}", hint='add migrations = { folder = "..." }')
    files = files_of(service.migrations, shown)
    schema = Schema(schema_of(service))
    if Style(service.migrations.style) is Style.SQL:
        applied(schema, written(files))
    found, unread = list[Recorded](), 0
    for number, query in enumerate(_queries(file), 1):
        try:
            facts = facts_of(query, schema, f"{file}: query {number}")
        except InterfaceError:
            unread += 1
            continue
        if is_about_tables(facts):
            found.append(recorded(query, facts))
    known = {each.sql for each in before.statements} if before is not None else set[str]()
    statements = merged([*(before.statements if before is not None else ()), *found])
    document = Statements(service.name, "", {each.name: each.digest for each in files}, statements)
    return ImportedStatements(document, len({each.sql for each in found} - known), unread)


def _queries(file: Path) -> Iterator[str]:
    content = read_bytes(file, str(file), DocumentLimits().size, ContractError).decode("utf-8", "replace")
    rows = csv.DictReader(io.StringIO(content))
    if COLUMN not in (rows.fieldnames or ()):
        raise ContractError(
            f"no column '{COLUMN}' in the first line",
            where=f"{file}:1",
            hint="write it with psql: \\copy (SELECT query FROM pg_stat_statements) TO FILE CSV HEADER",
        )
    yield from (" ".join(row[COLUMN].split()) for row in rows if row[COLUMN])
