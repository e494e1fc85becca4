"""Process that tells the revisions of Alembic as SQL: ``python -P alembic_child.py FOLDER OUTPUT``.

It runs in the root of the repository with what is installed for its services, and so knows nothing of the suite:
standard library and Alembic only. It writes ``{"revisions": [{"file": path, "sql": text}]}`` to OUTPUT, in the order in
which they are applied; ``{"refused": why, "where": path}`` if one cannot be told without a database.
"""

from __future__ import annotations

import importlib
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def main(folder: str, output: str) -> None:
    """Write what the revisions in a folder do."""
    sys.path.insert(0, str(Path.cwd()))
    try:
        document: dict[str, Any] = {"revisions": list(_revisions(Path(folder)))}
    except _RefusedError as error:
        document = {"refused": error.args[0], "where": error.args[1]}
    Path(output).write_text(json.dumps(document), encoding="utf-8")


class _RefusedError(Exception):
    """A revision cannot be told as SQL; why, and in which file."""


def _revisions(folder: Path) -> Iterator[dict[str, str]]:
    try:
        script = importlib.import_module("alembic.script")
    except ModuleNotFoundError:
        raise _RefusedError(f"Alembic is not installed for {sys.executable}", str(folder)) from None
    try:
        found = script.ScriptDirectory(
            str(folder.parent), version_locations=[str(folder)], recursive_version_locations=True
        )
        revisions = list(found.walk_revisions())
    except Exception as error:
        raise _RefusedError(_told(error), str(folder)) from error
    for revision in reversed(revisions):
        try:
            yield {"file": str(revision.path), "sql": _sql(revision.module)}
        except Exception as error:
            raise _RefusedError(_told(error), str(revision.path)) from error


def _sql(module: Any) -> str:
    runtime = importlib.import_module("alembic.runtime.migration")
    operations = importlib.import_module("alembic.operations")
    written = io.StringIO()
    options = {"as_sql": True, "output_buffer": written}
    context = runtime.MigrationContext.configure(dialect_name="postgresql", opts=options)
    with operations.Operations.context(context):
        module.upgrade()
    return written.getvalue()


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
