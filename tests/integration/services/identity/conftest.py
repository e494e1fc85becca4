from collections.abc import AsyncIterator, Iterator, Mapping

import asyncpg
import pytest
from redis.asyncio import Redis

from platformkit.postgres import create_pool
from platformkit.redis import connect
from servanda.infra import Endpoints
from tests.integration.services.identity_stores import identity_environ


@pytest.fixture
def environ(servanda_endpoints: Endpoints) -> Iterator[Mapping[str, str]]:
    """The environment of an identity process, but for its ports."""
    with identity_environ(servanda_endpoints) as environ:
        yield environ


@pytest.fixture
async def pool(environ: Mapping[str, str]) -> AsyncIterator[asyncpg.Pool]:
    async with await create_pool(environ["POSTGRES_DSN"]) as pool:
        yield pool


@pytest.fixture
async def redis(environ: Mapping[str, str]) -> AsyncIterator[Redis]:
    async with connect(environ["REDIS_URL"]) as client:
        yield client
