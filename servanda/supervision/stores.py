"""The stores that services need, with a part of them that is this run's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from typing import TypeAlias

from servanda import infra
from servanda.configuration import Store
from servanda.errors import ServandaError
from servanda.extensions import STORES
from servanda.infra.isolation import isolate, new_name
from servanda.supervision.events import Listener, ignore
from servanda.supervision.fleet import Running
from servanda.supervision.launch import migration_stores
from servanda.supervision.migration import migrate
from servanda.supervision.order import start_order
from servanda.supervision.plan import Plan
from servanda.supervision.start import start_migrated
from servanda.supervision.tasks import at_once

Provide: TypeAlias = Callable[[Iterable[Store], infra.Choice, infra.Listener], AbstractContextManager[infra.Endpoints]]
"""Brings stores up for as long as a context lasts; see :func:`servanda.infra.start`."""


@asynccontextmanager
async def start_with_stores(
    plan: Plan,
    mode: str | None = None,
    *,
    stores: infra.Listener = infra.ignore,
    services: Listener = ignore,
    provide: Provide = infra.start,
) -> AsyncIterator[Running]:
    """Start the planned instances on their stores, in a namespace of this run's own; see :func:`start`.

    The instances of one service share its stores, as they do while a new version is rolled out.

    Migrations begin as soon as the stores that they name are up: the others, Kafka above all, take longer.

    Args:
        plan: What is to run; where the stores are is not known yet.
        mode: Provisioning of the stores, if the environment is not to decide; see :func:`servanda.infra.choose`.
        stores: Told about the progress of the stores, possibly from several threads at once.
        services: Told what happens to the services.
        provide: Brings stores up.

    Raises:
        ConfigurationError: The configuration contradicts itself.
        InfrastructureError: A store could not be started, reached or isolated.
        SupervisionError: A service could not be migrated or started, or was not ready in time.
    """
    starting = start_order(plan)
    services_of = [plan.service_of(instance) for instance in starting]
    needed = {store for service in services_of for store in service.stores}
    migrating = needed & {store for service in services_of for store in migration_stores(service)}
    choice = await asyncio.to_thread(infra.choose, mode, plan.environ, stores=needed)
    own = replace(plan, namespace=new_name())
    up = infra.Endpoints({})

    async with AsyncExitStack() as stack:

        async def bring_up(group: Collection[Store]) -> None:
            nonlocal up
            provided = provide(STORES.ordered(group), choice, stores)
            endpoints = await stack.enter_async_context(in_thread(_entered(provided, own.namespace)))
            up = infra.Endpoints({**up.stores, **endpoints.stores})

        async def migrated() -> None:
            await bring_up(migrating)
            await migrate(_on(own, up), starting, services)

        await at_once({"stores and migrations": migrated(), "other stores": bring_up(needed - migrating)})
        yield await stack.enter_async_context(start_migrated(_on(own, up), services))


@asynccontextmanager
async def on_stores(
    plan: Plan, mode: str | None = None, *, stores: infra.Listener = infra.ignore, provide: Provide = infra.start
) -> AsyncIterator[Plan]:
    """Bring up all stores that the planned instances need, and give the plan on them, in a namespace of its own.

    Args:
        plan: What is to run; where the stores are is not known yet.
        mode: Provisioning of the stores, see :func:`start_with_stores`.
        stores: Told about the progress of the stores, possibly from several threads at once.
        provide: Brings stores up.

    Raises:
        ConfigurationError: The configuration contradicts itself.
        InfrastructureError: A store could not be started, reached or isolated.
    """
    needed = {store for instance in start_order(plan) for store in plan.service_of(instance).stores}
    choice = await asyncio.to_thread(infra.choose, mode, plan.environ, stores=needed)
    own = replace(plan, namespace=new_name())
    async with in_thread(_entered(provide(STORES.ordered(needed), choice, stores), own.namespace)) as endpoints:
        yield _on(own, endpoints)


def _on(plan: Plan, endpoints: infra.Endpoints) -> Plan:
    return replace(plan, stores={**plan.stores, **endpoints.placeholders()}, facts=endpoints.facts)


@asynccontextmanager
async def in_thread(work: AbstractContextManager[infra.Endpoints]) -> AsyncIterator[infra.Endpoints]:
    """Enter stores in a thread, and leave them in one; whoever is cancelled meanwhile leaves none behind."""
    entering = asyncio.create_task(asyncio.to_thread(work.__enter__), name="start stores")
    try:
        endpoints = await asyncio.shield(entering)
    except asyncio.CancelledError:
        # A thread cannot be cancelled; what it starts has to be ended all the same.
        with suppress(ServandaError):
            await entering
            await asyncio.to_thread(work.__exit__, None, None, None)
        raise
    try:
        yield endpoints
    finally:
        await asyncio.shield(asyncio.to_thread(work.__exit__, None, None, None))


@contextmanager
def _entered(stores: AbstractContextManager[infra.Endpoints], name: str) -> Iterator[infra.Endpoints]:
    with stores as endpoints, isolate(endpoints, name=name) as namespace:
        yield namespace.endpoints
