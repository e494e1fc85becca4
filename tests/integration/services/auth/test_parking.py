"""Events that auth cannot follow yet: they wait, and hold up nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.events import KafkaPublisher, Pool, Record, encode, topics_of
from services.auth.adapters.event_handlers import HEARD
from services.auth.application import application
from tests.integration.services.serving import serving
from tests.integration.waiting import until

GOOD_ID = "7f1f0f6e-2b1c-4c5d-8e9f-0000000000aa"
NO_ID = "nobody"

Publish = Callable[[list[Record]], Awaitable[None]]


@pytest.fixture
async def publish(environ: Mapping[str, str]) -> AsyncIterator[Publish]:
    publisher = KafkaPublisher(environ["KAFKA_BOOTSTRAP_SERVERS"], environ["NAMESPACE"], topics_of(HEARD))
    yield publisher.publish
    await publisher.close()


def record_of(message: events_pb2.UserUpdated | events_pb2.UserDeactivated) -> Record:
    return encode(message, event_id=str(uuid4()), time=datetime.now(UTC), request_id="request-1")


async def test_an_event_that_cannot_be_followed_waits_with_those_of_its_key_and_the_others_go_on(
    environ: Mapping[str, str], publish: Publish, pool: Pool
) -> None:
    async def two_wait() -> bool:
        rows = await pool.fetch("SELECT key, attempts FROM parked ORDER BY position")
        return [(row["key"], row["attempts"]) for row in rows] == [(NO_ID.encode(), 1), (NO_ID.encode(), 0)]

    async def other_is_followed() -> bool:
        return bool(await pool.fetchval("SELECT count(*) FROM accounts WHERE user_id = $1 AND NOT active", GOOD_ID))

    async with serving("auth", application, {**environ, "EVENT_RETRY_DELAYS": "60s"}):
        await publish(
            [
                record_of(events_pb2.UserUpdated(user=identity_pb2.User(user_id=NO_ID))),
                record_of(events_pb2.UserUpdated(user=identity_pb2.User(user_id=NO_ID))),
                record_of(events_pb2.UserDeactivated(user_id=GOOD_ID)),
            ]
        )
        await until(other_is_followed, 30)
        await until(two_wait, 30)
