import io

from rich.console import Console

from servanda.infra import Event, StoreEnded, StoreFailed, StorePreparing, StoreReady, StoreStarting, StoreStopped
from servanda.report.progress import progress
from servanda.verdict import StoreFact

_EVENTS: tuple[Event, ...] = (
    StoreStarting("kafka", "embedded"),
    StorePreparing("kafka", "46 jars"),
    StoreReady("kafka", StoreFact("kafka", "embedded", "Apache Kafka 4.3.0"), 1.25),
    StoreFailed("redis", "the port is taken"),
    StoreStopped("kafka"),
    StoreEnded("postgres", 137),
)
_LINES = [
    "kafka: starting (embedded)",
    "kafka: preparing 46 jars",
    "kafka: ready after 1.2 s: Apache Kafka 4.3.0, embedded",
    "redis: failed: the port is taken",
    "kafka: stopped",
    "postgres: ended by signal SIGKILL, unexpectedly; what it held is lost; end this run and start it again",
]


def test_in_a_log_each_event_is_a_line() -> None:
    output = io.StringIO()
    with progress(Console(file=output, width=20)) as tell:
        for event in _EVENTS:
            tell(event)
    assert output.getvalue().splitlines() == _LINES


def test_on_a_terminal_what_is_over_stays_and_what_goes_on_is_cleared() -> None:
    output = io.StringIO()
    with progress(Console(file=output, force_terminal=True, width=120, color_system=None)) as tell:
        for event in _EVENTS:
            tell(event)
    text = output.getvalue()
    assert all(line in text for line in _LINES)
