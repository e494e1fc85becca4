"""The command that looks after events, on a real broker."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime

import pytest
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.events import (
    Connection,
    Consumer,
    Event,
    KafkaPublisher,
    KafkaSubscription,
    Pool,
    PostgresInbox,
    Record,
    Topic,
    encode,
)
from platformkit.events.__main__ import main
from servanda.infra import Namespace
from tests.integration.platformkit.events.working import working
from tests.integration.waiting import until

TOPIC = Topic("plt.identity.user.v1")

Run = Callable[..., "tuple[int, str, str]"]


def created(name: str) -> Record:
    message = events_pb2.UserCreated(user=identity_pb2.User(user_id=name))
    return encode(message, event_id=str(uuid.uuid4()), time=datetime.now(UTC), request_id="r-1")


class Moody:
    """A handler that refuses events about some users."""

    def __init__(self) -> None:
        self.refused: set[str] = set()

    async def __call__(self, connection: Connection, event: Event) -> None:
        assert isinstance(event.message, events_pb2.UserCreated)
        name = event.message.user.user_id
        if name in self.refused:
            raise RuntimeError(f"{name} is not welcome")
        await connection.execute("INSERT INTO effects (user_id) VALUES ($1)", name)


@pytest.fixture
def environ(bootstrap: str, servanda_namespace: Namespace, dsn: str) -> Mapping[str, str]:
    return {"KAFKA_BOOTSTRAP_SERVERS": bootstrap, "NAMESPACE": servanda_namespace.name, "POSTGRES_DSN": dsn}


@pytest.fixture
async def letters(bootstrap: str, servanda_namespace: Namespace) -> AsyncIterator[KafkaPublisher]:
    publisher = KafkaPublisher(bootstrap, servanda_namespace.name, [TOPIC.dead_letters()])
    yield publisher
    await publisher.close()


@pytest.fixture
def run(environ: Mapping[str, str], capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()  # what the consumers of this process have logged
        code = main(arguments, environ)
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


class Consuming:
    """A consumer that can be stopped and started again."""

    def __init__(self, environ: Mapping[str, str], pool: Pool, letters: KafkaPublisher) -> None:
        self.handler = Moody()
        self._environ = environ
        self._pool = pool
        self._letters = letters

    async def applied(self, count: int) -> list[str]:
        """Consume until so many events have had their effect."""

        async def done() -> bool:
            return len(await self._effects()) >= count

        await self._consume(done)
        return await self._effects()

    async def given_up(self, length: Callable[[Topic], int], count: int) -> None:
        """Consume until so many letters are there."""

        async def done() -> bool:
            return await asyncio.to_thread(length, TOPIC.dead_letters()) >= count

        await self._consume(done)

    async def _consume(self, done: Callable[[], object]) -> None:
        subscription = KafkaSubscription(
            self._environ["KAFKA_BOOTSTRAP_SERVERS"], self._environ["NAMESPACE"], "audit", [TOPIC]
        )
        consumer = Consumer(
            subscription,
            PostgresInbox(self._pool, "audit"),
            {events_pb2.UserCreated: self.handler},
            self._letters,
            name="audit",
        )
        async with working(consumer.run):
            await until(done, 60)  # type: ignore[arg-type]
        await subscription.close()

    async def _effects(self) -> list[str]:
        return [row["user_id"] for row in await self._pool.fetch("SELECT user_id FROM effects ORDER BY position")]


@pytest.fixture
def consuming(environ: Mapping[str, str], pool: Pool, letters: KafkaPublisher) -> Consuming:
    return Consuming(environ, pool, letters)


async def test_dead_letters_are_listed_shown_and_sent_back_once(
    consuming: Consuming, publisher: KafkaPublisher, length: Callable[[Topic], int], run: Run
) -> None:
    consuming.handler.refused = {"ada", "eve"}
    await publisher.publish([created("ada"), created("bob"), created("eve")])
    await consuming.given_up(length, 2)

    code, listed, _ = await asyncio.to_thread(run, "list")
    assert (code, len(listed.splitlines())) == (0, 2)
    place = next(line.split("\t")[0] for line in listed.splitlines() if "ada is not welcome" in line)
    code, text, _ = await asyncio.to_thread(run, "show", TOPIC.name, place)
    assert (code, json.loads(text)["message"]) == (0, {"user": {"userId": "ada"}})

    consuming.handler.refused = set()
    assert (await asyncio.to_thread(run, "redrive", TOPIC.name, place))[0] == 0
    assert "1 did not" in (await asyncio.to_thread(run, "redrive", TOPIC.name, place))[2]
    assert sorted(await consuming.applied(2)) == ["ada", "bob"]

    assert (await asyncio.to_thread(run, "redrive", TOPIC.name, "--all", "--consumer", "other"))[2].startswith("0 dead")
    assert (await asyncio.to_thread(run, "redrive", TOPIC.name, "--all"))[2].startswith("1 dead letters went back")
    assert sorted(await consuming.applied(3)) == ["ada", "bob", "eve"]
    assert (await asyncio.to_thread(run, "list"))[1] == ""
    assert len((await asyncio.to_thread(run, "list", TOPIC.name, "--all"))[1].splitlines()) == 2


async def test_a_letter_or_a_topic_that_does_not_exist_is_told(bootstrap: str, run: Run) -> None:
    for command in ("show", "redrive"):
        code, _, said = await asyncio.to_thread(run, command, TOPIC.name, "0/77")
        assert (code, said) == (1, f"no dead letter 0/77 in {TOPIC.name}.dlq; 'list' prints those that there are\n")
    code, _, said = await asyncio.to_thread(run, "list", "no.such.topic")
    assert code == 2
    assert "there is no topic 'no.such.topic.dlq" in said


async def test_events_since_a_moment_are_applied_again(
    consuming: Consuming, publisher: KafkaPublisher, pool: Pool, run: Run
) -> None:
    await publisher.publish([created("early")])
    await consuming.applied(1)
    moment = (await pool.fetchval("SELECT clock_timestamp()")).isoformat()
    await publisher.publish([created("late")])
    await consuming.applied(2)

    async def replayed() -> bool:
        # The group still knows its member for a moment after that has left.
        code, _, _ = await asyncio.to_thread(run, "replay", TOPIC.name, "--consumer", "audit", "--since", moment)
        return code == 0

    await until(replayed, 30)
    assert await consuming.applied(3) == ["early", "late", "late"]


async def test_nothing_is_replayed_to_a_consumer_that_runs(
    consuming: Consuming, publisher: KafkaPublisher, pool: Pool, run: Run
) -> None:
    await publisher.publish([created("ada")])
    said: list[str] = []

    async def refused() -> bool:
        asked = ("replay", TOPIC.name, "--consumer", "audit", "--since", "2026-01-01T00:00:00Z")
        code, _, error = await asyncio.to_thread(run, *asked)
        said.append(error)
        return code == 2

    await consuming._consume(refused)
    assert "instances of audit are running" in said[-1]
