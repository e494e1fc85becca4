"""Numbers of a process, and who reads them."""

from __future__ import annotations

import importlib
import pkgutil
import re
import socket
import urllib.request
from pathlib import Path

import pytest

import platformkit
import services
from platformkit.telemetry import Counter, Gauge, Histogram, measured, measured_by
from platformkit.telemetry.prometheus import PrometheusMeter, shown

PAGE = Path("docs/reference/telemetry.md")
CALLS = Counter("plt_calls_total", "Calls", ("rpc", "code"))
SECONDS = Histogram("plt_seconds", "Seconds", ("rpc",), (0.1, 1.0))
WAITING = Gauge("plt_waiting", "What waits")
LEVEL = Gauge("plt_level", "Level", ("tank",))


def sample(meter: PrometheusMeter, name: str, **labels: str) -> float | None:
    return meter.registry.get_sample_value(name, labels)


def test_while_nobody_reads_the_metrics_to_count_does_nothing() -> None:
    CALLS.add("Get", "OK")
    SECONDS.observe(0.5, "Get")
    WAITING.set(1)
    WAITING.follow(lambda: 1.0)
    assert not measured()


def test_what_is_counted_is_told_apart_by_its_labels() -> None:
    meter = PrometheusMeter()
    with measured_by(meter):
        assert measured()
        CALLS.add("Get", "OK")
        CALLS.add("Get", "OK", amount=2)
        CALLS.add("Get", "NOT_FOUND")
    CALLS.add("Get", "OK")
    assert sample(meter, "plt_calls_total", rpc="Get", code="OK") == 3
    assert sample(meter, "plt_calls_total", rpc="Get", code="NOT_FOUND") == 1


def test_what_is_observed_is_counted_by_its_size() -> None:
    meter = PrometheusMeter()
    with measured_by(meter):
        for seconds in (0.05, 0.5, 5.0):
            SECONDS.observe(seconds, "Get")
    found = [sample(meter, "plt_seconds_bucket", rpc="Get", le=bound) for bound in ("0.1", "1.0", "+Inf")]
    assert found == [1, 2, 3]


def test_a_number_that_changes_is_kept_or_read_when_somebody_looks() -> None:
    meter, levels = PrometheusMeter(), [1.0]
    with measured_by(meter):
        WAITING.set(7)
        LEVEL.follow(lambda: levels[-1], "left")
    levels.append(2.0)
    assert sample(meter, "plt_waiting") == 7
    assert sample(meter, "plt_level", tank="left") == 2


async def test_whoever_asks_on_the_port_reads_the_numbers_and_those_of_the_process() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
    async with shown("127.0.0.1", port):
        CALLS.add("Get", "OK")
        text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read().decode()  # noqa: ASYNC210
    assert 'plt_calls_total{code="OK",rpc="Get"} 1.0' in text
    assert {"process_open_fds", "process_resident_memory_bytes", "python_gc_collections_total"} <= {
        re.split(r"[ {]", line)[0] for line in text.splitlines()
    }
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        pass


def declared() -> dict[str, tuple[str, ...]]:
    """Return the labels of every metric of the platform by its name."""
    found = {}
    for root in (platformkit, services):
        for module in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            if "__main__" in module.name or ".environment" in module.name or ".migrations" in module.name:
                continue
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, Counter | Gauge | Histogram):
                    found[value.name] = value.labels
    return found


def test_every_metric_is_in_its_reference_with_its_labels() -> None:
    rows = re.findall(r"^\| `(plt_\w+)` \| ([^|]*)\|", PAGE.read_text(), re.MULTILINE)
    documented = {name: tuple(re.findall(r"`(\w+)`", labels)) for name, labels in rows}
    assert documented == declared()


def test_names_of_metrics_say_what_they_are() -> None:
    assert [name for name in declared() if not re.fullmatch(r"plt_[a-z_]+", name)] == []
