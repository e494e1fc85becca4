"""A whole mixed-version run: versions made ready, every run of the plan carried out, the outcome."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from servanda import infra, supervision
from servanda.configuration import Configuration, revision
from servanda.errors import ConfigurationError, SupervisionError
from servanda.policy.evidence import Pairing
from servanda.supervision import start_order
from servanda.verdict import InstanceFact, InteractionResult, Outcome, combine
from servanda.versions.builds import Builds
from servanda.versions.oracle import Break
from servanda.versions.phases import Ready, StepListener, Surroundings, carry_out, ignore, read_ready
from servanda.versions.plan import Phase, Plan, Run, Version
from servanda.versions.shrink import shrunk
from servanda.versions.side_by_side import carry_out_all, runs_at_once


@dataclass(frozen=True, slots=True)
class Listeners:
    """Listeners to the progress of a mixed-version run.

    Attributes:
        built: Told of each version that is made ready, before that begins.
        borrowing: Told of each version that is run by the configuration of the working tree, because it has none.
        tried: Told of each smaller run, before it is tried.
        logs: Folder of the logs below ``.servanda``: two runs at once need two.
        probe: Watches the processes of services from within.
    """

    steps: StepListener = ignore
    stores: infra.Listener = infra.ignore
    services: supervision.Listener = supervision.ignore
    built: Callable[[Version], None] = lambda _: None
    borrowing: Callable[[Version], None] = lambda _: None
    tried: Callable[[Run], None] = lambda _: None
    logs: str = "versions"
    probe: supervision.Probe = supervision.no_probe

    def around(
        self, configuration: Configuration, versions: Mapping[str, Ready], environ: Mapping[str, str], mode: str | None
    ) -> Surroundings:
        """Return what a run depends on besides its steps, with these listeners."""
        told = (self.steps, self.stores, self.services)
        return Surroundings(configuration, versions, environ, mode, *told, self.logs, self.probe)


@dataclass(frozen=True, slots=True)
class Examination:
    """Result of a mixed-version run.

    Attributes:
        breaks: What does not hold: for each live version that of the first step that shows something.
        results: The interactions that were verified; each once for each instance, the worst result of all steps.
        steps: Numbers of the steps that were taken.
        instances: The instances that ran.
        pairings: The versions that were tried together, each pair once with its worst outcome.
    """

    breaks: tuple[Break, ...]
    results: tuple[InteractionResult, ...]
    steps: tuple[int, ...]
    instances: tuple[InstanceFact, ...]
    pairings: tuple[Pairing, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """Return what follows: broken by one break, unknown where an interaction is."""
        if self.breaks:
            return Outcome.BROKEN
        proven = combine(result.outcome for result in self.results) if self.results else Outcome.HELD
        return proven if self.steps else Outcome.UNKNOWN


async def make_ready(
    plan: Plan, configuration: Configuration, environ: Mapping[str, str], listeners: Listeners = Listeners()
) -> Mapping[str, Ready]:
    """Make all versions of a plan ready to run; the candidate is the last one.

    Raises:
        ConfigurationError: A version cannot be built as it is, or has no configuration.
        ProcessError: A build failed.
    """
    builds = Builds(configuration, environ)
    found: dict[str, Ready] = {}
    for version in plan.versions:
        if version.commit or version.folder or version.is_artifact:
            listeners.built(version)
        found[version.name] = ready = read_ready(version, await builds.source(version), configuration)
        if not ready.is_described:
            listeners.borrowing(version)
    return found


async def examine(
    plan: Plan,
    configuration: Configuration,
    environ: Mapping[str, str] = os.environ,
    *,
    only: int | None = None,
    mode: str | None = None,
    listeners: Listeners = Listeners(),
) -> Examination:
    """Carry out a plan.

    Args:
        plan: The plan.
        configuration: That of the working tree.
        environ: Environment that every process starts from.
        only: Number of a step: its run goes from the first step straight to this one, by way of those without which it
            would be another one (back needs new, forward needs back).
        mode: Provisioning of the stores.
        listeners: Told about the progress.

    Raises:
        ConfigurationError: The plan was made at another commit, has no such step, or a version cannot be run.
        ServandaError: Something kept it from being carried out.
    """
    _require_same_commit(plan, configuration)
    runs = plan.runs if only is None else (_shortened(plan, only),)
    versions = await make_ready(plan, configuration, environ, listeners)
    around = replace(listeners.around(configuration, versions, environ, mode), seed=plan.seed)
    at_once = 1 if len(runs) == 1 else await asyncio.to_thread(runs_at_once, configuration, environ, mode)
    finished = await carry_out_all(runs, around, at_once)
    results: dict[tuple[str, str, str], InteractionResult] = {}
    pairings: dict[tuple[str, ...], Pairing] = {}
    for step in finished:
        for result in step.results:
            _keep_worst(results, (result.consumer, result.instance, result.interaction), result)
        for pairing in step.pairings:
            one, other = (pairing.consumer, pairing.consumer_version), (pairing.provider, pairing.provider_version)
            _keep_worst(pairings, (*one, *other), pairing)
    return Examination(
        tuple(broken for step in finished for broken in step.breaks),
        tuple(results.values()),
        tuple(step.step.number for step in finished),
        tuple(ready.instance(service).fact for ready in versions.values() for service in plan.services),
        tuple(sorted(pairings.values())),
    )


async def shrink(
    plan: Plan,
    found: Examination,
    configuration: Configuration,
    environ: Mapping[str, str] = os.environ,
    *,
    mode: str | None = None,
    listeners: Listeners = Listeners(),
) -> Plan:
    """Return a plan of the smallest run that shows the first break of an examination: try smaller ones.

    Args:
        plan: The plan that was carried out, or of which a step was.
        found: What it showed; at least one break.
        configuration: That of the working tree.
        environ: Environment that every process starts from.
        mode: Provisioning of the stores; each trial has fresh ones.
        listeners: Told about the progress.

    Raises:
        ServandaError: Something kept a trial from being carried out.
    """
    broken = found.breaks[0]
    run = next(run for run in plan.runs if broken.step in run.steps)
    taken = tuple(step for step in run.steps if step.number in found.steps)
    versions = await make_ready(plan, configuration, environ)
    around = replace(listeners.around(configuration, versions, environ, mode), seed=plan.seed)

    async def breaks_as_well(smaller: Run) -> bool:
        listeners.tried(smaller)
        try:
            async with contextlib.aclosing(carry_out(smaller, around)) as finished_steps:
                async for finished in finished_steps:
                    if finished.breaks:
                        same = any(each.identity == broken.identity for each in finished.breaks)
                        return same and finished.step == smaller.steps[-1]
        except SupervisionError:
            return False  # what does not start as a whole shows another fault
        return False

    smallest = await shrunk(replace(run, steps=taken), breaks_as_well)
    live = tuple(version for version in plan.live if version.name == run.old)
    return replace(plan, live=live, runs=(smallest,))


def services_of(configuration: Configuration) -> tuple[str, ...]:
    """Return the configured services, each after those that it depends on.

    Raises:
        ConfigurationError: They depend on each other in a circle.
    """
    plan = supervision.Plan(configuration, Path(), {})
    return tuple(instance.service for instance in start_order(plan))


def _require_same_commit(plan: Plan, configuration: Configuration) -> None:
    if not plan.base:
        return
    here = revision(configuration.root).commit
    if here != plan.base:
        what = f"the plan was made at commit {plan.base[:12]}, and this is {here[:12]}"
        raise ConfigurationError(what, hint="make a new plan, or check that commit out")


def _shortened(plan: Plan, number: int) -> Run:
    for run in plan.runs:
        wanted = next((step for step in run.steps if step.number == number), None)
        if wanted is not None:
            before = {
                Phase.ROLLED_BACK: (Phase.OLD, Phase.NEW),
                Phase.FORWARD: (Phase.OLD, Phase.NEW, Phase.ROLLED_BACK),
            }.get(wanted.phase, (Phase.OLD,))
            return replace(run, steps=tuple(step for step in run.steps if step is wanted or step.phase in before))
    numbers = [step.number for step in plan]
    what = f"the plan has no step {number}: it has {min(numbers)} to {max(numbers)}"
    raise ConfigurationError(what, hint="servanda versions --dry-run shows the steps")


_Key = TypeVar("_Key", bound=tuple[str, ...])
_Told = TypeVar("_Told", InteractionResult, Pairing)
_WORST_FIRST = (Outcome.BROKEN, Outcome.UNKNOWN, Outcome.PENDING, Outcome.HELD)


def _keep_worst(known: dict[_Key, _Told], key: _Key, told: _Told) -> None:
    worst = known.get(key)
    if worst is None or _WORST_FIRST.index(told.outcome) < _WORST_FIRST.index(worst.outcome):
        known[key] = told
