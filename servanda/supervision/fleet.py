"""A set of running instances that can be exchanged while it runs, as a rollout does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeAlias

from servanda.supervision.events import Listener, ignore
from servanda.supervision.instance import Instance
from servanda.supervision.launch import launch
from servanda.supervision.migration import migrate
from servanda.supervision.order import start_order
from servanda.supervision.plan import Plan, make_folders
from servanda.supervision.service import SupervisedService
from servanda.supervision.system import System
from servanda.supervision.tasks import at_once

Running: TypeAlias = System[SupervisedService]
_Step: TypeAlias = Callable[[SupervisedService], Coroutine[Any, Any, None]]
_Neighbours: TypeAlias = Mapping[Instance, list[Instance]]


class Fleet:
    """Instances of a plan, of which some run.

    Args:
        plan: Every instance that may ever run, on stores that are up.
        listener: Told what happens to the services.
    """

    def __init__(self, plan: Plan, listener: Listener = ignore) -> None:
        self._plan = plan
        self._listener = listener
        self._ordered = start_order(plan)
        self._supervised: dict[Instance, SupervisedService] = {}
        self._migrated: set[Instance] = set()

    @property
    def running(self) -> Running:
        """Return the system that the instances are now, each after those that it depends on."""
        now = {one: self._supervised[one] for one in self._ordered if one in self._supervised}
        return System(MappingProxyType(now), self._plan.placeholders(), self._plan.facts)

    async def migrate(self, instances: Iterable[Instance]) -> None:
        """Run the migrations of instances, each version once: what an earlier one migrated is not migrated back.

        Raises:
            ConfigurationError: A migration names a placeholder that has no value.
            SupervisionError: A migration failed or took too long.
        """
        asked = {replace(one, number=1) for one in instances} - self._migrated
        await migrate(self._plan, (one for one in self._ordered if one in asked), self._listener)
        self._migrated |= asked

    async def become(self, instances: Iterable[Instance]) -> Running:
        """Start what is missing, wait until it is ready, and only then end what is not wanted any more.

        Args:
            instances: Those of the plan that run afterwards.

        Raises:
            SupervisionError: A service could not be started, or was not ready in time.
        """
        wanted = set(instances)
        make_folders(self._plan, "logs")
        missing = {one: self._supervise(one) for one in self._ordered if one in wanted and one not in self._supervised}
        self._supervised |= missing
        before, _ = self._neighbours(missing)
        await _in_order(missing, before, SupervisedService.start)
        await self._end({one: each for one, each in self._supervised.items() if one not in wanted})
        return self.running

    async def close(self) -> None:
        """End all of it, dependents first."""
        await self._end(dict(self._supervised))

    async def _end(self, ended: Mapping[Instance, SupervisedService]) -> None:
        _, after = self._neighbours(ended)
        await asyncio.shield(_in_order(ended, after, SupervisedService.stop))
        for one in ended:
            self._supervised.pop(one, None)

    def _supervise(self, instance: Instance) -> SupervisedService:
        plan = self._plan
        own, limit = plan.service_of(instance).ready_seconds, plan.configuration.limits.ready_seconds
        one = SupervisedService(lambda: launch(plan, instance), limit if own is None else own, self._listener)
        one.log.unlink(missing_ok=True)  # a log tells of one run
        return one

    def _neighbours(self, instances: Iterable[Instance]) -> tuple[_Neighbours, _Neighbours]:
        """Return which of these instances each one depends on, and which depend on it."""
        asked = set(instances)
        ordered = tuple(one for one in self._ordered if one in asked)
        before: dict[Instance, list[Instance]] = {
            one: [other for other in ordered if other.service in self._plan.service_of(one).depends_on]
            for one in ordered
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
