from collections.abc import AsyncIterator, Iterator, Mapping

import pytest
from redis.asyncio import Redis

from platformkit.events import Pool
from platformkit.postgres import create_pool
from platformkit.redis import connect
from servanda.infra import Endpoints
from tests.integration.services.service_stores import service_environs

# Cheap hashes, for nobody has to be kept out of these tests.
HASHES = {"ARGON2_TIME_COST": "1", "ARGON2_MEMORY_KIB": "64"}


@pytest.fixture
def environs(servanda_endpoints: Endpoints) -> Iterator[Mapping[str, Mapping[str, str]]]:
    """The environment of a process of auth and of one of identity, but for their ports."""
    with service_environs(servanda_endpoints, ["auth", "identity"]) as environs:
        yield {**environs, "auth": {**environs["auth"], **HASHES}}


@pytest.fixture
def environ(environs: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    return environs["auth"]


@pytest.fixture
async def pool(environ: Mapping[str, str]) -> AsyncIterator[Pool]:
    async with await create_pool(environ["POSTGRES_DSN"]) as pool:
        yield pool


@pytest.fixture
async def redis(environ: Mapping[str, str]) -> AsyncIterator[Redis]:
    client = connect(environ["REDIS_URL"])
    yield client
    await client.aclose()
