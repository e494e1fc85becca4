"""Starting a system under test, and ending it in order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from servanda.supervision.events import Listener, ignore
from servanda.supervision.fleet import Fleet, Running
from servanda.supervision.migration import migrate
from servanda.supervision.order import start_order
from servanda.supervision.plan import Plan
from servanda.supervision.state import write_state


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
    fleet = Fleet(plan, listener)
    try:
        running = await fleet.become(start_order(plan))
        state = write_state(running, plan.folder)
        try:
            yield running
        finally:
            state.unlink(missing_ok=True)
    finally:
        await fleet.close()
