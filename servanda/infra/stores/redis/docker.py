"""Redis in a container."""

from __future__ import annotations

import secrets
from collections import defaultdict

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from servanda.infra.bringup import BringUp, Running
from servanda.infra.docker.container import Container
from servanda.infra.docker.engine import configure_testcontainers, ensure_image
from servanda.infra.listening import listen
from servanda.infra.stores.redis.endpoint import NAME, RedisEndpoint
from servanda.verdict import StoreFact

_PORT = 6379
_ANSWER_SECONDS = 2
_PASSWORD_BYTES = 24


def start(task: BringUp) -> Running:
    """Start a container and wait until it answers this host.

    Raises:
        InfrastructureError: The image cannot be had, or the server does not answer.
    """
    image = task.choice.images[NAME]
    ensure_image(task, image)
    configure_testcontainers()

    def launch(ports: tuple[int, ...]) -> Container:
        return Container(image, {_PORT: ports[0]})

    # One for each attempt: if somebody else has the port, that one is told a password which opens nothing.
    passwords: dict[int, str] = defaultdict(lambda: secrets.token_urlsafe(_PASSWORD_BYTES))
    found = listen(task, launch, lambda ports: close(ports[0], passwords[ports[0]]), pause=0.05)
    port, fact = found.ports[0], StoreFact(NAME, "docker", f"Redis {found.answer} ({image})")
    return Running(RedisEndpoint.of("127.0.0.1", port, passwords[port], fact), found.server.stop, found.server)


def close(port: int, password: str) -> str | None:
    """Set the password of a server that has none, and return its release; None if it does not answer yet."""
    # Images differ in the command that they run, and what is added to a command every user of the host could read.
    with redis.Redis("127.0.0.1", port, socket_timeout=_ANSWER_SECONDS, retry=Retry(NoBackoff(), 0)) as client:
        try:
            version = str(client.info("server")["redis_version"])
            client.config_set("requirepass", password)
            client.client_kill_filter(_type="normal", skipme=True)
            return version
        except (redis.ConnectionError, redis.TimeoutError):
            return None
