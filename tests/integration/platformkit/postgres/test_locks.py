"""What one service waits for, no role of another service can hold."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import psycopg
import pytest
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.events import MemoryPublisher, Relay, outbox
from platformkit.postgres.migration import migrate
from servanda.infra.isolation import Namespace
from tests.integration.platformkit.events.working import working
from tests.integration.waiting import until

pytestmark = pytest.mark.usefixtures("servanda_postgres")

PASSWORD = "of these tests"
REVISION = """
from alembic import op
from platformkit.events import outbox_refusals, outbox_table, outbox_turns

revision = "0001"
down_revision = None


def upgrade():
    op.execute(outbox_table())
    op.execute(outbox_refusals())
    op.execute(outbox_turns())
"""
# Every lock that one of them waited for in earlier versions, or might be taken to wait for.
ADVISORY = """
    SELECT pg_advisory_lock(hashtextextended('alpha.relay', 0)), pg_advisory_lock(hashtext('alpha')),
        pg_advisory_lock(hashtext('platformkit.postgres.roles')),
        pg_advisory_lock(hashtextextended('alpha' || 'plt.identity.user.v1' || encode('u-1', 'hex'), 0)),
        pg_advisory_lock(hashtextextended('plt.identity.user.v1' || encode('u-1', 'hex'), 0))
"""


@pytest.fixture
def revisions(tmp_path: Path) -> Path:
    (tmp_path / "0001_outbox.py").write_text(REVISION)
    return tmp_path


@pytest.fixture
def alpha(servanda_namespace: Namespace, revisions: Path) -> str:
    """The address at which the role of the service alpha logs in, beside the schema of the service beta."""
    postgres = servanda_namespace.endpoints.postgres
    for service in ("alpha", "beta"):
        migrate(postgres.dsn, service, revisions, password=PASSWORD)
    return f"postgresql://alpha_rw:{PASSWORD.replace(' ', '%20')}@{postgres.host}:{postgres.port}/{postgres.database}"


@pytest.fixture
async def beta(alpha: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """A session of another service."""
    connection = await asyncpg.connect(alpha.replace("alpha_rw", "beta_rw"))
    yield connection
    await connection.close()


async def test_events_pass_whatever_another_service_locks(alpha: str, beta: asyncpg.Connection[asyncpg.Record]) -> None:
    await beta.execute(ADVISORY)
    published = MemoryPublisher()
    async with asyncpg.create_pool(alpha, min_size=0, command_timeout=10) as pool, working(Relay(pool, published).run):
        async with pool.acquire() as connection, connection.transaction():
            await outbox.append(connection, events_pb2.UserCreated(user=identity_pb2.User(user_id="u-1")))

        async def arrived() -> bool:
            return len(published.records) == 1

        await until(arrived)


async def test_a_schema_is_migrated_whatever_another_service_locks(
    alpha: str, beta: asyncpg.Connection[asyncpg.Record], servanda_namespace: Namespace, revisions: Path
) -> None:
    await beta.execute(ADVISORY)
    (revisions / "0002_more.py").write_text(
        REVISION.replace('"0001"', '"0002"')
        .replace("down_revision = None", 'down_revision = "0001"')
        .partition("    op.execute")[0]
        + '    op.execute("CREATE TABLE more ()")\n'
    )
    migrate(servanda_namespace.endpoints.postgres.dsn, "alpha", revisions)
    with psycopg.connect(alpha) as connection:
        assert connection.execute("SELECT count(*) FROM more").fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("LOCK TABLE alpha.outbox_relay IN EXCLUSIVE MODE", id="the turn of the relay"),
        pytest.param("SELECT FROM alpha.outbox_turns FOR UPDATE", id="the turns of keys"),
        pytest.param("LOCK TABLE alpha.outbox IN ACCESS SHARE MODE", id="the outbox"),
        pytest.param("COMMENT ON SCHEMA alpha IS 'mine'", id="the migrations"),
    ],
)
async def test_another_service_cannot_lock(beta: asyncpg.Connection[asyncpg.Record], statement: str) -> None:
    transaction = beta.transaction()
    await transaction.start()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await beta.execute(statement)
    await transaction.rollback()
