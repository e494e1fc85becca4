"""Stores that services share for one test: a database with their schemas, a key prefix and a topic suffix."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from platformkit.postgres.migration import migrate
from servanda.infra import Endpoints, PostgresEndpoint, database_template, isolate
from tests.integration.services.passwords import password_of


@contextmanager
def service_environs(endpoints: Endpoints, services: Sequence[str]) -> Iterator[Mapping[str, Mapping[str, str]]]:
    """The environment of a process of each service, but for its ports."""
    folders = {service: _migrations(service) for service in services}
    sources = "".join(path.read_text() for folder in folders.values() for path in sorted(folder.glob("*.py")))
    key = f"{'-'.join(folders)}-{hashlib.sha256(sources.encode()).hexdigest()}"

    def fill(postgres: PostgresEndpoint) -> None:
        for service, folder in folders.items():
            migrate(postgres.dsn, service, folder, password=password_of(service))

    with isolate(endpoints, templates={"postgres": database_template(endpoints.postgres, key, fill)}) as own:
        postgres = own.endpoints.postgres
        address = f"{postgres.host}:{postgres.port}/{postgres.database}"
        yield {
            service: {
                "POSTGRES_DSN": f"postgresql://{service}_rw:{password_of(service)}@{address}",
                "POSTGRES_ADMIN_DSN": postgres.dsn,
                "REDIS_URL": own.endpoints.redis.url,
                "KAFKA_BOOTSTRAP_SERVERS": own.endpoints.kafka.bootstrap,
                "NAMESPACE": own.name,
                "PAGE_TOKEN_SECRET": "of these tests",
                "INTERNAL_TOKENS": "off",
            }
            for service in services
        }


def _migrations(service: str) -> Path:
    spec = find_spec(f"services.{service}")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).with_name("migrations")
