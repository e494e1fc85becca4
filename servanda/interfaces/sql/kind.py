"""Migrations as a kind of interface: between the schema and the live versions of the service that has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from servanda.configuration import Configuration
from servanda.interfaces.kind import Context, Wanted
from servanda.interfaces.rule import Rule
from servanda.interfaces.trees import Tree

if TYPE_CHECKING:
    from servanda.interfaces.sql.opened import OpenedMigrations


class Sql:
    """Migrations as a kind, see :class:`servanda.interfaces.kind.Kind`.

    What is compared here is text: nothing of the tree is executed. Migrations that are code, as those of Alembic are,
    and what only PostgreSQL can tell, are for ``servanda migrations`` and the gate.
    """

    name = "sql"

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the rules about migrations."""
        from servanda.interfaces.sql.rules.table import RULES  # noqa: PLC0415 - most checks are not about migrations

        return RULES

    def claims(self, text: str, cwd: Path) -> bool:  # noqa: ARG002
        """Return no: a folder of migrations says nothing of the service whose it is."""
        return False

    def configured(self, configuration: Configuration) -> tuple[Path, ...]:
        """Return the folders of migrations that are written in SQL."""
        return tuple(dict.fromkeys(self.owned(configuration).values()))

    def owned(self, configuration: Configuration) -> Mapping[str, Path]:
        """Return the same by the services whose they are."""
        return {
            service.name: service.migrations.folder
            for service in configuration.services.values()
            if service.migrations is not None and service.migrations.style == "sql"
        }

    def is_held(self, tree: Tree, path: str) -> bool:
        """Tell whether there is such a folder."""
        return tree.has_folder(path)

    def is_measured_by_images(self, against: str | None, context: Context) -> bool:  # noqa: ARG002
        """Return no: no image holds migrations."""
        return False

    def open(self, wanted: Wanted, context: Context) -> OpenedMigrations:
        """Open a configured folder of migrations, and the statements of all live versions.

        Raises:
            ContractError: A document of statements cannot be read.
            InterfaceError: A migration or a statement cannot be parsed.
            MissingExtraError: The parser of SQL is not installed.
        """
        from servanda.interfaces.sql.opened import opened  # noqa: PLC0415 - the same

        return opened(wanted, context)

    def is_whole(self, examined: Iterable[Path], configuration: Configuration | None) -> bool:  # noqa: ARG002
        """Return no: what PostgreSQL finds is not looked for."""
        return False
