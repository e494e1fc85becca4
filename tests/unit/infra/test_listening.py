from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from servanda.errors import InfrastructureError
from servanda.infra.bringup import BringUp
from servanda.infra.listening import listen

MakeBringUp = Callable[..., BringUp]


@dataclass
class _Server:
    """A server that ended at once if it has a log, and runs otherwise."""

    log: tuple[str, ...] = ()
    stopped: bool = field(default=False)

    def poll(self) -> int | None:
        return 1 if self.log else None

    def last_lines(self, count: int = 50) -> tuple[str, ...]:
        return self.log[-count:]

    def stop(self) -> None:
        self.stopped = True


def test_a_server_that_answers_is_returned_with_its_port(bring_up: MakeBringUp) -> None:
    found = listen(bring_up(10, iter([(7,)])), lambda _ports: _Server(), lambda ports: f"on {ports[0]}")
    assert (found.ports, found.answer) == ((7,), "on 7")


def test_a_taken_port_is_replaced_by_another(bring_up: MakeBringUp) -> None:
    taken = _Server(("bind: Address already in use",))

    def launch(chosen: tuple[int, ...]) -> _Server:
        return taken if chosen == (1,) else _Server()

    found = listen(bring_up(10, iter([(1,), (2,)])), launch, lambda chosen: chosen == (2,) or None)
    assert found.ports == (2,)
    assert taken.stopped


def test_ports_that_are_always_taken_are_given_up_with_a_reason(bring_up: MakeBringUp) -> None:
    with pytest.raises(InfrastructureError, match="redis found no free port"):
        listen(bring_up(10), lambda _ports: _Server(("Address already in use",)), lambda _ports: None)


def test_a_server_that_dies_shows_the_end_of_its_log(bring_up: MakeBringUp) -> None:
    server = _Server(tuple(f"line {number}" for number in range(100)))
    with pytest.raises(InfrastructureError, match="redis ended with code 1 before it was ready") as caught:
        listen(bring_up(10), lambda _ports: server, lambda _ports: None)
    hint = str(caught.value.hint)
    assert "line 99" in hint
    assert "line 49" not in hint
    assert server.stopped


def test_a_server_that_stays_silent_is_stopped_at_the_deadline(bring_up: MakeBringUp) -> None:
    server = _Server()
    with pytest.raises(InfrastructureError, match="redis was not ready in time"):
        listen(bring_up(0.05), lambda _ports: server, lambda _ports: None)
    assert server.stopped


def test_a_bring_up_that_is_abandoned_stops_its_server(bring_up: MakeBringUp) -> None:
    server, task = _Server(), bring_up(10)
    task.abandoned.set()
    with pytest.raises(InfrastructureError, match="abandoned"):
        listen(task, lambda _ports: server, lambda _ports: None)
    assert server.stopped
