"""Starting a system under test, and ending it in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Any, TypeAlias

from servanda.configuration import Service
from servanda.processes import make_private_folder
from servanda.supervision.events import Listener, ignore
from servanda.supervision.launch import launch
from servanda.supervision.migration import migrate
from servanda.supervision.order import start_order
from servanda.supervision.plan import Plan
from servanda.supervision.service import SupervisedService
from servanda.supervision.state import write_state
from servanda.supervision.system import System
from servanda.supervision.tasks import at_once

Running: TypeAlias = System[SupervisedService]
_Step: TypeAlias = Callable[[SupervisedService], Coroutine[Any, Any, None]]


@asynccontextmanager
async def start(plan: Plan, listener: Listener = ignore) -> AsyncIterator[Running]:
    """The planned services, all of them ready; at the end they are drained, dependents before what they depend on.

    Migrations run side by side first; then each service is started as soon as all that it depends on are ready. For as
    long as they run, the file ``state.json`` in the plan's folder says where they are.

    Raises:
        ConfigurationError: The configuration contradicts itself.
        SupervisionError: A service could not be migrated or started, or was not ready in time.
    """
    await migrate(plan, start_order(plan.configuration.services, plan.only), listener)
    async with start_migrated(plan, listener) as running:
        yield running


@asynccontextmanager
async def start_migrated(plan: Plan, listener: Listener = ignore) -> AsyncIterator[Running]:
    """See :func:`start`; what the services store is up to date already.

    Raises:
        ConfigurationError: The configuration contradicts itself.
        SupervisionError: A service could not be started, or was not ready in time.
    """
    services = start_order(plan.configuration.services, plan.only)
    for folder in (plan.folder, plan.folder / "logs"):
        make_private_folder(folder)
    supervised = {service.name: _supervise(plan, service, listener) for service in services}
    running: Running = System(MappingProxyType(supervised), plan.placeholders(), plan.facts)
    try:
        await _in_order(supervised, lambda name: supervised[name].service.depends_on, SupervisedService.start)
        state = write_state(running, plan.folder)
        try:
            yield running
        finally:
            state.unlink(missing_ok=True)
    finally:
        dependents = _dependents(services)
        await asyncio.shield(_in_order(supervised, dependents.__getitem__, SupervisedService.stop))


def _supervise(plan: Plan, service: Service, listener: Listener) -> SupervisedService:
    one = SupervisedService(lambda: launch(plan, service), plan.ready_seconds, listener)
    one.log.unlink(missing_ok=True)  # a log tells of one run
    return one


def _dependents(services: tuple[Service, ...]) -> Mapping[str, tuple[str, ...]]:
    return {
        service.name: tuple(other.name for other in services if service.name in other.depends_on)
        for service in services
    }


async def _in_order(
    supervised: Mapping[str, SupervisedService], after: Callable[[str], tuple[str, ...]], step: _Step
) -> None:
    """Take the step with each service as soon as it is done with all those that come before it."""
    done = {name: asyncio.Event() for name in supervised}

    async def take(name: str) -> None:
        for other in after(name):
            await done[other].wait()
        await step(supervised[name])
        done[name].set()

    await at_once({name: take(name) for name in supervised})
