"""What an embedded PostgreSQL has acknowledged outlives a kill of its processes."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator

import psycopg
import pytest

from servanda.infra import PostgresEndpoint, choose, start
from tests.integration.waiting import eventually

WRITERS = 3
ROUNDS = 3
ENOUGH = 300


@pytest.fixture
def postgres() -> Iterator[PostgresEndpoint]:
    """A server of its own, whose other users nobody disturbs."""
    choice = choose("embedded", os.environ, stores=("postgres",))
    with start(("postgres",), choice) as endpoints:
        yield endpoints.of(PostgresEndpoint)


class Writers:
    """Threads that write numbers until their connections break, and know which of them were acknowledged."""

    def __init__(self, dsn: str, first: int) -> None:
        self.acknowledged: set[int] = set()
        self._dsn = dsn
        self._first = first
        self._threads = [threading.Thread(target=self._write, args=(writer,)) for writer in range(WRITERS)]
        for thread in self._threads:
            thread.start()

    def killed_with(self, dsn: str) -> set[int]:
        """Kill a process of the server, on which it ends all the others and recovers; what it had acknowledged."""
        eventually(lambda: len(self.acknowledged), until=lambda count: count > ENOUGH, seconds=30, pause=0.001)
        with psycopg.connect(dsn) as connection:
            os.kill(connection.info.backend_pid, signal.SIGKILL)
        for thread in self._threads:
            thread.join()
        return self.acknowledged

    def _write(self, writer: int) -> None:
        number = self._first + writer
        with contextlib.suppress(psycopg.Error), psycopg.connect(self._dsn, autocommit=True) as connection:
            while True:
                connection.execute("INSERT INTO numbers VALUES (%s)", [number])
                self.acknowledged.add(number)
                number += WRITERS


def stored(dsn: str) -> set[int] | None:
    try:
        with psycopg.connect(dsn) as connection:
            return {number for (number,) in connection.execute("SELECT number FROM numbers")}
    except psycopg.OperationalError:
        return None


def test_what_was_acknowledged_outlives_a_kill(postgres: PostgresEndpoint) -> None:
    with psycopg.connect(postgres.dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE numbers (number bigint)")
    acknowledged: set[int] = set()
    for turn in range(ROUNDS):
        acknowledged |= Writers(postgres.dsn, turn * 1_000_000).killed_with(postgres.dsn)
        found = eventually(lambda: stored(postgres.dsn), until=lambda numbers: numbers is not None, seconds=30)
        assert acknowledged - (found or set()) == set()
