"""Reasons that are not the answer of a provider."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from servanda.errors import LimitError, ServandaError
from servanda.verdict import InteractionResult, Location, Reason, ReasonKind


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


def told_from(result: InteractionResult, root: Path) -> InteractionResult:
    """Return the same result with its places told from the root of the repository."""
    reasons = tuple(relative(reason, root) for reason in result.reasons)
    return replace(result, evidence=relative_place(result.evidence, root), reasons=reasons)


def relative_place(location: Location, root: Path) -> Location:
    """Return the same place, told from the root of the repository if it lies in it."""
    path = _relative(location.path, root)
    return location if path == location.path else replace(location, path=path)


@lru_cache(maxsize=1024)  # thousands of interactions stand in one file
def _relative(path: str, root: Path) -> str:
    found = Path(path)
    return found.relative_to(root).as_posix() if found.is_absolute() and found.is_relative_to(root) else path
