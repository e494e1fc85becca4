"""PostgreSQL in a container, with its data in memory."""

from __future__ import annotations

import secrets

import psycopg

from servanda.infra.bringup import BringUp, Running
from servanda.infra.docker.container import Container
from servanda.infra.docker.engine import configure_testcontainers, ensure_image
from servanda.infra.listening import listen
from servanda.infra.stores.postgres.endpoint import NAME, PostgresEndpoint
from servanda.verdict import StoreFact

_PORT = 5432
_USER = "postgres"
_PASSWORD_BYTES = 24
# A folder that no image has: one that exists keeps its owner and mode when memory is mounted on it, and who that is
# differs among images.
_DATA = "/servanda"
_TMPFS = "rw,size=1024m,mode=1777"
_CONNECT_SECONDS = 2
# As many as an embedded one takes: two platforms with two instances of each service need more than the default of 100.
_COMMAND = ("postgres", "-c", "max_connections=400")


def start(task: BringUp) -> Running:
    """Start a container and wait until it accepts a connection from this host.

    Raises:
        InfrastructureError: The image cannot be had, or the server does not answer.
    """
    image = task.choice.images[NAME]
    ensure_image(task, image)
    configure_testcontainers()
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    environment = {
        "POSTGRES_USER": _USER,
        "POSTGRES_PASSWORD": password,
        "POSTGRES_DB": "postgres",
        "POSTGRES_INITDB_ARGS": "--no-sync",
        "PGDATA": f"{_DATA}/cluster",
    }

    def launch(ports: tuple[int, ...]) -> Container:
        return Container(image, {_PORT: ports[0]}, environment=environment, tmpfs={_DATA: _TMPFS}, command=_COMMAND)

    found = listen(task, launch, lambda ports: _release(ports[0], password), pause=0.05)
    fact = StoreFact(NAME, "docker", f"PostgreSQL {found.answer} ({image})")
    endpoint = PostgresEndpoint("127.0.0.1", found.ports[0], _USER, password, "postgres", fact)
    return Running(endpoint, found.server.stop, found.server)


def _release(port: int, password: str) -> str | None:
    try:
        with psycopg.connect(
            host="127.0.0.1",
            port=port,
            user=_USER,
            password=password,
            # Somebody else who has the port must not be told the password.
            require_auth="scram-sha-256",
            dbname="postgres",
            connect_timeout=_CONNECT_SECONDS,
        ) as connection:
            release = connection.info.parameter_status("server_version") or ""
            return release.split()[0]
    except psycopg.OperationalError:
        return None
