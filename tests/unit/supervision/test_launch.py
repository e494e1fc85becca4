"""Which stores have to be up before a migration."""

from collections.abc import Callable

import pytest

from servanda.configuration import Service, Store
from servanda.supervision.launch import migration_stores

ADMIN = "postgresql://{postgres.user}@{postgres.host}"
PROCESS = {"DSN": ADMIN, "KAFKA": "{kafka.bootstrap}"}


@pytest.mark.parametrize(
    ("changes", "stores"),
    [
        pytest.param({"environment": PROCESS}, set(), id="nothing to migrate"),
        pytest.param(
            {"migrate": ("migrate",), "environment": PROCESS, "migrate_environment": {"ADMIN": ADMIN}},
            {"postgres"},
            id="an environment of its own",
        ),
        pytest.param(
            {"migrate": ("migrate",), "environment": PROCESS},
            {"postgres", "kafka"},
            id="the environment of the process",
        ),
        pytest.param({"migrate": ("migrate", "{redis.url}"), "environment": {}}, {"redis"}, id="the command"),
    ],
)
def test_a_migration_waits_for_the_stores_that_it_names(
    server: Callable[..., Service], changes: dict[str, object], stores: set[Store]
) -> None:
    assert migration_stores(server("a", **changes)) == stores
