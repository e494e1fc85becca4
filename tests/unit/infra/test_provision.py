import errno
import subprocess
import sys
import threading

import pytest

from servanda.configuration import Store
from servanda.errors import InfrastructureError
from servanda.extensions import STORES
from servanda.infra import (
    Choice,
    Event,
    Provisioning,
    RedisEndpoint,
    StoreEnded,
    StoreFailed,
    StoreReady,
    StoreStarting,
    StoreStopped,
    start,
)
from servanda.infra.bringup import BringUp, Running, Starter
from servanda.verdict import StoreFact


class _Stores:
    """Starters that only keep a record; one store may be made to fail once the others run."""

    def __init__(self, failing: Store | None = None) -> None:
        self.failing = failing
        self.stopped: list[Store] = []
        self._others = threading.Semaphore(0)

    def find(self, _kind: Provisioning, _store: Store) -> Starter:
        return self._start

    def _start(self, task: BringUp) -> Running:
        if task.store is self.failing:
            self._others.acquire(timeout=10)
            raise InfrastructureError(f"{task.store} is broken", hint="mend it")
        self._others.release()
        endpoint = RedisEndpoint("host", 1, "url", StoreFact(task.store, "embedded", "1"))
        return Running(endpoint, lambda: self.stopped.append(task.store))


def test_only_what_is_asked_for_is_started(embedded: Choice) -> None:
    stores = _Stores()
    with start(["redis"], embedded, find_starter=stores.find) as endpoints:
        assert set(endpoints.stores) == {"redis"}


def test_every_store_is_stopped_at_the_end(embedded: Choice) -> None:
    stores = _Stores()
    with start(STORES.built_in, embedded, find_starter=stores.find):
        assert stores.stopped == []
    assert set(stores.stopped) == set(STORES.built_in)


def test_every_store_is_stopped_when_the_run_fails(embedded: Choice) -> None:
    stores = _Stores()
    with pytest.raises(ZeroDivisionError), start(STORES.built_in, embedded, find_starter=stores.find):
        raise ZeroDivisionError
    assert set(stores.stopped) == set(STORES.built_in)


def test_stores_come_up_at_the_same_time(embedded: Choice) -> None:
    together = threading.Barrier(len(STORES.built_in), timeout=10)

    def begin(task: BringUp) -> Running:
        together.wait()
        return Running(RedisEndpoint("host", 1, "url", StoreFact(task.store, "embedded", "1")), lambda: None)

    with start(STORES.built_in, embedded, find_starter=lambda _kind, _store: begin):
        assert not together.broken


def test_one_store_that_fails_stops_the_others_and_is_the_error(embedded: Choice) -> None:
    stores = _Stores(failing="kafka")
    with (
        pytest.raises(InfrastructureError, match="kafka is broken"),
        start(["kafka", "redis"], embedded, find_starter=stores.find),
    ):
        pass
    assert stores.stopped == ["redis"]


def test_the_others_are_abandoned_at_once_when_one_fails(embedded: Choice) -> None:
    def begin(task: BringUp) -> Running:
        if task.store == "kafka":
            raise InfrastructureError("kafka is broken")
        return task.wait(lambda: None)

    with (
        pytest.raises(InfrastructureError, match="kafka is broken"),
        start(["redis", "kafka"], embedded, deadline=60, find_starter=lambda _kind, _store: begin),
    ):
        pass


def test_progress_is_told_as_events(embedded: Choice) -> None:
    events: list[Event] = []
    with start(["redis"], embedded, events.append, find_starter=_Stores().find):
        pass
    assert [type(event) for event in events] == [StoreStarting, StoreReady, StoreStopped]


class _Mortal:
    """A server that ends when it is told to."""

    def __init__(self) -> None:
        self.code: int | None = None

    def poll(self) -> int | None:
        return self.code

    def last_lines(self, count: int = 50) -> tuple[str, ...]:
        return ("the last words",)[:count]

    def stop(self) -> None:
        self.code = 0


def test_a_store_that_ends_by_itself_is_told_once(embedded: Choice) -> None:
    events: list[Event] = []
    told, server = threading.Event(), _Mortal()

    def begin(task: BringUp) -> Running:
        return Running(RedisEndpoint("host", 1, "url", StoreFact(task.store, "embedded", "1")), server.stop, server)

    def listen(event: Event) -> None:
        events.append(event)
        if isinstance(event, StoreEnded):
            told.set()

    with start(["redis"], embedded, listen, find_starter=lambda _kind, _store: begin):
        assert not told.is_set()
        server.code = 137
        assert told.wait(10)
    assert [event for event in events if isinstance(event, StoreEnded)] == [StoreEnded("redis", 137)]


def test_a_store_that_is_stopped_did_not_end_by_itself(embedded: Choice) -> None:
    events: list[Event] = []
    server = _Mortal()

    def begin(task: BringUp) -> Running:
        return Running(RedisEndpoint("host", 1, "url", StoreFact(task.store, "embedded", "1")), server.stop, server)

    with start(["redis"], embedded, events.append, find_starter=lambda _kind, _store: begin):
        pass
    assert [type(event) for event in events] == [StoreStarting, StoreReady, StoreStopped]


def test_a_failure_is_an_event_too(embedded: Choice) -> None:
    events: list[Event] = []
    stores = _Stores(failing="kafka")
    with (
        pytest.raises(InfrastructureError),
        start(["kafka", "redis"], embedded, events.append, find_starter=stores.find),
    ):
        pass
    assert StoreFailed("kafka", "kafka is broken") in events


def test_a_folder_that_cannot_be_written_is_an_error_with_its_place(embedded: Choice) -> None:
    def begin(task: BringUp) -> Running:
        raise PermissionError(errno.EACCES, "Permission denied", "/cache")

    with (
        pytest.raises(InfrastructureError, match="redis could not be started: Permission denied") as caught,
        start(["redis"], embedded, find_starter=lambda _kind, _store: begin),
    ):
        pass
    assert caught.value.where == "/cache"
    assert "SERVANDA_CACHE" in str(caught.value.hint)


def test_a_way_whose_library_is_missing_names_the_extra() -> None:
    script = (
        "import sys; sys.modules['testcontainers'] = None\n"
        "from servanda.infra import choose, start\n"
        "from servanda.errors import MissingExtraError\n"
        "try:\n"
        "    with start(['redis'], choose('docker', {})): pass\n"
        "except MissingExtraError as error:\n"
        "    print(error)"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert "servanda[docker]" in said
