"""An OpenAPI document, open in both states."""

from __future__ import annotations

from pathlib import Path

from servanda.interfaces.inputs.git import merge_base
from servanda.interfaces.inputs.reference import IMAGES, parse_reference
from servanda.interfaces.kind import Change, Context, Wanted
from servanda.interfaces.openapi.admission.bounds import Bounds
from servanda.interfaces.openapi.check import check_document
from servanda.interfaces.openapi.document import Document, followed
from servanda.interfaces.openapi.growth import growth
from servanda.interfaces.openapi.inputs import open_base, open_document
from servanda.interfaces.openapi.usage.change import OpenApiChange
from servanda.interfaces.openapi.usage.proven import usage_of
from servanda.interfaces.rule import Found
from servanda.interfaces.usage.sources import Sources
from servanda.interfaces.usage.use import Usage
from servanda.verdict import Bump


class OpenedDocument:
    """A document, open in both states; see :class:`servanda.interfaces.kind.Opened`."""

    def __init__(
        self, names: tuple[str, str], file: Path, previous: Document | None, current: Document, bounds: Bounds
    ) -> None:
        self.input, self.base = names
        self._file = file
        self._previous = previous
        self._current = current
        self._bounds = bounds

    @property
    def growth(self) -> Bump:
        """Return what the change adds."""
        with followed(self._current):
            return growth(self._previous, self._current) if self._previous is not None else Bump.NONE

    def findings(self) -> tuple[Found, ...]:
        """Find all that the rules object to."""
        if self._previous is None:
            return ()
        return check_document(self._previous, self._current, bounds=self._bounds)

    def usage(self, sources: Sources) -> Usage:
        """Read what contracts and usage logs prove."""
        if self._previous is None:
            return Usage()
        with followed(self._current):
            return usage_of(sources, self._file, self._previous, self._current)

    def change(self, usage: Usage) -> Change:
        """Return the change; examples stand in the evidence of the uses."""
        del usage
        return OpenApiChange()


def opened(wanted: Wanted, context: Context) -> OpenedDocument:
    """Open a document and its base: see :meth:`servanda.interfaces.kind.Kind.open`."""
    base = _base(wanted, context)
    current = open_document(wanted.input, context.cwd)
    previous = open_base(base, wanted.before or wanted.input, context.cwd, context.limits) if base else None
    if previous is None:
        context.notice(f"nothing to compare with: {wanted.input} is new")
    names = (wanted.input, base if previous or wanted.against else "")
    return OpenedDocument(names, context.cwd / wanted.input, previous, current, Bounds.of(context.limits))


def _base(wanted: Wanted, context: Context) -> str:
    """Return the base that is named; for a document that nobody named a base that can hold one."""
    against = wanted.against
    if against and not wanted.named and parse_reference(against).format in IMAGES:
        against = None
    return against or merge_base(context.cwd) or ""
