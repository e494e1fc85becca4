"""Handlers of the rules: each finds in a review what its rule objects to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from servanda.interfaces.rule import Handler, Objection
from servanda.interfaces.sql.change import Change, Edit
from servanda.interfaces.sql.hits import Hit, Way
from servanda.interfaces.sql.review import Foreign, Obstacle, Review
from servanda.interfaces.transition import Breaks, Reader
from servanda.verdict import Span

SQL: Final = "SQL"
"""The category of every rule about migrations."""
REVIEW: Final = "review"
"""The subject of every rule about migrations."""
OLD_CODE: Final = Breaks(read=Reader.OLD)
"""Code of a live version meets a schema that it does not know; the new code also runs on the old schema."""
BOTH_CODES: Final = Breaks(read=Reader.BOTH, written=Reader.BOTH)
"""The code of neither version runs on the schema of the other one."""
_SHORT: Final = 120


@dataclass(frozen=True, slots=True)
class SqlObjection(Objection):
    """An objection, with the statements that it is about.

    Attributes:
        hits: The statements.
    """

    hits: tuple[Hit, ...] = ()


def changed(*edits: Edit, ways: Iterable[Way] = (Way.USES, Way.OMITS)) -> Handler:
    """Return the handler that objects to changes of these sorts, once each, where a live version is hit so."""
    wanted = frozenset(ways)

    def handler(review: Review) -> Iterator[Objection]:
        by_change: dict[Change, list[Hit]] = {}
        for hit in review.hits:
            if hit.change is not None and hit.change.edit in edits and hit.way in wanted:
                by_change.setdefault(hit.change, []).append(hit)
        for change, hits in by_change.items():
            span = Span(change.place.path, change.place.line)
            yield SqlObjection(span.path, span, change.element, f"{change.told}.", "", hits=tuple(hits))

    return handler


def unexplained(review: Review) -> Iterator[Objection]:
    """Object to statements that PostgreSQL refuses now, and no change that can be read says why; once each."""
    by_statement: dict[tuple[str, str], list[Hit]] = {}
    for hit in review.hits:
        if hit.change is None:
            by_statement.setdefault((hit.statement.sql, hit.proof), []).append(hit)
    for (sql, proof), hits in by_statement.items():
        first = hits[0]
        message = f"A statement of {first.version.named} fails, and held before: {proof}."
        yield SqlObjection(first.version.path, None, shortened(sql), message, "", hits=tuple(hits))


def edited(review: Review) -> Iterator[Objection]:
    """Object to migrations that are not any more what a live version has applied; once each."""
    by_file: dict[str, list[str]] = {}
    for each in review.edited:
        by_file.setdefault(each.file.path, []).append(each.version.named)
    for path, versions in by_file.items():
        message = f"Migration {path} was edited after it had been applied by {', '.join(versions)}."
        yield Objection(path, Span(path, 1), path, message, "")


def obstacles(of: Callable[[Review], Iterable[Obstacle]]) -> Handler:
    """Return the handler that objects to each of these."""

    def handler(review: Review) -> Iterator[Objection]:
        for each in dict.fromkeys(of(review)):
            span = Span(each.place.path, each.place.line)
            yield Objection(span.path, span, each.element, f"{each.told} ({each.proof}).", "")

    return handler


def foreign(review: Review) -> Iterator[Objection]:
    """Object to each use of the schema of another service."""
    told = dict.fromkeys((Span(each.place.path, each.place.line), each.schema, _used(each)) for each in review.foreign)
    for span, schema, message in told:
        yield Objection(span.path, span, schema, message, "")


def _used(each: Foreign) -> str:
    if each.statement is None:
        return f"A migration touches the schema {each.schema}, which belongs to {each.owner}."
    callers = f" at {', '.join(each.statement.callers)}" if each.statement.callers else ""
    told = f"A statement{callers} uses the schema {each.schema}, which belongs to {each.owner}"
    return f"{told}: {shortened(each.statement.sql)}."


def shortened(sql: str) -> str:
    """Return a statement on one line, without its end if it is long."""
    line = " ".join(sql.split())
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 3]}..."
