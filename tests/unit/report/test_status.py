"""Status screen of a running platform."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from servanda.infra import Provisioning, StoreEnded, StoreReady, StoreStarting
from servanda.report.status import StatusScreen, duration
from servanda.supervision import Event, Exited, Output, Ready, Restarting, Started, Stopped
from servanda.verdict import StoreFact

READY = Ready("audit", 1.2, {"grpc": 50051, "http": 8080})


@dataclass(slots=True)
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


class Shown:
    """A screen that draws nothing by itself."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.clock = Clock()
        console = Console(file=self.stream, width=110)
        self.screen = StatusScreen(console, {"identity": "", "audit": "2.1"}, "Ctrl-C ends it", self.clock)

    def tell(self, *events: Event) -> None:
        for event in events:
            self.screen.service(event)

    def row(self, name: str) -> str:
        console = Console(file=io.StringIO(), width=110)
        with console.capture() as captured:
            console.print(self.screen.table())
        (found,) = [line for line in captured.get().splitlines() if line.startswith(f"{name} ")]
        return " ".join(found.split())


@pytest.fixture
def shown() -> Shown:
    return Shown()


def test_an_instance_has_its_version_before_anything_happened(shown: Shown) -> None:
    assert shown.row("audit") == "audit 2.1 waiting 0"


def test_one_that_is_ready_has_its_ports_and_the_time_since_then(shown: Shown) -> None:
    shown.tell(Started("audit", 7, Path("log")), READY)
    shown.clock.now += 75

    assert shown.row("audit") == "audit 2.1 grpc 50051, http 8080 ready 0 1 min"


def test_the_last_line_of_its_output_is_in_its_row(shown: Shown) -> None:
    shown.tell(Output("audit", "first"), Output("audit", "  second"))

    assert shown.row("audit").endswith(" second")


@pytest.mark.parametrize("line", ['{"event": "sent", "level": "info"}', '{"time": 1, "msg": "sent"}'])
def test_of_a_line_in_json_its_text_is_shown(shown: Shown, line: str) -> None:
    shown.tell(Output("audit", line))

    assert shown.row("audit").endswith("0 sent")


@pytest.mark.parametrize("line", ['{"level": "info"}', "{broken", "{}"])
def test_a_line_in_json_without_a_text_is_shown_as_it_is(shown: Shown, line: str) -> None:
    shown.tell(Output("audit", line))

    assert shown.row("audit").endswith(line)


def test_a_line_cannot_control_the_terminal(shown: Shown) -> None:
    shown.tell(Output("audit", "\x1b]52;c;x\x07[bold]"))

    assert shown.row("audit").endswith(r"\x1b]52;c;x\x07[bold]")


def test_one_that_starts_again_is_counted_and_told_above(shown: Shown) -> None:
    shown.tell(READY, Exited("audit", 137, ("out of memory",)), Restarting("audit", 1, 5, 0.5, "ended"))
    assert shown.row("audit") == "audit 2.1 grpc 50051, http 8080 starts again in 0.5 s 1"

    shown.tell(READY)
    assert shown.row("audit") == "audit 2.1 grpc 50051, http 8080 ready 1 0 s"
    assert shown.stream.getvalue().splitlines() == [
        "audit    | ended by signal SIGKILL, unexpectedly",
        "audit    |   out of memory",
        "audit    | starting again in 0.5 s (1 of 5)",
    ]


def test_one_that_stops_to_answer_says_what_is_seen_and_for_how_long_it_runs(shown: Shown) -> None:
    shown.tell(READY)
    shown.screen.health("audit", "no answer within 2 s")
    shown.clock.now += 3

    assert shown.row("audit") == "audit 2.1 grpc 50051, http 8080 no answer within 2 s 0 3 s"
    shown.screen.health("audit", "")
    assert " ready " in shown.row("audit")


def test_what_is_seen_of_one_that_ended_does_not_hide_its_end(shown: Shown) -> None:
    shown.tell(READY, Stopped("audit", 0.1, killed=False))
    shown.screen.health("audit", "no answer within 2 s")

    assert " stopped " in shown.row("audit")


def test_a_store_has_a_row_and_its_end_is_told_above(shown: Shown) -> None:
    shown.screen.store(StoreStarting("redis", Provisioning.EMBEDDED))
    assert shown.row("redis") == "redis embedded starting"
    shown.screen.store(StoreReady("redis", StoreFact("redis", "embedded", "Valkey 9.1"), 0.2))
    assert shown.row("redis") == "redis embedded ready 0 s Valkey 9.1"

    shown.screen.store(StoreEnded("redis", 137))

    assert " ended " in shown.row("redis")
    assert shown.stream.getvalue().startswith("redis: ended by signal SIGKILL, unexpectedly; what it held is lost")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.9, "0 s"), (59.9, "59 s"), (60, "1 min"), (3599, "59 min"), (7500, "2 h 5 min")]
)
def test_a_time_has_two_units_at_most(seconds: float, text: str) -> None:
    assert duration(seconds) == text
