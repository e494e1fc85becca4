import asyncio
from datetime import UTC, datetime

from platformkit.discovery import (
    Instance,
    InstanceStatus,
    MemoryRegistry,
    Registration,
    RegistryUnavailableError,
)

INSTANCE = Instance(
    id="a",
    service="identity",
    host="127.0.0.1",
    grpc_port=1,
    http_port=2,
    interfaces=(),
    version="0",
    status=InstanceStatus.SERVING,
    started_at=datetime(2026, 1, 2, tzinfo=UTC),
)


class _Interrupted(MemoryRegistry):
    """A registry that is away for its first calls."""

    def __init__(self, outages: int) -> None:
        super().__init__()
        self._outages = outages

    async def register(self, instance: Instance) -> None:
        self._fail()
        await super().register(instance)

    async def deregister(self, instance_id: str) -> None:
        self._fail()
        await super().deregister(instance_id)

    def _fail(self) -> None:
        if self._outages > 0:
            self._outages -= 1
            raise RegistryUnavailableError("away")


async def _shown(registry: MemoryRegistry, expected: tuple[Instance, ...]) -> None:
    async with asyncio.timeout(5):
        async for instances in registry.watch():
            if instances == expected:
                return


async def test_an_instance_is_shown_although_the_registry_was_away_at_first() -> None:
    registry = _Interrupted(outages=3)
    keeping = asyncio.create_task(Registration(registry, INSTANCE, heartbeat_seconds=0.001).keep())
    await _shown(registry, (INSTANCE,))
    keeping.cancel()


async def test_an_instance_comes_back_to_a_registry_that_lost_everything() -> None:
    registry = MemoryRegistry()
    keeping = asyncio.create_task(Registration(registry, INSTANCE, heartbeat_seconds=0.001).keep())
    await _shown(registry, (INSTANCE,))
    await registry.deregister(INSTANCE.id)
    await _shown(registry, (INSTANCE,))
    keeping.cancel()


async def test_in_the_end_the_instance_is_taken_away() -> None:
    registry = MemoryRegistry([INSTANCE])
    await Registration(registry, INSTANCE).end()
    assert await registry.instances() == ()


async def test_an_instance_may_end_while_the_registry_is_away() -> None:
    await Registration(_Interrupted(outages=1), INSTANCE).end()
