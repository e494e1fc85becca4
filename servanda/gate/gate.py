"""The gate as a whole: which stages there are, what they share, and the verdict."""

from __future__ import annotations

import functools
import time
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from servanda import infra, supervision
from servanda.cache import cache_folder
from servanda.configuration import Configuration, Store
from servanda.events.corpus import is_corpus
from servanda.extensions import STORES
from servanda.extras import naming_extra
from servanda.gate.background import in_background
from servanda.gate.interface_uses import interface_uses
from servanda.gate.interfaces import examine
from servanda.gate.lint import lint
from servanda.gate.platform import BackgroundPlatform
from servanda.gate.run import run
from servanda.gate.stage import EVENTS, VERSIONS, Stage, StageListener, ignore
from servanda.gate.stages.consumers import Consumers
from servanda.gate.stages.end_to_end import EndToEnd
from servanda.gate.stages.interfaces import Interfaces
from servanda.gate.stages.lint import Lint
from servanda.gate.stages.migrations import Migrations
from servanda.gate.stages.providers import Providers
from servanda.gate.versions import versions
from servanda.verdict import InstanceFact, StageResult, StoreFact, Verdict, decide
from servanda.verification import verify

if TYPE_CHECKING:
    from servanda.checking.statements import StatementRecorder

STAGES = (
    Interfaces.name,
    Lint.name,
    Migrations.name,
    Consumers.name,
    Providers.name,
    EndToEnd.name,
    EVENTS,
    VERSIONS,
)


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a gate run.

    Attributes:
        only: Names of the stages to examine; all if empty, those of the form, of migrations, of events and of versions
            if the repository asks for them.
        keep_going: Whether the stages after one that does not hold are examined all the same.
        mode: Provisioning of the stores, see :func:`servanda.infra.choose`.
    """

    only: tuple[str, ...] = ()
    keep_going: bool = False
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class Listeners:
    """Listeners to the progress of a gate run."""

    stages: StageListener = ignore
    stores: infra.Listener = infra.ignore
    services: supervision.Listener = supervision.ignore


async def gate(
    configuration: Configuration, environ: Mapping[str, str], options: Options, listeners: Listeners
) -> Verdict:
    """Examine a change, from its interfaces to the journeys through the running platform.

    Stores and services start as soon as the interfaces hold, while the consumers' tests run; nothing of them is left
    behind.
    """
    began = time.time_ns() // 1_000_000
    facts: dict[Store, StoreFact] = {}
    instances: list[InstanceFact] = []

    def heard(event: infra.Event) -> None:
        if isinstance(event, infra.StoreReady):
            facts[event.store] = event.fact
        listeners.stores(event)

    held: dict[Store, infra.Endpoint] = {}

    @contextmanager
    def provide(wanted: Iterable[Store], choice: infra.Choice, listener: infra.Listener) -> Iterator[infra.Endpoints]:
        with infra.start(wanted, choice, listener) as endpoints:
            held.update(endpoints.stores)
            yield endpoints

    # Logs outlive the run: reasons point into them.
    folder = supervision.own_folder(configuration.root, "gate")
    recorder = _recorder(configuration, folder, environ)
    probe = recorder.probe if recorder is not None else supervision.no_probe
    plan = supervision.Plan(configuration, stores={}, folder=folder, environ=environ, probe=probe)

    @asynccontextmanager
    async def started() -> AsyncIterator[supervision.Running]:
        begun = supervision.start_with_stores(
            plan, options.mode, stores=heard, services=listeners.services, provide=provide
        )
        async with begun as running:
            instances.extend(instance.fact for instance in running.instances)
            yield running

    platform, cache = BackgroundPlatform(started), cache_folder(environ)
    lints = configuration.interfaces.lint or Lint.name in options.only
    rolls = configuration.versions.gate or VERSIONS in options.only

    replays = EVENTS in options.only or (
        configuration.events.gate and bool(configuration.events.consumers) and is_corpus(configuration.events.corpus)
    )

    def events_stage() -> Stage:
        # Its libraries are those of extras, which not every gate has.
        with naming_extra():
            from servanda.events.replay.examination import Listeners as Told  # noqa: PLC0415
            from servanda.gate.stages.events import Events  # noqa: PLC0415

        told = Told(stores=heard, services=listeners.services)
        return Events(configuration, environ, options.mode, told, lambda: infra.Endpoints(held), instances)

    def versions_stage() -> Stage:
        # Its libraries are those of an extra, which not every gate has.
        with naming_extra():
            from servanda.gate.stages.versions import Versions  # noqa: PLC0415
            from servanda.versions import examination  # noqa: PLC0415

        told = examination.Listeners(stores=heard, services=listeners.services)
        return Versions(configuration, environ, cache, options.mode, told, instances)

    migrates = any(service.migrations is not None for service in configuration.services.values())

    async def examine_migrations(each: Configuration) -> StageResult:
        from servanda.gate.migrations import examine as examine_them  # noqa: PLC0415 - of an extra

        return await examine_them(each, cache, environ, options.mode, heard)

    services = _watched(
        (Providers(configuration, platform, verify), EndToEnd(configuration, environ, platform)),
        configuration,
        recorder,
        folder,
        options.only or STAGES,
    )
    stages = (
        Interfaces(configuration, functools.partial(examine, cache=cache)),
        *((Lint(configuration, functools.partial(lint, cache=cache)),) if lints else ()),
        *((Migrations(configuration, examine_migrations),) if migrates else ()),
        Consumers(configuration, environ),
        *services,
        *((events_stage(),) if replays else ()),
        *((versions_stage(),) if rolls else ()),
    )
    try:
        results = await run(
            stages,
            configuration.root,
            listeners.stages,
            only=options.only or STAGES,
            keep_going=options.keep_going,
            seconds=configuration.limits.gate_seconds,
        )
    finally:
        await platform.close()
    used = [facts[store] for store in STORES.ordered(facts)]
    uses = await in_background(lambda: interface_uses(configuration, cache), "who uses what")
    return decide(results, used, versions(configuration), instances, began, uses)


def _recorder(configuration: Configuration, folder: Path, environ: Mapping[str, str]) -> StatementRecorder | None:
    if not configuration.records_statements:
        return None
    from servanda.checking.statements import StatementRecorder  # noqa: PLC0415 - most repositories record none

    return StatementRecorder(configuration, folder, environ)


def _watched(
    stages: tuple[Providers, EndToEnd],
    configuration: Configuration,
    recorder: StatementRecorder | None,
    folder: Path,
    only: Collection[str],
) -> tuple[Stage, ...]:
    """Return the stages that run the services; the last one of them that is examined tells what they run."""
    providers, journeys = stages
    if recorder is None:
        return stages
    from servanda.gate.statement_drift import WithStatements  # noqa: PLC0415 - most repositories record none

    travels = bool(configuration.end_to_end.command) and journeys.name in only
    is_whole = providers.name in only and (travels or not configuration.end_to_end.command)
    last = WithStatements(journeys if travels else providers, recorder, configuration.root, folder, is_whole=is_whole)
    return (providers, last) if travels else (last, journeys)
