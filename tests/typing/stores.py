"""Tests and scripts on real stores, with types."""

import os
from typing import assert_type

from servanda import (
    Endpoints,
    InfrastructureError,
    KafkaEndpoint,
    Namespace,
    PostgresEndpoint,
    RedisEndpoint,
    StoreChoice,
    choose_stores,
    database_template,
    isolate,
    start_stores,
)


def test_all(servanda_endpoints: Endpoints, servanda_namespace: Namespace) -> None:
    assert_type(servanda_namespace.endpoints, Endpoints)
    kafka: KafkaEndpoint = servanda_endpoints.kafka
    assert_type(kafka.bootstrap, str)


def test_some(servanda_postgres: PostgresEndpoint, servanda_redis: RedisEndpoint) -> None:
    assert_type(servanda_postgres.dsn, str)
    assert_type(servanda_redis.url, str)


def fill(postgres: PostgresEndpoint) -> None:
    """Migrate a database."""


def script() -> None:
    choice = choose_stores(None, os.environ)
    assert_type(choice, StoreChoice)
    try:
        with start_stores(["postgres", "redis"], choice) as endpoints:
            template = database_template(endpoints.postgres, "key", fill)
            with isolate(endpoints, templates={"postgres": template}) as own:
                assert_type(own, Namespace)
    except InfrastructureError as error:
        assert_type(error.hint, str | None)
