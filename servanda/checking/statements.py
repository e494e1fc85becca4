"""Statements that services note while a command runs them, as the documents of their versions."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from servanda.configuration import Configuration, Migrations
from servanda.documents import Boundary, replace_text
from servanda.errors import ConfigurationError, InterfaceError
from servanda.extras import naming_extra
from servanda.interfaces.sql.document import Recorded, Statements, dump
from servanda.interfaces.sql.live import document_path, own_statements, released_statements, statements_folder
from servanda.interfaces.sql.migration import Migration, applied, files_of
from servanda.interfaces.sql.opened import schema_of
from servanda.interfaces.sql.schema import Schema
from servanda.migrations.rendering import Renderer
from servanda.recording.sql.notes import read_notes
from servanda.recording.sql.probe import probing
from servanda.recording.sql.statements import combined, understood
from servanda.supervision import Instance

NOTES: Final = "notes"
"""Folder of what processes noted, below that of a command."""


@dataclass(frozen=True, slots=True)
class NewStatements:
    """Statements of a version that one run recorded, beside those that were known.

    Attributes:
        document: All of them.
        path: Where its document belongs.
        before: What the document held; ``None`` if there was none.
        is_released: Whether it is a released version.
        remarks: What a person should know, one sentence each.
    """

    document: Statements
    path: Path
    before: Statements | None
    is_released: bool = False
    remarks: tuple[str, ...] = ()

    @property
    def added(self) -> tuple[Recorded, ...]:
        """Return the statements that the document did not hold."""
        known = {each.sql for each in self.before.statements} if self.before is not None else set()
        return tuple(each for each in self.document.statements if each.sql not in known)


class StatementRecorder:
    """Recorder of what the services run that one command starts.

    Args:
        configuration: Says which services note their statements: those with ``record`` in their ``migrations``.
        folder: Folder of the command; notes of an earlier run go.
        environ: The environment of the code of migrations.

    Raises:
        MissingExtraError: The parser of SQL is not installed.
    """

    def __init__(self, configuration: Configuration, folder: Path, environ: Mapping[str, str]) -> None:
        self._configuration = configuration
        self._folder = folder / NOTES
        self._environ = environ
        self._probed: dict[str, Instance] = {}
        if configuration.records_statements:
            shutil.rmtree(self._folder, ignore_errors=True)
            with naming_extra():
                import pglast  # noqa: F401, PLC0415 - found missing now and not when everything has run

    def probe(self, instance: Instance, environment: Mapping[str, str]) -> Mapping[str, str]:
        """Return the variables that let an instance note its statements; see :class:`servanda.supervision.Plan`."""
        if self._migrations(instance) is None:
            return {}
        self._probed[instance.name] = instance
        return probing(self._of(instance), environment)

    async def recorded(self, *, prune: bool = False) -> tuple[NewStatements, ...]:
        """Return what the instances that ran have noted so far, in the order of their names.

        Args:
            prune: Whether only what was noted now is left of what was recorded before.

        Raises:
            ContractError: Notes or a document cannot be read.
            InterfaceError: There is no folder of migrations.
        """
        return tuple([await self._recorded(self._probed[name], prune) for name in sorted(self._probed)])

    def _migrations(self, instance: Instance) -> Migrations | None:
        service = self._configuration.services.get(instance.service)
        migrations = service.migrations if service is not None else None
        return migrations if migrations is not None and migrations.record else None

    def _of(self, instance: Instance) -> Path:
        return self._folder / instance.name

    async def _recorded(self, instance: Instance, prune: bool) -> NewStatements:
        noted, remarks = read_notes(self._of(instance)), list[str]()
        root, name = instance.source.folder, instance.service
        is_released = bool(instance.version) and root != self._configuration.root
        before, path = self._known(instance, is_released=is_released)
        if not noted.notes:
            remarks.append(f"{instance.name} noted no statement: it has to be a Python process that reads PYTHONPATH")
        if noted.left_out:
            remarks.append(f"{instance.name}: {noted.left_out} statements were too many or too long to be noted")
        files = self._files(instance)
        empty = before or Statements(name, instance.version, files, ())
        found = understood(noted.notes, root, Schema(self._schema(name)))
        remarks += [f"{instance.name}: a statement cannot be parsed: {each}" for each in found.unread]
        document = combined(empty, found.statements, files, prune=prune)
        new = NewStatements(document, path, before, is_released, tuple(remarks))
        if not new.added:
            return new
        schema, why = await self._migrated(name, files)
        found = understood(noted.notes, root, schema)
        return replace(new, document=combined(empty, found.statements, files, prune=prune), remarks=(*remarks, *why))

    def _known(self, instance: Instance, *, is_released: bool) -> tuple[Statements | None, Path]:
        if not is_released:
            path = document_path(self._configuration, instance.service)
            return own_statements(self._configuration, instance.service), path
        path = statements_folder(self._configuration) / instance.version / f"{instance.service}.json"
        return released_statements(self._configuration, instance.service, instance.version), path

    def _files(self, instance: Instance) -> Mapping[str, str]:
        migrations = self._migrations(instance)
        assert migrations is not None, "it notes its statements"  # noqa: S101 - for the type checker
        shown = os.path.relpath(migrations.folder, self._configuration.root)
        own = replace(migrations, folder=instance.source.folder / shown)
        return {file.name: file.digest for file in files_of(own, shown)}

    def _schema(self, name: str) -> str:
        return schema_of(self._configuration.services[name])

    async def _migrated(self, name: str, files: Mapping[str, str]) -> tuple[Schema, tuple[str, ...]]:
        """Return the schema after migrations; an empty one if they cannot be told without a database."""
        migrations = self._configuration.services[name].migrations
        schema = Schema(self._schema(name))
        assert migrations is not None, "it notes its statements"  # noqa: S101 - for the type checker
        try:
            told: tuple[Migration, ...] = await Renderer(self._configuration, self._environ).render(migrations)
            applied(schema, (each for each in told if each.file.name in files))
        except InterfaceError as error:
            return Schema(self._schema(name)), (f"{name}: not all columns of its statements are told: {error.what}",)
        return schema, ()


def write(new: NewStatements, root: Path, path: Path | None = None) -> bool:
    """Write a document if it changed, and tell whether it did.

    Args:
        new: The statements.
        root: The tree that it may not leave.
        path: Another place than where it belongs.

    Raises:
        ConfigurationError: It cannot be written.
    """
    if path is None and new.before is not None and dump(new.before) == dump(new.document):
        return False
    replace_text(path or new.path, dump(new.document), Boundary.around(root, ConfigurationError))
    return True


async def write_all(
    recorder: StatementRecorder, root: Path, say: Callable[[str], None], *, prune: bool = False
) -> None:
    """Write the documents of all that ran, and say what became of each.

    A released version gets statements only where it has a folder in ``contracts/sql``: that makes it a live one.

    Raises:
        ConfigurationError: A document cannot be written.
        ContractError: Notes or a document cannot be read.
        InterfaceError: There is no folder of migrations.
    """
    for new in await recorder.recorded(prune=prune):
        for remark in new.remarks:
            say(f"note: {remark}")
        is_live = not new.is_released or new.path.parent.is_dir()
        if new.document.statements and is_live and write(new, root):
            shown = new.path.relative_to(root).as_posix()
            say(f"{shown}: {len(new.document.statements)} statements, {len(new.added)} of them new")
