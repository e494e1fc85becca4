"""Identity's own stores: a migrated database, a key prefix and a topic suffix for each test."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import services.identity
from platformkit.postgres.migration import migrate
from servanda.infra import Endpoints, PostgresEndpoint, database_template, isolate
from tests.integration.services.passwords import password_of

MIGRATIONS = Path(services.identity.__file__).with_name("migrations")


@contextmanager
def identity_environ(endpoints: Endpoints) -> Iterator[Mapping[str, str]]:
    """The environment of an identity process, but for its ports."""
    sources = "".join(path.read_text() for path in sorted(MIGRATIONS.glob("*.py")))
    key = f"identity-{hashlib.sha256(sources.encode()).hexdigest()}"
    with isolate(endpoints, templates={"postgres": database_template(endpoints.postgres, key, _migrated)}) as own:
        postgres = own.endpoints.postgres
        yield {
            "POSTGRES_DSN": f"postgresql://identity_rw:{password_of('identity')}@{postgres.host}:{postgres.port}/{postgres.database}",
            "POSTGRES_ADMIN_DSN": postgres.dsn,
            "REDIS_URL": own.endpoints.redis.url,
            "KAFKA_BOOTSTRAP_SERVERS": own.endpoints.kafka.bootstrap,
            "NAMESPACE": own.name,
            "PAGE_TOKEN_SECRET": "of these tests",
            "INTERNAL_TOKENS": "off",
        }


def _migrated(postgres: PostgresEndpoint) -> None:
    migrate(postgres.dsn, "identity", MIGRATIONS, password=password_of("identity"))
