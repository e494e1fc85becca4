"""The PostgreSQL that migrations are examined on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from servanda.infra import Listener, PostgresEndpoint, choose, ignore, start
from servanda.infra.stores.postgres.endpoint import NAME


@contextmanager
def postgres(environ: Mapping[str, str], mode: str | None, listener: Listener = ignore) -> Iterator[PostgresEndpoint]:
    """Bring PostgreSQL up for as long as the context lasts.

    Args:
        environ: Says how it is provided.
        mode: Its provisioning, if the environment is not to decide.
        listener: Told about progress.

    Raises:
        InfrastructureError: It could not be brought up.
    """
    with start([NAME], choose(mode, environ, stores=[NAME]), listener) as endpoints:
        yield endpoints.of(PostgresEndpoint)
