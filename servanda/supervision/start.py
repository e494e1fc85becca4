"""Starting a system under test, and ending it in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Any, TypeAlias

from servanda.supervision.events import Listener, ignore
from servanda.supervision.instance import Instance
from servanda.supervision.launch import launch
from servanda.supervision.migration import migrate
from servanda.supervision.order import start_order
from servanda.supervision.plan import Plan, make_folders
from servanda.supervision.service import SupervisedService
from servanda.supervision.state import write_state
from servanda.supervision.system import System
from servanda.supervision.tasks import at_once

Running: TypeAlias = System[SupervisedService]
_Step: TypeAlias = Callable[[SupervisedService], Coroutine[Any, Any, None]]


@asynccontextmanager
async def start(plan: Plan, listener: Listener = ignore) -> AsyncIterator[Running]:
    """Start the planned instances and wait until all are ready; drain them at the end, dependents first.

    Migrations run side by side first; then each instance is started as soon as all that it depends on are ready. For as
    long as they run, the file ``state.json`` in the plan's folder says where they are.

    Raises:
        ConfigurationError: The configuration contradicts itself.
        SupervisionError: A service could not be migrated or started, or was not ready in time.
    """
    await migrate(plan, start_order(plan), listener)
    async with start_migrated(plan, listener) as running:
        yield running


@asynccontextmanager
async def start_migrated(plan: Plan, listener: Listener = ignore) -> AsyncIterator[Running]:
    """See :func:`start`; what the services store is up to date already.

    Raises:
        ConfigurationError: The configuration contradicts itself.
        SupervisionError: A service could not be started, or was not ready in time.
    """
    instances = start_order(plan)
    make_folders(plan, "logs")
    supervised = {instance: _supervise(plan, instance, listener) for instance in instances}
    running: Running = System(MappingProxyType(supervised), plan.placeholders(), plan.facts)
    before, after = _neighbours(plan, instances)
    try:
        await _in_order(supervised, before, SupervisedService.start)
        state = write_state(running, plan.folder)
        try:
            yield running
        finally:
            state.unlink(missing_ok=True)
    finally:
        await asyncio.shield(_in_order(supervised, after, SupervisedService.stop))


def _supervise(plan: Plan, instance: Instance, listener: Listener) -> SupervisedService:
    own, limit = plan.service_of(instance).ready_seconds, plan.configuration.limits.ready_seconds
    one = SupervisedService(lambda: launch(plan, instance), limit if own is None else own, listener)
    one.log.unlink(missing_ok=True)  # a log tells of one run
    return one


_Neighbours: TypeAlias = Mapping[Instance, list[Instance]]


def _neighbours(plan: Plan, instances: Iterable[Instance]) -> tuple[_Neighbours, _Neighbours]:
    """Return which instances each one depends on, and which depend on it."""
    ordered = tuple(instances)
    before: dict[Instance, list[Instance]] = {
        one: [other for other in ordered if other.service in plan.service_of(one).depends_on] for one in ordered
    }
    after = {one: [other for other in ordered if one in before[other]] for one in ordered}
    return before, after


async def _in_order(supervised: Mapping[Instance, SupervisedService], first: _Neighbours, step: _Step) -> None:
    """Take the step with each instance as soon as it is done with all those that come before it."""
    done = {instance: asyncio.Event() for instance in supervised}

    async def take(instance: Instance) -> None:
        for other in first[instance]:
            await done[other].wait()
        await step(supervised[instance])
        done[instance].set()

    await at_once({instance.name: take(instance) for instance in supervised})
