"""Locks and rewrites of tables, as squawk finds them: https://squawkhq.com/docs/rules."""

from __future__ import annotations

import json
import os
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from servanda.errors import ProcessError
from servanda.interfaces.sql.change import Place
from servanda.interfaces.sql.migration import Migration
from servanda.interfaces.sql.review import Obstacle
from servanda.interfaces.sql.tree import parse
from servanda.processes import find_program, run_tool, tool_environment

_RULES: Final = frozenset(
    {
        "adding-field-with-default",
        "adding-foreign-key-constraint",
        "adding-serial-primary-key-field",
        "ban-alter-domain-with-add-constraint",
        "changing-column-type",
        "constraint-missing-not-valid",
        "disallowed-unique-constraint",
        "require-concurrent-index-creation",
        "require-concurrent-index-deletion",
        "require-concurrent-partition-attach",
        "require-concurrent-partition-detach",
        "require-concurrent-refresh-matview",
        "require-concurrent-reindex",
    }
)
"""Rules about locks and rewrites; what others say of compatibility PostgreSQL itself tells."""


def lock_hazards(migrations: Iterable[Migration]) -> Iterator[Obstacle]:
    """Yield where migrations hold a lock for long or rewrite a table.

    Raises:
        ProcessError: squawk is not installed, or cannot be run.
    """
    program = squawk()
    for migration in migrations:
        with tempfile.TemporaryDirectory(prefix="servanda-squawk-") as private:
            file = Path(private, "migration.sql")
            file.write_text(migration.sql, encoding="utf-8")
            command = (str(program), "--reporter", "json", str(file))
            done = run_tool(command, tool_environment(os.environ), folder=Path(private))
        try:
            told: list[dict[str, Any]] = json.loads(done.output)
        except ValueError:
            raise ProcessError(f"squawk told nothing: {done.complaint}", where=migration.file.path) from None
        for each in told:
            if each["rule_name"] in _RULES:
                place = _place(migration, int(each["line"]) + 1)
                element = f"{migration.file.path}:{place.line}"
                yield Obstacle(element, str(each["message"]).rstrip("."), place, f"squawk: {each['rule_name']}")


def squawk() -> Path:
    """Return the program: the one that was installed beside this Python, else the one of ``PATH``.

    Raises:
        ProcessError: There is none.
    """
    beside = Path(sysconfig.get_path("scripts"), "squawk")
    return beside if beside.is_file() else find_program("squawk", os.environ)


def _place(migration: Migration, line: int) -> Place:
    if migration.is_written:
        return Place(migration.file.path, line)
    before = [each for each in parse(migration.sql, migration.file.path) if each.line <= line]
    return migration.place(before[-1]) if before else Place(migration.file.path)
