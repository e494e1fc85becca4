"""Redis in a container."""

from __future__ import annotations

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from servanda.configuration import Store
from servanda.infra.bringup import BringUp, Running
from servanda.infra.docker.container import Container
from servanda.infra.docker.engine import configure_testcontainers, ensure_image
from servanda.infra.endpoints import RedisEndpoint
from servanda.infra.listening import listen
from servanda.verdict import StoreFact

_PORT = 6379
_ANSWER_SECONDS = 2


def start(task: BringUp) -> Running:
    """Start a container and wait until it answers this host.

    Raises:
        InfrastructureError: The image cannot be had, or the server does not answer.
    """
    image = task.choice.images[Store.REDIS]
    ensure_image(task, image)
    configure_testcontainers()

    def launch(ports: tuple[int, ...]) -> Container:
        return Container(image, {_PORT: ports[0]})

    found = listen(task, launch, lambda ports: _version(ports[0]), pause=0.05)
    port = found.ports[0]
    fact = StoreFact(Store.REDIS, "docker", f"Redis {found.answer} ({image})")
    return Running(RedisEndpoint("127.0.0.1", port, f"redis://127.0.0.1:{port}/0", fact), found.server.stop)


def _version(port: int) -> str | None:
    with redis.Redis("127.0.0.1", port, socket_timeout=_ANSWER_SECONDS, retry=Retry(NoBackoff(), 0)) as client:
        try:
            return str(client.info("server")["redis_version"])
        except (redis.ConnectionError, redis.TimeoutError):
            return None
