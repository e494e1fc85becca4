"""The review of a service's migrations: what they change, and whom that hits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from servanda.errors import InterfaceError
from servanda.interfaces.sql.change import Change, Place
from servanda.interfaces.sql.document import Recorded, Statements
from servanda.interfaces.sql.hits import Hit, Usage, hits, usages
from servanda.interfaces.sql.migration import File, Migration, applied, is_readable
from servanda.interfaces.sql.schema import Schema
from servanda.interfaces.sql.statement import Facts


@dataclass(frozen=True, slots=True)
class Edited:
    """A migration that a live version has applied and that is another one now."""

    file: File
    version: Statements


@dataclass(frozen=True, slots=True)
class Foreign:
    """A use of the schema of another service.

    Attributes:
        schema: The schema.
        owner: The service that it belongs to.
        statement: The statement; ``None`` for a migration.
        place: The migration; of a statement its document.
    """

    schema: str
    owner: str
    place: Place
    version: Statements | None = None
    statement: Recorded | None = None


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A reason why a migration is dangerous whatever the versions run.

    Attributes:
        element: What it is about: a table, or the migration.
        told: What it does; a sentence without a full stop.
        proof: What says so: SQLSTATE and message, or the name of a rule of squawk.
    """

    element: str
    told: str
    place: Place
    proof: str


@dataclass(frozen=True, slots=True)
class Review:
    """Subject of the rules about migrations.

    Attributes:
        hits: Statements of live versions that a change hits.
        edited: Migrations that were edited after a version had applied them.
        foreign: Uses of the schemas of other services.
        refused: Migrations that the rows of a live version do not let pass.
        hazards: Locks and rewrites of tables.
    """

    hits: tuple[Hit, ...] = ()
    edited: tuple[Edited, ...] = ()
    foreign: tuple[Foreign, ...] = ()
    refused: tuple[Obstacle, ...] = ()
    hazards: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """The migrations that one live version has not applied.

    Attributes:
        version: The version, with its statements.
        applied: What it has applied.
        pending: What is in review, in order.
        before: The schema that it runs on.
        changes: What the pending migrations change.
        used: Its statements, with what they do.
        is_opaque: Whether what the pending migrations do cannot be read: they hold code, or change a type.
    """

    version: Statements
    applied: tuple[Migration, ...]
    pending: tuple[Migration, ...]
    before: Schema
    changes: tuple[Change, ...]
    used: tuple[Usage, ...]
    is_opaque: bool = False


def steps_between(versions: Iterable[Statements], migrations: Sequence[Migration], default: str) -> tuple[Step, ...]:
    """Return what lies between each live version and the migrations of the working tree.

    Args:
        versions: The versions.
        migrations: All migrations, in order.
        default: Schema of names that say none.

    Raises:
        InterfaceError: A migration or a statement cannot be parsed, or one that a version has applied is gone.
    """
    made: dict[tuple[str, ...], _Lag] = {}
    steps = []
    for version in versions:
        _require_all(version, migrations)
        names = tuple(each.file.name for each in migrations if each.file.name in version.migrations)
        lag = made[names] if names in made else made.setdefault(names, _Lag.of(names, migrations, default))
        used = usages(version, lag.before, lag.facts)
        steps.append(Step(version, lag.applied, lag.pending, lag.before, lag.changes, used, lag.is_opaque))
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class _Lag:
    """Migrations and changes that lie between versions of one schema and the working tree."""

    applied: tuple[Migration, ...]
    pending: tuple[Migration, ...]
    before: Schema
    changes: tuple[Change, ...]
    is_opaque: bool
    facts: dict[str, Facts]

    @classmethod
    def of(cls, names: Collection[str], migrations: Iterable[Migration], default: str) -> Self:
        known = tuple(migrations)
        done = tuple(each for each in known if each.file.name in names)
        pending = tuple(each for each in known if each.file.name not in names)
        before = Schema(default)
        applied(before, done)
        changes = applied(before.copy(), pending)
        is_opaque = any(not change.relation for change in changes) or not is_readable(pending)
        return cls(done, pending, before, changes, is_opaque, {})


def _require_all(version: Statements, migrations: Iterable[Migration]) -> None:
    names = {each.file.name for each in migrations}
    if gone := [name for name in version.migrations if name not in names]:
        raise InterfaceError(
            f"{version.named} has applied the migration {gone[0]}, which is gone: its schema cannot be made",
            where=version.path,
            hint="restore the file; or, if no instance of that version runs any more, delete its document",
        )


def edited(files: Iterable[File], versions: Iterable[Statements]) -> Iterator[Edited]:
    """Yield the migrations that are not what a version has applied, once for each version."""
    known = tuple(files)
    for version in versions:
        for file in known:
            if version.migrations.get(file.name, file.digest) != file.digest:
                yield Edited(file, version)


def static_hits(steps: Iterable[Step]) -> Iterator[Hit]:
    """Yield what the text of migrations and statements tells."""
    for each in steps:
        if each.pending:
            yield from hits(each.changes, each.used)
