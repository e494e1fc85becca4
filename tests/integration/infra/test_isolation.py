import psycopg
import redis
from confluent_kafka.admin import AdminClient

from servanda.infra import Endpoints, PostgresEndpoint, database_template
from servanda.infra.isolation import Namespace, isolate


def test_each_namespace_has_a_database_of_its_own(servanda_endpoints: Endpoints, servanda_namespace: Namespace) -> None:
    with psycopg.connect(servanda_namespace.endpoints.postgres.dsn) as mine:
        mine.execute("CREATE TABLE note (text text)")
    with isolate(servanda_endpoints) as other, psycopg.connect(other.endpoints.postgres.dsn) as theirs:
        assert theirs.execute("SELECT to_regclass('note')").fetchone() == (None,)


def test_a_namespace_starts_as_a_copy_of_its_template(servanda_endpoints: Endpoints) -> None:
    filled: list[str] = []

    def fill(postgres: PostgresEndpoint) -> None:
        filled.append(postgres.database)
        with psycopg.connect(postgres.dsn) as connection:
            connection.execute("CREATE TABLE fact (number int)")
            connection.execute("INSERT INTO fact VALUES (42)")

    template = database_template(servanda_endpoints.postgres, "facts", fill)
    assert database_template(servanda_endpoints.postgres, "facts", fill) == template
    with (
        isolate(servanda_endpoints, templates={"postgres": template}) as own,
        psycopg.connect(own.endpoints.postgres.dsn) as connection,
    ):
        assert connection.execute("SELECT number FROM fact").fetchone() == (42,)
    assert len(filled) == 1


def test_a_namespace_leaves_no_database_behind(servanda_endpoints: Endpoints) -> None:
    with isolate(servanda_endpoints) as own:
        pass
    with psycopg.connect(servanda_endpoints.postgres.dsn) as connection:
        assert connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [own.name]).fetchone() is None


def test_all_three_stores_answer(servanda_endpoints: Endpoints) -> None:
    assert redis.Redis.from_url(servanda_endpoints.redis.url).ping()
    assert AdminClient({"bootstrap.servers": servanda_endpoints.kafka.bootstrap}).list_topics(timeout=10).brokers
