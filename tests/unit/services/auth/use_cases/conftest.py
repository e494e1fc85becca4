import pytest

from tests.unit.services.auth.use_cases.world import World


@pytest.fixture
async def world() -> World:
    world = World()
    await world.ada()
    return world
