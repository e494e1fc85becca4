"""The answers of PostgreSQL before and after the migrations, and the changes that explain what differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from servanda.interfaces.sql.change import Change, Edit, Place
from servanda.interfaces.sql.hits import Hit, Usage, Way
from servanda.interfaces.sql.schema import element
from servanda.migrations.trial import Refusal, Shape, Tried

_NAMES: Final = frozenset(
    {
        Edit.COLUMN_DELETED,
        Edit.COLUMN_RENAMED,
        Edit.RELATION_DELETED,
        Edit.RELATION_RENAMED,
        Edit.FUNCTION_DELETED,
    }
)
"""What PostgreSQL tells when it is handed a statement, of which it names the first alone."""
_RUN: Final = frozenset({Edit.REQUIRED, Edit.CONSTRAINT_ADDED, Edit.TYPE_NARROWED, Edit.ENUM_VALUE_DELETED})
"""What only running the statement tells."""
_CAUSES: Final[Mapping[str, frozenset[Edit]]] = MappingProxyType(
    {
        "42703": frozenset({Edit.COLUMN_DELETED, Edit.COLUMN_RENAMED}),
        "42P01": frozenset({Edit.RELATION_DELETED, Edit.RELATION_RENAMED}),
        "3F000": frozenset({Edit.RELATION_DELETED, Edit.RELATION_RENAMED}),
        "42883": frozenset({Edit.FUNCTION_DELETED, Edit.TYPE_CHANGED, Edit.RELATION_DELETED}),
        "42804": frozenset({Edit.TYPE_CHANGED}),
        "42846": frozenset({Edit.TYPE_CHANGED}),
        "42P08": frozenset({Edit.TYPE_CHANGED}),
        "42725": frozenset({Edit.TYPE_CHANGED}),
        "22P02": frozenset({Edit.ENUM_VALUE_DELETED, Edit.TYPE_CHANGED}),
        "22P03": frozenset({Edit.TYPE_CHANGED}),
        "22007": frozenset({Edit.TYPE_CHANGED}),
        "22008": frozenset({Edit.TYPE_CHANGED}),
        "22001": frozenset({Edit.TYPE_NARROWED, Edit.TYPE_CHANGED}),
        "22003": frozenset({Edit.TYPE_NARROWED, Edit.TYPE_CHANGED}),
        "23502": frozenset({Edit.REQUIRED}),
        "23503": frozenset({Edit.CONSTRAINT_ADDED}),
        "23505": frozenset({Edit.CONSTRAINT_ADDED}),
        "23514": frozenset({Edit.CONSTRAINT_ADDED}),
        "23P01": frozenset({Edit.CONSTRAINT_ADDED}),
    }
)
"""The changes that lead to an error, by its SQLSTATE."""


def compared(usage: Usage, before: Tried, after: Tried, text: Sequence[Hit], first: Place) -> Iterator[Hit]:
    """Yield what hits a statement, by the answers of PostgreSQL.

    Args:
        usage: The statement.
        before: The answers on the schema that its version runs on.
        after: The answers on the migrated one.
        text: What the text of the migrations and the statement tells.
        first: The first of the migrations, for what the text does not tell.
    """
    if before.shape is None:
        yield from text  # it is not what this version runs, or of another schema: nothing is proven
        return
    refusal = after.refusal or _refused(before, after)
    explained = _explained(refusal, text) if refusal is not None else ()
    for hit in text:
        proof = _proof(hit, before, after, refusal if hit in explained else None)
        if proof is not None:
            yield Hit(hit.change, hit.version, hit.statement, hit.way, proof)
    if refusal is not None and not explained:
        yield Hit(None, usage.version, usage.statement, proof=str(refusal))
    if after.shape is not None and not any(hit.way is Way.ROW for hit in text):
        yield from _other_row(usage, before.shape, after.shape, first)


def _refused(before: Tried, after: Tried) -> Refusal | None:
    """Return the first refusal of values that were accepted before."""
    accepted = (values for values, refusal in before.runs.items() if refusal is None)
    return next((found for values in accepted if (found := after.runs.get(values)) is not None), None)


def _explained(refusal: Refusal, text: Iterable[Hit]) -> tuple[Hit, ...]:
    causes = _CAUSES.get(refusal.state, frozenset())
    able = [hit for hit in text if hit.change is not None and hit.change.edit in causes]
    named = [hit for hit in able if hit.change is not None and _names(refusal, hit.change)]
    return tuple(named or able[:1])


def _names(refusal: Refusal, change: Change) -> bool:
    if refusal.constraint and change.part:
        return refusal.constraint == change.part
    if refusal.column:
        return refusal.column == change.column
    return bool(change.column) and f'"{change.column}"' in refusal.message.replace(".", '"')


def _proof(hit: Hit, before: Tried, after: Tried, refusal: Refusal | None) -> str | None:
    """Return the answer of PostgreSQL that proves a hit, empty where it can give none; ``None`` if it disproves it."""
    assert hit.change is not None, "what the text tells is about a change"  # noqa: S101 - for the type checker
    edit = hit.change.edit
    if refusal is not None:
        return str(refusal)
    if hit.way is Way.ROW and edit not in {Edit.NULLABLE, Edit.ENUM_VALUE_ADDED}:
        return _row(before.shape, after.shape)
    if edit in _NAMES:
        return "" if after.refusal is not None else None
    if edit in _RUN:
        was_tried = any(each is None for each in before.runs.values())
        return "" if not was_tried or after.refusal is not None else None
    if edit is Edit.TYPE_CHANGED:
        return _type(before.shape, after.shape) if after.shape is not None else ""
    return ""


def _row(before: Shape | None, after: Shape | None) -> str | None:
    if before is None or after is None:
        return ""
    if before.columns == after.columns:
        return None
    return f"the row was ({_listed(before)}) and is ({_listed(after)})"


def _type(before: Shape | None, after: Shape) -> str | None:
    if before is None or before == after:
        return None
    for number, (old, new) in enumerate(zip(before.parameters, after.parameters, strict=False), 1):
        if old != new:
            return f"parameter ${number} was {old} and is {new}"
    return _row(before, after)


def _listed(shape: Shape) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in shape.columns)


def _other_row(usage: Usage, before: Shape, after: Shape, first: Place) -> Iterator[Hit]:
    """Yield that whole rows of a statement differ, where the text of the migrations does not tell why."""
    if not usage.facts.stars or before.columns == after.columns:
        return
    relation = element(min(usage.facts.stars))
    grown = after.columns[: len(before.columns)] == before.columns
    names = {name for name, _ in before.columns} ^ {name for name, _ in after.columns}
    told = "has other columns now" if not grown else "has more columns now"
    edit = Edit.COLUMN_ADDED if grown else Edit.TYPE_CHANGED
    change = Change(edit, f"{relation}.{min(names, default='*')}", relation, f"A row of {relation} {told}", first)
    yield Hit(change, usage.version, usage.statement, Way.ROW, _row(before, after) or "")
