import os
import subprocess
import sys
from collections.abc import Callable

import docker
import psycopg
import pytest
import redis
from confluent_kafka import Producer

from servanda.errors import InfrastructureError
from servanda.extensions import STORES
from servanda.infra import Choice, Provisioning, choose, start
from servanda.infra.docker.engine import offers

pytestmark = [pytest.mark.infrastructure, pytest.mark.docker]

Until = Callable[[Callable[[], object]], None]

_OWNER = """
import os, signal
from servanda.infra import choose, start
with start(["redis"], choose("docker", os.environ)) as endpoints:
    print(endpoints.redis.port, flush=True)
    signal.pause()
"""


@pytest.fixture
def choice() -> Choice:
    chosen = choose("docker", os.environ)
    missing = [image for image in chosen.images.values() if not offers(image)]
    if missing:
        pytest.skip(f"no Docker engine offers {', '.join(missing)}; see deploy/images/README.md")
    return chosen


def _listeners_on(port: str) -> int:
    client = docker.from_env()
    try:
        return sum(port in str(container.ports) for container in client.containers.list(all=True))
    finally:
        client.close()


def test_three_containers_answer_on_loopback(choice: Choice) -> None:
    with start(STORES.built_in, choice) as endpoints:
        assert {fact.kind for fact in endpoints.facts} == {Provisioning.DOCKER}
        with psycopg.connect(endpoints.postgres.dsn) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with redis.Redis.from_url(endpoints.redis.url) as client:
            assert client.ping()
        producer = Producer({"bootstrap.servers": endpoints.kafka.bootstrap})
        acknowledged: list[object] = []
        producer.produce("topic", b"value", on_delivery=lambda error, _message: acknowledged.append(error))
        producer.flush(30)
        assert acknowledged == [None]
        assert _listeners_on(str(endpoints.postgres.port)) == 1
    assert _listeners_on(str(endpoints.postgres.port)) == 0


def test_killing_the_owner_removes_its_containers(choice: Choice, until: Until) -> None:
    assert choice.kinds["redis"] is Provisioning.DOCKER
    with subprocess.Popen([sys.executable, "-c", _OWNER], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        port = owner.stdout.readline().strip()
        try:
            assert _listeners_on(port) == 1
        finally:
            owner.kill()
    until(lambda: _listeners_on(port) == 0)


def test_an_image_that_nobody_has_says_how_to_get_one(choice: Choice) -> None:
    assert choice.images
    missing = choose("docker", {**os.environ, "SERVANDA_REDIS_IMAGE": "localhost:9/no/such:image"})
    refused = pytest.raises(InfrastructureError, match="is not present and cannot be pulled")
    with refused as caught, start(["redis"], missing):
        pass
    assert "deploy/images/build.sh" in str(caught.value.hint)
