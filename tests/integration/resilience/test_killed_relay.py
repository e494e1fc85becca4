"""The relay dies between its two steps: Kafka has the event, the outbox has it still."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from confluent_kafka import Consumer, Message

from servanda.infra import Namespace
from tests.contract.consumer.web_app_client import WebAppClient
from tests.integration.running_platform import Platform
from tests.integration.waiting import eventually

GATE = 4242
# Whoever removes from the outbox waits for a lock that the test holds.
CLOSE_THE_GATE = f"""
    SELECT pg_advisory_lock({GATE});
    CREATE FUNCTION identity.wait() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock({GATE}); RETURN NULL; END $$;
    GRANT EXECUTE ON FUNCTION identity.wait() TO PUBLIC;
    CREATE TRIGGER gate BEFORE DELETE ON identity.outbox FOR EACH STATEMENT EXECUTE FUNCTION identity.wait();
"""
WAITS_AT_THE_GATE = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
OPEN_THE_GATE = "DROP TRIGGER gate ON identity.outbox"


@pytest.fixture
def database(servanda_namespace: Namespace) -> Iterator[psycopg.Connection]:
    with psycopg.connect(servanda_namespace.endpoints.postgres.dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture
def consumer(servanda_namespace: Namespace) -> Iterator[Consumer]:
    settings = {"group.id": uuid.uuid4().hex, "auto.offset.reset": "earliest"}
    consumer = Consumer({"bootstrap.servers": servanda_namespace.endpoints.kafka.bootstrap, **settings})
    consumer.subscribe([f"plt.identity.user.v1.{servanda_namespace.name}"])
    yield consumer
    consumer.close()


def event_id(message: Message) -> object:
    return dict(message.headers() or [])["ce_id"]


def test_an_event_that_is_published_twice_is_recorded_once(
    platform: Platform, database: psycopg.Connection, consumer: Consumer
) -> None:
    database.execute(CLOSE_THE_GATE)
    with WebAppClient(platform.gateway_url) as web_app:
        ada = web_app.sign_up("ada@example.org", "Ada", "key-1")
        (waiting,) = eventually(lambda: database.execute(WAITS_AT_THE_GATE, [GATE]).fetchall(), until=bool, seconds=20)
        platform.kill("identity")
        # Its half-done statement must not be finished by the server either.
        database.execute("SELECT pg_terminate_backend(%s)", waiting)
        database.execute(OPEN_THE_GATE)
        assert database.execute("SELECT count(*) FROM identity.outbox").fetchone() == (1,)
        platform.restart("identity")
        first, second = consumer.consume(2, 30)
        assert event_id(first) == event_id(second)
        # The same key, so whoever has seen this event has seen the repeated one before it.
        web_app.rename(ada, "Ada Lovelace")
        subject = f"users/{ada.user_id}"
        trail = eventually(lambda: web_app.happenings(subject), until=lambda found: len(found) > 1, seconds=20)
    assert [happening.kind for happening in trail] == ["ENTRY_KIND_USER_UPDATED", "ENTRY_KIND_USER_CREATED"]
    assert database.execute("SELECT count(*) FROM audit.inbox").fetchone() == (2,)
