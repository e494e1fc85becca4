"""Migrations of a service: the files of a folder, in the order in which they are applied."""

from __future__ import annotations

import enum
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from servanda.configuration import Migrations
from servanda.documents import Boundary, DocumentLimits, read_bytes
from servanda.errors import InterfaceError
from servanda.interfaces.sql.change import Change, Place
from servanda.interfaces.sql.ddl import apply
from servanda.interfaces.sql.schema import Schema
from servanda.interfaces.sql.tree import Parsed, parse

_NUMBERS: Final = re.compile(r"(\d+)")
# What takes a migration back is applied by nobody who rolls out.
_BACKWARD: Final = re.compile(r"(?:^|[._-])(?:down|undo|rollback|revert)\.sql$", re.IGNORECASE)

_OPAQUE: Final = frozenset(
    {"DoStmt", "CallStmt", "CreateTrigStmt", "CreateFunctionStmt", "RuleStmt", "CreatePolicyStmt", "AlterDomainStmt"}
)
"""Types of statements whose effect on other statements only PostgreSQL knows."""


class Style(enum.StrEnum):
    """The way in which migrations are written."""

    SQL = "sql"
    ALEMBIC = "alembic"
    DJANGO = "django"


@dataclass(frozen=True, slots=True)
class File:
    """A file of a migration.

    Attributes:
        name: Its path below the folder of migrations.
        path: Where it is, as it is shown.
        digest: SHA-256 of its content.
        content: Its content.
    """

    name: str
    path: str
    digest: str
    content: str


@dataclass(frozen=True, slots=True)
class Migration:
    """A migration as SQL.

    Attributes:
        file: What it was made of.
        sql: The statements that apply it.
        is_written: Whether the file itself is that SQL, so that lines of one are lines of the other.
    """

    file: File
    sql: str
    is_written: bool = True

    def place(self, statement: Parsed) -> Place:
        """Return where a statement is; the first line of a file of code that makes it of parts."""
        if self.is_written:
            return Place(self.file.path, statement.line)
        wanted = statement.text.partition("\n")[0].strip()
        lines = enumerate(self.file.content.splitlines(), 1)
        return Place(self.file.path, next((number for number, line in lines if wanted in line), 1))


def files_of(migrations: Migrations, shown: str) -> tuple[File, ...]:
    """Read the files of a folder of migrations, by the numbers in their names, then by name.

    Args:
        migrations: What the configuration says of them.
        shown: The folder, as it is shown.

    Raises:
        InterfaceError: There is no such folder, a file cannot be read, or the style cannot be.
    """
    style = Style(migrations.style)
    if style is Style.DJANGO:
        raise InterfaceError(
            "migrations of Django cannot be read: they become SQL only within a configured project",
            where=shown,
            hint="write the output of 'manage.py sqlmigrate APP NAME' into a folder, one file for each migration, and "
            'configure that with style = "sql"',
        )
    if not migrations.folder.is_dir():
        raise InterfaceError(
            "there is no such folder of migrations", where=shown, hint="check 'folder' in servanda.toml"
        )
    Boundary.around(migrations.folder.parent, InterfaceError).inside(migrations.folder)
    pattern = "*.sql" if style is Style.SQL else "*.py"
    found = (path for path in migrations.folder.rglob(pattern) if "__pycache__" not in path.parts)
    wanted = [path for path in found if not _BACKWARD.search(path.name) and not path.name.startswith("__")]
    return tuple(_file(path, migrations.folder, shown) for path in sorted(wanted, key=_order))


def _order(path: Path) -> tuple[object, ...]:
    parts = _NUMBERS.split(path.name)
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts if part)


def _file(path: Path, folder: Path, shown: str) -> File:
    name = path.relative_to(folder).as_posix()
    Boundary.around(folder, InterfaceError).inside(path)
    content = read_bytes(path, f"{shown}/{name}", DocumentLimits().size, InterfaceError)
    return File(name, f"{shown}/{name}", hashlib.sha256(content).hexdigest(), content.decode("utf-8", "replace"))


def written(files: Iterable[File]) -> tuple[Migration, ...]:
    """Return migrations that are SQL as they are written."""
    return tuple(Migration(file, file.content) for file in files)


def applied(schema: Schema, migrations: Iterable[Migration]) -> tuple[Change, ...]:
    """Apply migrations to a schema, which changes, and return the changes that they make.

    Raises:
        InterfaceError: One cannot be parsed.
    """
    changes: list[Change] = []
    for migration in migrations:
        default = schema.default
        for statement in parse(migration.sql, migration.file.path):
            changes += apply(schema, statement, migration.place(statement))
        schema.default = default
    return tuple(changes)


def is_readable(migrations: Iterable[Migration]) -> bool:
    """Tell whether all that migrations do can be read: they hold no code that runs at another time or within another.

    Raises:
        InterfaceError: One cannot be parsed.
    """
    return all(statement.type not in _OPAQUE for each in migrations for statement in parse(each.sql, each.file.path))
