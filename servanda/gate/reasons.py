"""Reasons that are not the answer of a provider."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from servanda.errors import LimitError, ServandaError
from servanda.verdict import Location, Reason, ReasonKind


def could_not_run(error: ServandaError, root: Path) -> Reason:
    """Convert an error into a reason."""
    message = f"{error.what}\nhint: {error.hint}" if error.hint else error.what
    kind = ReasonKind.LIMIT if isinstance(error, LimitError) else ReasonKind.COULD_NOT_RUN
    return relative(Reason(kind, message, evidence=Location.parse(error.where) if error.where else None), root)


def relative(reason: Reason, root: Path) -> Reason:
    """Return the same reason with its place told from the root of the repository, if it lies in it."""
    if reason.evidence is None:
        return reason
    return replace(reason, evidence=relative_place(reason.evidence, root))


def relative_place(location: Location, root: Path) -> Location:
    """Return the same place, told from the root of the repository if it lies in it."""
    path = Path(location.path)
    if not path.is_absolute() or not path.is_relative_to(root):
        return location
    return replace(location, path=path.relative_to(root).as_posix())
