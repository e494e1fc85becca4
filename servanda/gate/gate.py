"""The gate as a whole: which stages there are, what they share, and the verdict."""

from __future__ import annotations

import functools
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from servanda import infra, supervision
from servanda.cache import cache_folder
from servanda.configuration import Configuration, Store
from servanda.extensions import STORES
from servanda.gate.interfaces import examine
from servanda.gate.lint import lint
from servanda.gate.platform import BackgroundPlatform
from servanda.gate.run import run
from servanda.gate.stage import StageListener, ignore
from servanda.gate.stages.consumers import Consumers
from servanda.gate.stages.end_to_end import EndToEnd
from servanda.gate.stages.interfaces import Interfaces
from servanda.gate.stages.lint import Lint
from servanda.gate.stages.providers import Providers
from servanda.gate.versions import versions
from servanda.verdict import InstanceFact, StoreFact, Verdict, decide
from servanda.verification import verify

STAGES = (Interfaces.name, Lint.name, Consumers.name, Providers.name, EndToEnd.name)


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a gate run.

    Attributes:
        only: Names of the stages to examine; all if empty, that of the form if the repository asks for it.
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

    # Logs outlive the run: reasons point into them.
    folder = supervision.own_folder(configuration.root, "gate")
    plan = supervision.Plan(configuration, stores={}, folder=folder, environ=environ)

    @asynccontextmanager
    async def started() -> AsyncIterator[supervision.Running]:
        begun = supervision.start_with_stores(plan, options.mode, stores=heard, services=listeners.services)
        async with begun as running:
            instances.extend(instance.fact for instance in running.instances)
            yield running

    platform, cache = BackgroundPlatform(started), cache_folder(environ)
    lints = configuration.interfaces.lint or Lint.name in options.only
    stages = (
        Interfaces(configuration, functools.partial(examine, cache=cache)),
        *((Lint(configuration, functools.partial(lint, cache=cache)),) if lints else ()),
        Consumers(configuration, environ),
        Providers(configuration, platform, verify),
        EndToEnd(configuration, environ, platform),
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
    return decide(results, used, versions(configuration), instances, started=began)
