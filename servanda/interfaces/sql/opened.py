"""A folder of migrations, open beside the statements of all live versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from servanda.configuration import Configuration, Service
from servanda.errors import InterfaceError
from servanda.interfaces.kind import Change, Context, Wanted
from servanda.interfaces.rule import Found
from servanda.interfaces.sql.change import Place
from servanda.interfaces.sql.check import check_review
from servanda.interfaces.sql.document import Statements
from servanda.interfaces.sql.live import live_versions
from servanda.interfaces.sql.migration import Migration, files_of, written
from servanda.interfaces.sql.review import Foreign, Review, Step, edited, static_hits, steps_between
from servanda.interfaces.sql.tree import nodes, parse
from servanda.interfaces.usage.sources import Sources
from servanda.interfaces.usage.use import Usage
from servanda.verdict import Bump


class OpenedMigrations:
    """Migrations of a service; see :class:`servanda.interfaces.kind.Opened`."""

    def __init__(self, name: str, service: Service, review: Review, versions: tuple[Statements, ...]) -> None:
        self.input = name
        self.base = ", ".join(version.named for version in versions)
        self._service = service
        self._review = review

    @property
    def growth(self) -> Bump:
        """Return that nothing is added for consumers: only the service itself uses its schema."""
        return Bump.NONE

    def findings(self) -> tuple[Found, ...]:
        """Find all that the rules object to."""
        return check_review(self._review, self._service.owner)

    def usage(self, sources: Sources) -> Usage | None:  # noqa: ARG002
        """Return that a finding itself names whom it hits: the live versions of the service."""
        return None

    def change(self, usage: Usage) -> Change:
        """Raise an error: nobody else uses a schema."""
        raise NotImplementedError


def opened(wanted: Wanted, context: Context) -> OpenedMigrations:
    """Open a configured folder; see :meth:`servanda.interfaces.kind.Kind.open`."""
    configuration = context.configuration
    path = (context.cwd / wanted.input).resolve()
    for service in configuration.services.values() if configuration is not None else ():
        if configuration is not None and service.migrations is not None and service.migrations.folder.resolve() == path:
            files = files_of(service.migrations, wanted.input)
            versions = live_versions(configuration, service.name)
            migrations = written(files)
            steps = steps_of(service, migrations, versions)
            review = review_of(steps, owners_of(configuration, service))
            return OpenedMigrations(wanted.input, service, review, versions)
    raise InterfaceError("no service has these migrations", where=wanted.input, hint="configure them in servanda.toml")


def steps_of(service: Service, migrations: tuple[Migration, ...], versions: Iterable[Statements]) -> tuple[Step, ...]:
    """Return what lies between each live version and the working tree.

    Raises:
        InterfaceError: A migration or a statement cannot be parsed, or one that a version has applied is gone.
    """
    return steps_between(versions, migrations, schema_of(service))


def schema_of(service: Service) -> str:
    """Return the schema of a service."""
    return (service.migrations.schema if service.migrations is not None else "") or service.name


def owners_of(configuration: Configuration, service: Service) -> Mapping[str, str]:
    """Return the services that other schemas than that of a service belong to, by schema."""
    others = (other for other in configuration.services.values() if other.migrations is not None)
    return {schema_of(other): other.name for other in others if schema_of(other) != schema_of(service)}


def review_of(steps: tuple[Step, ...], owners: Mapping[str, str]) -> Review:
    """Return what the text of migrations and statements tells.

    Args:
        steps: What lies between each live version and the working tree.
        owners: The services that other schemas belong to.

    Raises:
        InterfaceError: A migration cannot be parsed.
    """
    files = {each.file.name: each.file for one in steps for each in (*one.applied, *one.pending)}
    return Review(
        hits=tuple(static_hits(steps)),
        edited=tuple(edited(files.values(), [one.version for one in steps])),
        foreign=tuple(_foreign(steps, owners)),
    )


def _foreign(steps: Iterable[Step], owners: Mapping[str, str]) -> Iterator[Foreign]:
    for one in steps:
        for usage in one.used:
            for schema in sorted(usage.facts.schemas & set(owners)):
                place = Place(one.version.path, 1)
                yield Foreign(schema, owners[schema], place, one.version, usage.statement)
        for migration in one.pending:
            for place, schema in _schemas(migration):
                if schema in owners:
                    yield Foreign(schema, owners[schema], place)


def _schemas(migration: Migration) -> Iterator[tuple[Place, str]]:
    for statement in parse(migration.sql, migration.file.path):
        place = migration.place(statement)
        for _, node in nodes({statement.type: statement.node}):
            # A relation that a statement is about stands in it without its type.
            for value in (node, *node.values()):
                if isinstance(value, Mapping) and value.get("schemaname"):
                    yield place, str(value["schemaname"])
