"""The stores that services need, with a part of them that is this run's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace

from treaty import infra
from treaty.configuration import Service, Store
from treaty.errors import TreatyError
from treaty.infra.isolation import Namespace, isolate
from treaty.supervision.events import Listener, ignore
from treaty.supervision.order import start_order
from treaty.supervision.plan import Plan
from treaty.supervision.start import Running, start


@asynccontextmanager
async def own_stores(
    services: Iterable[Service],
    environ: Mapping[str, str],
    mode: str | None = None,
    listener: infra.Listener = infra.ignore,
) -> AsyncIterator[Namespace]:
    """The stores that these services name, and in them a namespace of this run's own, for as long as the context lasts.

    Args:
        services: Who needs them.
        environ: Decides how they are provided, see :func:`treaty.infra.choose`.
        mode: Way of providing them, if the environment is not to decide.
        listener: Told about progress, possibly from several threads at once.

    Raises:
        InfrastructureError: A store could not be started, reached or isolated.
    """
    needed = {store for service in services for store in service.stores}
    choice = await asyncio.to_thread(infra.choose, mode, environ)
    stores = _started([store for store in Store if store in needed], choice, listener)
    entering = asyncio.create_task(asyncio.to_thread(stores.__enter__), name="start stores")
    try:
        namespace = await asyncio.shield(entering)
    except asyncio.CancelledError:
        # A thread cannot be cancelled; what it starts has to be ended all the same.
        with suppress(TreatyError):
            await entering
            await asyncio.to_thread(stores.__exit__, None, None, None)
        raise
    try:
        yield namespace
    finally:
        await asyncio.shield(asyncio.to_thread(stores.__exit__, None, None, None))


@asynccontextmanager
async def start_with_stores(
    plan: Plan, mode: str | None = None, *, stores: infra.Listener = infra.ignore, services: Listener = ignore
) -> AsyncIterator[Running]:
    """The planned services on stores, and in a namespace, of this run's own; see :func:`own_stores` and :func:`start`.

    Raises:
        ConfigurationError: The configuration contradicts itself.
        InfrastructureError: A store could not be started, reached or isolated.
        SupervisionError: A service could not be migrated or started, or was not ready in time.
    """
    needing = start_order(plan.configuration.services, plan.only)
    async with own_stores(needing, plan.environ, mode, stores) as own:
        placed = replace(
            plan,
            stores={**plan.stores, **own.endpoints.placeholders()},
            namespace=own.name,
            facts=own.endpoints.facts,
        )
        async with start(placed, services) as running:
            yield running


@contextmanager
def _started(stores: Iterable[Store], choice: infra.Choice, listener: infra.Listener) -> Iterator[Namespace]:
    with infra.start(stores, choice, listener) as endpoints, isolate(endpoints) as namespace:
        yield namespace
