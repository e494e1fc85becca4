"""Cached values as a kind of interface."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from servanda.configuration import Configuration
from servanda.interfaces.kind import Context, Wanted
from servanda.interfaces.rule import Rule
from servanda.interfaces.trees import Tree
from servanda.interfaces.values.claim import holds_formats

if TYPE_CHECKING:
    from servanda.interfaces.values.opened import OpenedFormats


class Values:
    """Cached values as a kind, see :class:`servanda.interfaces.kind.Kind`."""

    name = "values"

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the rules about cached values."""
        from servanda.interfaces.values.rules.table import RULES  # noqa: PLC0415 - most checks are not about values

        return RULES

    def claims(self, text: str, cwd: Path) -> bool:
        """Tell whether an input is a folder with a document of formats in it."""
        return holds_formats(cwd / text)

    def configured(self, configuration: Configuration) -> tuple[Path, ...]:
        """Return the configured folder, unless there is none."""
        folder = configuration.interfaces.values
        return (folder,) if folder.is_dir() else ()

    def owned(self, configuration: Configuration) -> Mapping[str, Path]:
        """Return the configured folder; it is nobody's alone."""
        return {"": configuration.interfaces.values}

    def is_held(self, tree: Tree, path: str) -> bool:
        """Tell whether there is such a folder."""
        return tree.has_folder(path)

    def is_measured_by_images(self, against: str | None, context: Context) -> bool:  # noqa: ARG002
        """Return no: no image holds formats."""
        return False

    def open(self, wanted: Wanted, context: Context) -> OpenedFormats:
        """Open a folder and the state to compare it with: the one that is named, else where the branch began.

        Raises:
            InterfaceError: A state cannot be read, holds no documents, or names an unknown service.
        """
        from servanda.interfaces.values.opened import opened  # noqa: PLC0415 - the same

        return opened(wanted, context)

    def is_whole(self, examined: Iterable[Path], configuration: Configuration | None) -> bool:
        """Tell whether the configured folder was examined."""
        wanted = {path.resolve() for path in self.configured(configuration)} if configuration else set()
        return bool(wanted) and wanted <= {path.resolve() for path in examined}
