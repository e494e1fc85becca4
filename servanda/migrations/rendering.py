"""Migrations as SQL: as they are written, or as Alembic in the project's own Python tells them."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servanda.configuration import Configuration, Migrations
from servanda.errors import InterfaceError
from servanda.interfaces.sql.migration import File, Migration, Style, files_of, written
from servanda.processes import CommandBounds, Ended, run_command

_CHILD = Path(__file__).with_name("alembic_child.py")


@dataclass(frozen=True, slots=True)
class Renderer:
    """Maker of SQL from migrations; of those of Alembic it executes the code, as applying them does.

    Attributes:
        configuration: Says where code runs, and for how long.
        environ: The environment of that code.
    """

    configuration: Configuration
    environ: Mapping[str, str]

    def files(self, migrations: Migrations) -> tuple[File, ...]:
        """Return the files of migrations; see :func:`servanda.interfaces.sql.migration.files_of`."""
        return files_of(migrations, self._shown(migrations.folder))

    async def render(self, migrations: Migrations) -> tuple[Migration, ...]:
        """Return migrations as SQL, in the order in which they are applied.

        Raises:
            InterfaceError: They cannot be read, or one of Alembic needs a database to tell what it does.
            LimitError: The code did not end in time.
        """
        files = self.files(migrations)
        if Style(migrations.style) is not Style.ALEMBIC:
            return written(files)
        with tempfile.TemporaryDirectory(prefix="servanda-alembic-") as private:
            output = Path(private, "revisions.json")
            command = (sys.executable, "-P", str(_CHILD), str(migrations.folder), str(output))
            limits = self.configuration.limits
            bounds = CommandBounds(limits.migrate_seconds, limits.output, "migrate_seconds")
            ended = await run_command(command, self.environ, self.configuration.root, bounds)
            return self._told(migrations.folder, files, output, ended)

    def _told(self, folder: Path, files: Sequence[File], output: Path, ended: Ended) -> tuple[Migration, ...]:
        if not output.is_file():
            said = "\n".join(ended.lines) or "(no output)"
            raise InterfaceError(f"Alembic told nothing, exit code {ended.code}: {said}", where=self._shown(folder))
        document: Mapping[str, Any] = json.loads(output.read_text(encoding="utf-8"))
        if "refused" in document:
            raise InterfaceError(
                f"a migration of Alembic cannot be told as SQL: {document['refused']}",
                where=self._shown(Path(str(document["where"]))),
                hint="write what needs a connection as SQL in op.execute, or move it into a task of its own",
            )
        by_path = {(folder / file.name).resolve(): file for file in files}
        told: Sequence[Mapping[str, str]] = document["revisions"]
        return tuple(Migration(by_path[Path(each["file"]).resolve()], each["sql"], is_written=False) for each in told)

    def _shown(self, path: Path) -> str:
        return os.path.relpath(path, self.configuration.root)


def untold(files: Sequence[File]) -> tuple[Migration, ...]:
    """Return migrations of which it does not matter what they do."""
    return tuple(Migration(file, "", is_written=False) for file in files)
