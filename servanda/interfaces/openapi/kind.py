"""OpenAPI as a kind of interface."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from servanda.configuration import Configuration
from servanda.interfaces.inputs.git import merge_base
from servanda.interfaces.inputs.reference import IMAGES, parse_reference
from servanda.interfaces.kind import Change, Context, Wanted
from servanda.interfaces.openapi.check import check_document
from servanda.interfaces.openapi.document import Document, followed
from servanda.interfaces.openapi.growth import growth
from servanda.interfaces.openapi.inputs import is_document, open_base, open_document
from servanda.interfaces.openapi.rules.table import RULES
from servanda.interfaces.rule import Found, Rule
from servanda.interfaces.trees import Tree
from servanda.interfaces.usage.sources import Sources
from servanda.interfaces.usage.use import Usage
from servanda.verdict import Bump


class OpenedDocument:
    """A document, open in both states; see :class:`servanda.interfaces.kind.Opened`."""

    def __init__(self, input_: str, base: str, file: Path, previous: Document | None, current: Document) -> None:
        self.input = input_
        self.base = base
        self._file = file
        self._previous = previous
        self._current = current

    @property
    def growth(self) -> Bump:
        """Return what the change adds."""
        with followed(self._current):
            return growth(self._previous, self._current) if self._previous is not None else Bump.NONE

    def findings(self) -> tuple[Found, ...]:
        """Find all that the rules object to."""
        return check_document(self._previous, self._current) if self._previous is not None else ()

    def usage(self, sources: Sources) -> Usage:
        """Read what contracts and usage logs prove."""
        if self._previous is None:
            return Usage()
        # Most checks are not about documents, and are over in less time than all of this takes to import.
        from servanda.interfaces.openapi.usage.proven import usage_of  # noqa: PLC0415

        with followed(self._current):
            return usage_of(sources, self._file, self._previous, self._current)

    def change(self, usage: Usage) -> Change:
        """Return the change; examples stand in the evidence of the uses."""
        from servanda.interfaces.openapi.usage.change import OpenApiChange  # noqa: PLC0415 - the same

        del usage
        return OpenApiChange()


class OpenApi:
    """OpenAPI as a kind, see :class:`servanda.interfaces.kind.Kind`."""

    name = "openapi"

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the rules about documents."""
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
        base = _base(wanted, context)
        current = open_document(wanted.input, context.cwd)
        previous = open_base(base, wanted.before or wanted.input, context.cwd, context.limits) if base else None
        if previous is None:
            context.notice(f"nothing to compare with: {wanted.input} is new")
        return OpenedDocument(
            wanted.input, base if previous or wanted.against else "", context.cwd / wanted.input, previous, current
        )

    def is_whole(self, examined: Iterable[Path], configuration: Configuration | None) -> bool:
        """Tell whether every configured document was examined."""
        documents = {path.resolve() for path in self.configured(configuration)} if configuration else set()
        return bool(documents) and documents <= {path.resolve() for path in examined}


def _base(wanted: Wanted, context: Context) -> str:
    """Return the base that is named; for a document that nobody named a base that can hold one."""
    against = wanted.against
    if against and not wanted.named and parse_reference(against).format in IMAGES:
        against = None
    return against or merge_base(context.cwd) or ""
