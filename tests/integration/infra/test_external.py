import psycopg
import pytest
import redis
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from servanda.configuration import Store
from servanda.errors import InfrastructureError
from servanda.extensions import STORES
from servanda.infra import Choice, Endpoints, Provisioning, choose, isolate, start
from servanda.processes import free_port


@pytest.fixture
def external(servanda_endpoints: Endpoints) -> Choice:
    """The stores of the session, as if somebody else ran them."""
    return choose(
        "external",
        {
            "POSTGRES_DSN": servanda_endpoints.postgres.dsn,
            "REDIS_URL": servanda_endpoints.redis.url,
            "KAFKA_BOOTSTRAP_SERVERS": servanda_endpoints.kafka.bootstrap,
        },
    )


def test_stores_that_somebody_else_runs_are_used_and_left_running(
    external: Choice, servanda_endpoints: Endpoints
) -> None:
    with start(STORES.built_in, external) as found:
        assert {fact.kind for fact in found.facts} == {Provisioning.EXTERNAL}
        assert found.postgres.dsn == servanda_endpoints.postgres.dsn
    with redis.Redis.from_url(servanda_endpoints.redis.url) as client:
        assert client.ping()


def test_a_namespace_leaves_what_is_not_its_own(external: Choice) -> None:
    with start(STORES.built_in, external) as found:
        admin = AdminClient({"bootstrap.servers": found.kafka.bootstrap})
        with redis.Redis.from_url(found.redis.url, decode_responses=True) as client:
            client.set("theirs:key", "value")
            with isolate(found) as own:
                client.set(f"{own.name}:key", "value")
                for topic in admin.create_topics(
                    [NewTopic(f"event.{own.name}", 1, 1), NewTopic(f"event.not-{own.name}.theirs", 1, 1)]
                ).values():
                    topic.result(30)
            assert client.get(f"{own.name}:key") is None
            assert client.get("theirs:key") == "value"
        topics = admin.list_topics(timeout=30).topics
        assert f"event.{own.name}" not in topics
        assert f"event.not-{own.name}.theirs" in topics
        with psycopg.connect(found.postgres.dsn) as connection:
            query = "SELECT count(*) FROM pg_database WHERE datname = %s"
            assert connection.execute(query, [own.name]).fetchone() == (0,)


@pytest.mark.parametrize(
    ("store", "variable", "address"),
    [
        ("postgres", "POSTGRES_DSN", "postgresql://me:secret@127.0.0.1:{port}/mine"),
        ("redis", "REDIS_URL", "redis://127.0.0.1:{port}/0"),
        ("kafka", "KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:{port}"),
    ],
    ids=list(STORES.built_in),
)
def test_an_address_where_nobody_answers_names_its_variable(store: Store, variable: str, address: str) -> None:
    choice = choose("auto", {variable: address.format(port=free_port())}, lambda _image: False)
    with pytest.raises(InfrastructureError, match="is not reachable") as caught, start([store], choice):
        pass
    assert caught.value.where == variable
    assert variable in str(caught.value.hint)


def test_an_address_that_cannot_be_read_names_its_variable() -> None:
    choice = choose("auto", {"POSTGRES_DSN": "port=abc nonsense"}, lambda _image: False)
    with pytest.raises(InfrastructureError, match="is not reachable") as caught, start(["postgres"], choice):
        pass
    assert caught.value.where == "POSTGRES_DSN"
