"""The examination of the migrations of services, on one PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace

from servanda.configuration import Configuration, Service
from servanda.errors import ProcessError
from servanda.infra import PostgresEndpoint
from servanda.interfaces.rule import Found
from servanda.interfaces.sql.check import check_review
from servanda.interfaces.sql.document import Statements
from servanda.interfaces.sql.live import live_versions
from servanda.interfaces.sql.migration import Migration
from servanda.interfaces.sql.opened import owners_of, review_of, schema_of, steps_of
from servanda.interfaces.sql.review import Obstacle, Step
from servanda.migrations.locks import lock_hazards
from servanda.migrations.proof import prove
from servanda.migrations.rendering import Renderer, untold

Provide = Callable[[], AbstractContextManager[PostgresEndpoint]]
"""Brings PostgreSQL up for as long as a context lasts."""


@dataclass(frozen=True, slots=True)
class Examined:
    """Migrations of a service, with what was found in them.

    Attributes:
        service: The service.
        versions: Its live versions; none if no statement of it was recorded.
    """

    service: Service
    versions: tuple[Statements, ...]
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Examination that somebody asks for.

    Attributes:
        services: The services whose migrations are examined.
        live: Names of the released versions that are live; all of them if empty.
        environ: The environment of the code of migrations.
        provide: Brings PostgreSQL up; only asked if a migration is in review.
        notice: Told in one sentence what could not be tried.
    """

    services: tuple[Service, ...]
    environ: Mapping[str, str]
    provide: Provide
    live: Collection[str] = ()
    notice: Callable[[str], None] = lambda _: None


async def examine(configuration: Configuration, wanted: Wanted) -> tuple[Examined, ...]:
    """Examine the migrations of services.

    Raises:
        ContractError: A document of statements cannot be read.
        InfrastructureError: PostgreSQL could not be had, or is gone.
        InterfaceError: A migration cannot be read, parsed or applied.
        LimitError: The code of migrations did not end in time.
    """
    renderer = Renderer(configuration, wanted.environ)
    begun: list[tuple[Service, tuple[Step, ...]]] = []
    for service in wanted.services:
        assert service.migrations is not None, "only those that have some are wanted"  # noqa: S101 - for mypy
        versions = live_versions(configuration, service.name, wanted.live)
        files = renderer.files(service.migrations) if versions else ()
        is_pending = any(file.name not in version.migrations for version in versions for file in files)
        # What nobody has to apply need not be told: code of it takes seconds.
        migrations = await renderer.render(service.migrations) if is_pending else untold(files)
        begun.append((service, steps_of(service, migrations, versions)))
    return await asyncio.to_thread(_examined, configuration, wanted, begun)


def _examined(
    configuration: Configuration, wanted: Wanted, begun: Iterable[tuple[Service, tuple[Step, ...]]]
) -> tuple[Examined, ...]:
    done = []
    with ExitStack() as stack:
        server: PostgresEndpoint | None = None
        for service, steps in begun:
            review = review_of(steps, owners_of(configuration, service))
            if any(step.pending for step in steps):
                server = server or stack.enter_context(wanted.provide())
                proven = prove(server, schema_of(service), steps, wanted.notice)
                hazards = _hazards(steps, wanted.notice)
                review = replace(review, hits=proven.hits, refused=proven.refused, hazards=hazards)
            versions = tuple(step.version for step in steps)
            done.append(Examined(service, versions, check_review(review, service.owner)))
    return tuple(done)


def _hazards(steps: Iterable[Step], notice: Callable[[str], None]) -> tuple[Obstacle, ...]:
    pending: dict[str, Migration] = {each.file.name: each for step in steps for each in step.pending}
    try:
        return tuple(lock_hazards(pending.values()))
    except ProcessError as error:
        notice(f"could not tell which locks the migrations hold: {error.what}")
        return ()
