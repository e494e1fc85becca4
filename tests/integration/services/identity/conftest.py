"""Identity's own stores: a migrated database, a key prefix and a topic suffix for each test."""

import hashlib
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

import services.identity
from platformkit.postgres import create_pool
from platformkit.postgres.migration import migrate
from platformkit.redis import connect
from treaty.infra import Endpoints, PostgresEndpoint, database_template, isolate

MIGRATIONS = Path(services.identity.__file__).with_name("migrations")


def migrated(postgres: PostgresEndpoint) -> None:
    migrate(postgres.dsn, "identity", MIGRATIONS)


@pytest.fixture
def environ(endpoints: Endpoints) -> Iterator[Mapping[str, str]]:
    sources = "".join(path.read_text() for path in sorted(MIGRATIONS.glob("*.py")))
    key = f"identity-{hashlib.sha256(sources.encode()).hexdigest()}"
    with isolate(endpoints, template=database_template(endpoints.postgres, key, migrated)) as own:
        postgres = own.endpoints.postgres
        yield {
            "POSTGRES_DSN": f"postgresql://identity_rw:identity_rw@{postgres.host}:{postgres.port}/{postgres.database}",
            "POSTGRES_ADMIN_DSN": postgres.dsn,
            "REDIS_URL": own.endpoints.redis.url,
            "KAFKA_BOOTSTRAP_SERVERS": own.endpoints.kafka.bootstrap,
            "NAMESPACE": own.name,
        }


@pytest.fixture
async def pool(environ: Mapping[str, str]) -> AsyncIterator[asyncpg.Pool]:
    async with await create_pool(environ["POSTGRES_DSN"]) as pool:
        yield pool


@pytest.fixture
async def redis(environ: Mapping[str, str]) -> AsyncIterator[Redis]:
    async with connect(environ["REDIS_URL"]) as client:
        yield client
