"""One version of the consumers under the whole script, on stores that are shared by all phases."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from servanda import infra, supervision
from servanda.configuration import Configuration, EventConsumer, Store
from servanda.errors import ConfigurationError, ServandaError
from servanda.events.replay.difference import DifferenceKind, Phase
from servanda.events.replay.observing import Observed, Observer
from servanda.events.replay.script import Script
from servanda.events.replay.state import Scrubber, Tables
from servanda.supervision import Plan
from servanda.topics.cluster import Cluster
from servanda.topics.names import Names
from servanda.verdict import InstanceFact
from servanda.versions.phases import Ready
from servanda.versions.phases.ready import instances_of
from servanda.versions.phases.stores import dsn_of, require_stores

PARTITIONS: Final = 3
# Records that are sent alone; of more, those that were not read are named.
_MOST_ALONE: Final = 200
# Two processes of one name run at once, and each has its log.
_IN_ORDER: Final = "events"
_ANOTHER_ORDER: Final = "events-in-another-order"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything that a run depends on besides version and script.

    Attributes:
        configuration: That of the working tree.
        endpoints: The stores, which every phase has a part of for itself.
        mode: Provisioning of the stores.
        environ: Environment that every process starts from.
        services: Told about the services.
        phases: Told of each phase, before it begins: consumer version and phase.
        known: Identifiers that records have, which are therefore not made in a run.
    """

    configuration: Configuration
    endpoints: infra.Endpoints
    environ: Mapping[str, str] = field(repr=False)
    known: frozenset[str]
    mode: str | None = None
    services: supervision.Listener = supervision.ignore
    phases: Callable[[str, Phase], None] = lambda _version, _phase: None


@dataclass(frozen=True, slots=True)
class Run:
    """Result of one version of the consumers.

    Attributes:
        version: Its name.
        phases: By phase and consumer what was left.
        instances: The instances that ran.
    """

    version: str
    phases: Mapping[Phase, Mapping[str, Observed]]
    instances: tuple[InstanceFact, ...]


async def replayed(
    ready: Ready, consumers: Sequence[EventConsumer], script: Script, around: Surroundings, *, whole: bool
) -> Run:
    """Replay the script to one version of the consumers.

    Args:
        ready: The version.
        consumers: The consumers, as the working tree configures them.
        script: What is sent.
        around: What the run depends on besides.
        whole: Whether all phases are wanted, or the first one alone.

    Raises:
        ConfigurationError: The version does not have such a service.
        InfrastructureError: A store died.
        SupervisionError: A consumer did not start.
    """
    lanes = _Lanes(ready, consumers, script, around)
    if not whole:
        found, facts = await lanes.in_order(again=False)
    else:
        found, facts = await _both(lanes)
    if died := _died(found[Phase.IN_ORDER], consumers):
        alone = await _one_by_one(ready, died, script, around)
        found = {**found, Phase.IN_ORDER: {**found[Phase.IN_ORDER], **alone}}
    return Run(ready.version.name, MappingProxyType(dict(found)), facts)


_Found = Mapping[Phase, Mapping[str, Observed]]


@dataclass(frozen=True, slots=True)
class _Lanes:
    """The two parts of a run that have nothing in common: each has processes, and a part of the stores, of its own."""

    ready: Ready
    consumers: Sequence[EventConsumer]
    script: Script
    around: Surroundings

    async def in_order(self, *, again: bool) -> tuple[_Found, tuple[InstanceFact, ...]]:
        found: dict[Phase, Mapping[str, Observed]] = {}
        plan = _plan(self.ready, self.consumers, self.around)
        async with _observer(plan, self.consumers, self.script, self.around) as (observer, scrub, facts):
            self.around.phases(self.ready.version.name, Phase.IN_ORDER)
            for wave in self.script.waves:
                await observer.send(wave)
            found[Phase.IN_ORDER] = scrub(await observer.observed())
            if again and not _died(found[Phase.IN_ORDER], self.consumers):
                self.around.phases(self.ready.version.name, Phase.AGAIN)
                await observer.send(self.script.events)
                found[Phase.AGAIN] = scrub(await observer.observed())
        return found, facts

    async def shuffled(self) -> _Found:
        plan = _plan(self.ready, self.consumers, self.around, _ANOTHER_ORDER)
        async with _observer(plan, self.consumers, self.script, self.around) as (observer, scrub, _):
            self.around.phases(self.ready.version.name, Phase.SHUFFLED)
            await observer.send(self.script.shuffled)
            return {Phase.SHUFFLED: scrub(await observer.observed())}


async def _both(lanes: _Lanes) -> tuple[_Found, tuple[InstanceFact, ...]]:
    """Return what all phases left; of a consumer that died in the first one, that alone."""
    try:
        async with asyncio.TaskGroup() as group:
            other = group.create_task(lanes.shuffled(), name="events in another order")
            found, facts = await lanes.in_order(again=True)
            if has_died := bool(_died(found[Phase.IN_ORDER], lanes.consumers)):
                other.cancel()
    except ExceptionGroup as failures:
        first = failures.exceptions[0]
        if isinstance(first, ServandaError):
            raise first from None
        raise
    return found if has_died else {**found, **other.result()}, facts


def _died(observed: Mapping[str, Observed], consumers: Sequence[EventConsumer]) -> tuple[EventConsumer, ...]:
    failures = {name: each.failed for name, each in observed.items() if each.failed is not None}
    return tuple(
        each for each in consumers if each.name in failures and failures[each.name].kind is DifferenceKind.DIED
    )


async def _one_by_one(
    ready: Ready, consumers: Sequence[EventConsumer], script: Script, around: Surroundings
) -> Mapping[str, Observed]:
    """Return what consumers that died showed when each record came alone: it is known then which one they died of."""
    if len(script.events) > _MOST_ALONE:
        return {}
    plan = _plan(ready, consumers, around)
    async with _observer(plan, consumers, script, around) as (observer, _, _facts):
        for sent in script.events:
            await observer.send([sent])
        found = await observer.observed()
    return {name: each for name, each in found.items() if each.failed is not None}


def _plan(ready: Ready, consumers: Sequence[EventConsumer], around: Surroundings, name: str = _IN_ORDER) -> Plan:
    services = ready.configuration.services
    for consumer in consumers:
        if consumer.name not in services:
            what = f"the version {ready.version.name} has no service '{consumer.name}'"
            raise ConfigurationError(what, where=f"events.consumers.{consumer.name}")
    instances = instances_of({ready.version.name: ready}, [ready.version.name])
    names = {instance.service: instance.name for instance in instances}
    folder = supervision.own_folder(around.configuration.root, name)
    return Plan(
        around.configuration,
        folder,
        around.environ,
        only=tuple(consumer.name for consumer in consumers),
        instances=instances,
        overrides={names[consumer.name]: consumer.environment for consumer in consumers},
    )


_Scrub = Callable[[Mapping[str, Observed]], Mapping[str, Observed]]


@contextlib.asynccontextmanager
async def _observer(
    plan: Plan, consumers: Sequence[EventConsumer], script: Script, around: Surroundings
) -> AsyncIterator[tuple[Observer, _Scrub, tuple[InstanceFact, ...]]]:
    began, found_stores = dt.datetime.now(tz=dt.UTC), dict[str, str]()

    def scrub(found: Mapping[str, Observed]) -> Mapping[str, Observed]:
        if any(each.failed is not None for each in found.values()):
            # What fails without them says nothing about a consumer.
            require_stores(found_stores)
        scrubber = Scrubber(around.known, began, dt.datetime.now(tz=dt.UTC))
        return {
            name: each if each.state is None else replace(each, state=scrubber.scrubbed(each.state))
            for name, each in found.items()
        }

    @contextlib.contextmanager
    def shared(_stores: object, _choice: infra.Choice, _listener: infra.Listener) -> Iterator[infra.Endpoints]:
        yield around.endpoints

    async with supervision.on_stores(plan, around.mode, provide=shared) as placed:
        found_stores.update(placed.stores)
        names = Names(around.configuration.events.topic, placed.namespace)
        cluster = Cluster(placed.stores["kafka.bootstrap"])
        topics = dict.fromkeys((*script.topics, *(topic for each in consumers for topic in each.topics)))
        letters = (names.dead_letters(each, topic) for each in consumers for topic in each.topics)
        cluster.make([*map(names.of, topics), *filter(None, dict.fromkeys(letters))], PARTITIONS)
        dsn = dsn_of(placed.stores)
        tables = {each.name: Tables(dsn, each.schema or each.name, each.ignore, each.waiting) for each in consumers}
        limits = around.configuration.limits
        try:
            async with supervision.start(placed, around.services) as running:
                facts = tuple(instance.fact for instance in running.instances)
                yield Observer(consumers, running, cluster, names, tables, limits), scrub, facts
        except ServandaError:
            # What fails without them says nothing about a consumer.
            require_stores(placed.stores)
            raise


def stores_of(ready: Sequence[Ready], consumers: Sequence[EventConsumer]) -> frozenset[Store]:
    """Return the stores that consumers, and what they depend on, need.

    Raises:
        ConfigurationError: A consumer has no Kafka or no PostgreSQL.
    """
    found: set[Store] = set()
    for version in ready:
        services = version.configuration.services
        waiting = [consumer.name for consumer in consumers]
        while waiting:
            if (service := services.get(waiting.pop())) is not None:
                found |= set(service.stores)
                waiting += service.depends_on
        for consumer in consumers:
            own = services[consumer.name].stores if consumer.name in services else ("kafka", "postgres")
            for store in ("kafka", "postgres"):
                if store not in own:
                    what = (
                        f"'{consumer.name}' has no store '{store}': events are replayed by Kafka, and effects are rows"
                    )
                    raise ConfigurationError(what, where=f"services.{consumer.name}.stores")
    return frozenset(found)
