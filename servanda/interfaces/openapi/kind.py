"""OpenAPI as a kind of interface."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from servanda.configuration import Configuration
from servanda.interfaces.kind import Context, Wanted
from servanda.interfaces.openapi.claim import is_document
from servanda.interfaces.rule import Rule
from servanda.interfaces.trees import Tree

if TYPE_CHECKING:
    from servanda.interfaces.openapi.opened import OpenedDocument


class OpenApi:
    """OpenAPI as a kind, see :class:`servanda.interfaces.kind.Kind`."""

    name = "openapi"

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the rules about documents."""
        # Most checks are not about documents, and are over in less time than all of this takes to import.
        from servanda.interfaces.openapi.rules.table import RULES  # noqa: PLC0415

        return RULES

    def claims(self, text: str, cwd: Path) -> bool:
        """Tell whether an input is a file that says that it is an OpenAPI document."""
        return is_document(cwd / text)

    def configured(self, configuration: Configuration) -> tuple[Path, ...]:
        """Return the documents that parties are configured with, each once."""
        return tuple(dict.fromkeys(self.owned(configuration).values()))

    def owned(self, configuration: Configuration) -> Mapping[str, Path]:
        """Return the documents by the parties that they describe."""
        parties = configuration.pacticipants.values()
        return {party.name: configuration.root / party.openapi for party in parties if party.openapi}

    def is_held(self, tree: Tree, path: str) -> bool:
        """Tell whether there is such a file."""
        return tree.read(path) is not None

    def is_measured_by_images(self, against: str | None, context: Context) -> bool:  # noqa: ARG002
        """Return no: no image holds a document."""
        return False

    def open(self, wanted: Wanted, context: Context) -> OpenedDocument:
        """Open a document and the state to compare it with: the one that is named, else where the branch began.

        Raises:
            InterfaceError: A state cannot be read, or is no document.
        """
        from servanda.interfaces.openapi.opened import opened  # noqa: PLC0415 - the same

        return opened(wanted, context)

    def is_whole(self, examined: Iterable[Path], configuration: Configuration | None) -> bool:
        """Tell whether every configured document was examined."""
        documents = {path.resolve() for path in self.configured(configuration)} if configuration else set()
        return bool(documents) and documents <= {path.resolve() for path in examined}
