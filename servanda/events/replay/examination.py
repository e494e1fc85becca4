"""A whole replay: corpus, versions, runs, and what of the effects is not as expected."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from servanda import infra, supervision
from servanda.configuration import Configuration, EventConsumer
from servanda.errors import ConfigurationError, ContractError
from servanda.events.corpus import Corpus, KeptEvent
from servanda.events.replay import effects
from servanda.events.replay.comparison import Attribution, only_of
from servanda.events.replay.difference import Difference, Phase
from servanda.events.replay.effects import Effects
from servanda.events.replay.judgement import Expected, Judge
from servanda.events.replay.run import Run, Surroundings, replayed, stores_of
from servanda.events.replay.script import Script, lanes_of, script_of
from servanda.events.replay.state import State, identifiers_in
from servanda.extensions import STORES
from servanda.verdict import InstanceFact, Outcome
from servanda.versions.builds import Builds, named_version, working_tree
from servanda.versions.phases import Ready, read_ready
from servanda.versions.plan import Version

_ACCEPT: Final = "servanda events replay {consumer} --accept"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Request for a replay.

    Attributes:
        consumers: Names of the consumers; all that are configured if empty.
        only: Shape, or the beginning of its name; its key's events alone are sent. Empty for all.
        live: A live version of the consumers, whose effects are expected; empty for the accepted ones.
        seed: Of the other order.
        accept: Whether the effects are to be accepted, whatever they are.
    """

    consumers: tuple[str, ...] = ()
    only: str = ""
    live: str = ""
    seed: int = 1
    accept: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A replay that can begin.

    Attributes:
        events: The recorded events that are sent.
        script: What is sent, and in which order.
        whole: What is sent without a choice.
        expected: The accepted effects by consumer; empty if others are expected.
    """

    wanted: Wanted
    consumers: tuple[EventConsumer, ...]
    events: tuple[KeptEvent, ...]
    script: Script
    whole: Script
    expected: Mapping[str, Effects]


@dataclass(frozen=True, slots=True)
class Listeners:
    """Listeners to the progress of a replay."""

    stores: infra.Listener = infra.ignore
    services: supervision.Listener = supervision.ignore
    phases: Callable[[str, Phase], None] = lambda _version, _phase: None


@dataclass(frozen=True, slots=True)
class Examination:
    """Result of a replay.

    Attributes:
        differences: What does not hold.
        effects: What the working tree left, by consumer; none of a consumer that failed.
        instances: The instances that ran.
        records: Number of records that were sent to each version in one phase.
    """

    differences: tuple[Difference, ...]
    effects: tuple[Effects, ...]
    instances: tuple[InstanceFact, ...]
    records: int

    @property
    def outcome(self) -> Outcome:
        """Return what follows."""
        return Outcome.BROKEN if self.differences else Outcome.HELD


def prepare(corpus: Corpus, configuration: Configuration, wanted: Wanted) -> Prepared:
    """Return the replay that is wanted; nothing is started.

    Raises:
        ConfigurationError: No such consumer is configured, or it reads no topic of the corpus.
        ContractError: There is no such shape, or effects were not accepted, or for other events.
    """
    consumers = _consumers(configuration, wanted)
    topics = {topic for consumer in consumers for topic in consumer.topics}
    whole = script_of(corpus.events, topics, wanted.seed)
    chosen = lanes_of(corpus.events, corpus.of_shape(wanted.only)) if wanted.only else corpus.events
    events = tuple(each for each in chosen if each.topic in topics)
    script = script_of(chosen, topics, wanted.seed)
    if not script.events:
        hint = "record some: servanda events record"
        raise ContractError("no event of these consumers is recorded", where=os.fspath(corpus.folder), hint=hint)
    expected: dict[str, Effects] = {}
    if not wanted.live and not wanted.accept:
        expected = {each.name: _accepted(corpus.folder, each, whole) for each in consumers}
    return Prepared(wanted, consumers, events, script, whole, expected)


async def examine(
    prepared: Prepared,
    configuration: Configuration,
    environ: Mapping[str, str],
    *,
    mode: str | None = None,
    listeners: Listeners = Listeners(),
    endpoints: infra.Endpoints | None = None,
) -> Examination:
    """Replay the events, and compare the effects.

    Args:
        prepared: What is replayed.
        configuration: That of the working tree.
        environ: Environment that every process starts from.
        mode: Provisioning of the stores.
        listeners: Told about the progress.
        endpoints: Stores that are up already; brought up if one that is needed is not among them.

    Raises:
        ConfigurationError: A version cannot be found or built, or has no such consumer.
        InfrastructureError: A store did not start, or died.
        SupervisionError: A consumer did not start.
    """
    live = [named_version(prepared.wanted.live, configuration, environ)] if prepared.wanted.live else []
    versions = [await _ready(version, configuration, environ) for version in (*live, working_tree())]
    stores = stores_of(versions, prepared.consumers)
    known = identifiers_in(_bytes(prepared.whole))
    async with _up(stores, mode, environ, listeners.stores, endpoints) as up:
        around = Surroundings(configuration, up, environ, known, mode, listeners.services, listeners.phases)
        runs = [
            await replayed(ready, prepared.consumers, prepared.script, around, whole=ready is versions[-1])
            for ready in versions
        ]
    return _judged(prepared, runs)


def _judged(prepared: Prepared, runs: Sequence[Run]) -> Examination:
    attribution = Attribution(prepared.whole.events)
    found: list[Difference] = []
    left: list[Effects] = []
    *live, candidate = runs
    for consumer in prepared.consumers:
        judge = Judge(consumer, prepared.script, attribution, prepared.wanted.live)
        observed = candidate.phases[Phase.IN_ORDER][consumer.name]
        own = [sent for sent in prepared.whole.events if sent.record.topic in consumer.topics]
        if observed.state is not None:
            left.append(Effects(consumer.name, effects.digest_of(own), frozenset(observed.refused), observed.state))
        for run in live:
            before = run.phases[Phase.IN_ORDER][consumer.name]
            # What the old version cannot do at all, it cannot do with events of the new one either.
            if before.state is None:
                nothing = Expected("nobody", frozenset(), {})
                found += judge.judge(run, nothing)
        found += judge.judge(candidate, _expected(prepared, consumer, live, candidate, attribution))
    return Examination(
        tuple(found), tuple(left), tuple(fact for run in runs for fact in run.instances), len(prepared.script.events)
    )


def _expected(
    prepared: Prepared, consumer: EventConsumer, live: Sequence[Run], candidate: Run, attribution: Attribution
) -> Expected:
    for run in live:
        before = run.phases[Phase.IN_ORDER][consumer.name]
        if before.state is not None:
            return Expected(f"the live version {run.version}", frozenset(before.refused), before.state)
    accepted = prepared.expected.get(consumer.name)
    if accepted is None:
        own = candidate.phases[Phase.IN_ORDER][consumer.name]
        return Expected("itself", frozenset(own.refused), own.state or {})
    state: State = accepted.state
    refused = accepted.refused
    if prepared.wanted.only:
        state = only_of(state, prepared.script.events, attribution)
        refused &= {sent.record.digest for sent in prepared.script.events}
    return Expected("the accepted effects", refused, state, partial=bool(prepared.wanted.only))


def _consumers(configuration: Configuration, wanted: Wanted) -> tuple[EventConsumer, ...]:
    known = configuration.events.consumers
    where = str(configuration.file) if configuration.file is not None else None
    if not known:
        hint = 'describe one: [events.consumers.NAME] with topics = ["..."]'
        raise ConfigurationError("no consumer of events is configured", where=where, hint=hint)
    for name in (*wanted.consumers, *known):
        if name not in known:
            what = f"no consumer '{name}' is configured; known: {', '.join(sorted(known))}"
            raise ConfigurationError(what, where=where)
        if name not in configuration.services:
            hint = f"known services: {', '.join(sorted(configuration.services)) or 'none'}"
            raise ConfigurationError(f"the consumer '{name}' is no service", where=where, hint=hint)
        if not known[name].topics:
            what = f"the consumer '{name}' reads no topic"
            raise ConfigurationError(what, where=where, hint='name them: topics = ["..."]')
    return tuple(known[name] for name in dict.fromkeys(wanted.consumers or tuple(known)))


def _accepted(folder: Path, consumer: EventConsumer, whole: Script) -> Effects:
    accepted = effects.read(folder, consumer.name)
    hint = (
        f"review and accept them: {_ACCEPT.format(consumer=consumer.name)}; or compare with a version: --live VERSION"
    )
    if accepted is None:
        where = os.fspath(effects.place_of(folder, consumer.name))
        raise ContractError(f"no effects of '{consumer.name}' were accepted", where=where, hint=hint)
    own = [sent for sent in whole.events if sent.record.topic in consumer.topics]
    if (digest := effects.digest_of(own)) != accepted.events:
        what = (
            f"the effects of '{consumer.name}' were accepted for other events: expected {digest[:16]}, "
            f"found {accepted.events[:16]}"
        )
        raise ContractError(what, where=os.fspath(effects.place_of(folder, consumer.name)), hint=hint)
    return accepted


async def _ready(version: Version, configuration: Configuration, environ: Mapping[str, str]) -> Ready:
    return read_ready(version, await Builds(configuration, environ).source(version), configuration)


def _bytes(script: Script) -> Iterable[bytes]:
    for sent in script.events:
        record = sent.record
        yield from (each for each in (record.key, record.value, *(value for _, value in record.headers)) if each)


@asynccontextmanager
async def _up(
    stores: Iterable[str],
    mode: str | None,
    environ: Mapping[str, str],
    listener: infra.Listener,
    given: infra.Endpoints | None,
) -> AsyncIterator[infra.Endpoints]:
    needed = STORES.ordered(stores)
    if given is not None and all(store in given.stores for store in needed):
        # Those that nobody asked for need no part of their own.
        yield infra.Endpoints({store: given.stores[store] for store in needed})
        return
    choice = await asyncio.to_thread(infra.choose, mode, environ, stores=needed)
    async with supervision.in_thread(infra.start(needed, choice, listener)) as endpoints:
        yield endpoints
