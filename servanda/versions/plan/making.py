"""Making a plan from the versions and the order that is claimed to be safe."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from servanda.errors import ConfigurationError
from servanda.verdict import DeployOrder
from servanda.versions.plan.covering import mixtures
from servanda.versions.plan.step import Phase, Plan, Run, Step, Version


def make_plan(
    live: Sequence[Version],
    candidate: Version,
    services: Sequence[str],
    order: DeployOrder,
    *,
    seed: int = 0,
    instances: int = 2,
) -> Plan:
    """Return the plan of a rollout from each live version to the candidate.

    A run starts with all services old, exchanges one after the other with both versions live at once, is new as a
    whole, goes back to old and forward again. Where any order is claimed to be safe, another run passes the
    combinations of old and new services that the one order leaves out, so that each pair of services meets in all four.

    Args:
        live: The versions that are live, the oldest first.
        candidate: The version that is to be deployed.
        services: The services, each after those that it depends on.
        order: The claimed order: with ``consumers-first`` services are exchanged the other way round.
        seed: Of everything that is drawn.
        instances: How many instances a service has while it is exchanged: with three, one is new at first, and then
            two are.

    Raises:
        ConfigurationError: Nothing is live, there is no service, or two versions have the same name.
    """
    names = [version.name for version in (*live, candidate)]
    if not live:
        raise ConfigurationError(
            "no version is live: there is nothing that the candidate could meet",
            hint="name one: servanda versions --live REF, or [versions] live",
        )
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ConfigurationError(f"two versions are called '{twice}'", hint="name each live version once")
    if not services:
        raise ConfigurationError("no service is configured", hint="describe the services in [services.<name>]")
    ordered = tuple(reversed(services)) if order is DeployOrder.CONSUMERS_FIRST else tuple(services)
    runs: list[Run] = []
    taken = 0
    for version in live:
        combinations = mixtures(ordered, random.Random(seed)) if order is DeployOrder.ANY else ()  # noqa: S311
        old, new = version.name, candidate.name
        exchanges = tuple(_exchanges(old, new, instances))
        for states in (_rollout(old, new, ordered, exchanges), _mixed(old, new, ordered, combinations)):
            steps = tuple(replace(step, number=number) for number, step in enumerate(states, taken + 1))
            taken += len(steps)
            runs += [Run(version.name, steps)] if steps else []
    return Plan(candidate, tuple(live), ordered, order, seed, tuple(runs))


def _exchanges(old: str, new: str, instances: int) -> Iterable[tuple[str, ...]]:
    """Yield what lives of a service while it is exchanged: one new instance at first, and one old one in the end."""
    yield (*(old,) * (instances - 1), new)
    if instances > 2:
        yield (old, *(new,) * (instances - 1))


def _rollout(old: str, new: str, services: tuple[str, ...], exchanges: Sequence[tuple[str, ...]]) -> Iterable[Step]:
    yield Step(0, Phase.OLD, _live(services, (old,)))
    for position, service in enumerate(services):
        done = dict.fromkeys(services[:position], (new,))
        for both in exchanges:
            yield Step(0, Phase.ROLLING, _live(services, (old,), {**done, service: both}), service)
    yield Step(0, Phase.NEW, _live(services, (new,)))
    yield Step(0, Phase.ROLLED_BACK, _live(services, (old,)))
    yield Step(0, Phase.FORWARD, _live(services, (new,)))


def _mixed(old: str, new: str, services: tuple[str, ...], combinations: Collection[Iterable[str]]) -> Iterable[Step]:
    if combinations:
        yield Step(0, Phase.OLD, _live(services, (old,)))
    for combination in combinations:
        yield Step(0, Phase.MIXED, _live(services, (old,), dict.fromkeys(combination, (new,))))


def _live(
    services: tuple[str, ...], most: tuple[str, ...], others: Mapping[str, tuple[str, ...]] | None = None
) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({**dict.fromkeys(services, most), **(others or {})})
