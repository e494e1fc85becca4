"""Metrics: numbers about what a process does, declared where it is done.

A declaration is a value: nothing is registered anywhere by it. While nobody reads the metrics of a process, to count
costs a look at one attribute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0)
"""Upper bounds of how long requests take, up to the time that an edge gives one."""

DELAYS: Final = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 1800.0)
"""Upper bounds of how long events are on their way."""

OTHER: Final = "_OTHER"
"""What stands for names that anybody may make up, which would let the number of series grow without end; the semantic
conventions of OpenTelemetry have this word for methods of HTTP and of rpcs that nobody knows."""


class Meter(Protocol):
    """Keeps the numbers of a process."""

    def add(self, metric: Counter, labels: tuple[str, ...], amount: float) -> None:
        """Add to a counter."""
        ...

    def observe(self, metric: Histogram, labels: tuple[str, ...], value: float) -> None:
        """Note one value."""
        ...

    def follow(self, metric: Gauge, labels: tuple[str, ...], read: Callable[[], float]) -> None:
        """Ask for the number whenever somebody looks, by a thread of its own."""
        ...

    def set(self, metric: Gauge, labels: tuple[str, ...], value: float) -> None:
        """Keep the number of now."""
        ...


@dataclass(frozen=True, slots=True)
class Counter:
    """A number that only grows.

    Args:
        name: Its name, which begins with ``plt_`` and ends with ``_total``.
        help: What is counted, one sentence without a full stop.
        labels: What the number is told apart by; each has few values.
    """

    name: str
    help: str
    labels: tuple[str, ...] = ()

    def add(self, *labels: str, amount: float = 1.0) -> None:
        """Add to the number of these labels."""
        if (meter := _process.meter) is not None:
            meter.add(self, labels, amount)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts of values by their size.

    Args:
        name: Its name, which begins with ``plt_`` and ends with its unit.
        help: What is measured, one sentence without a full stop.
        labels: What the values are told apart by; each has few values.
        buckets: Upper bounds that values are counted by.
    """

    name: str
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = SECONDS

    def observe(self, value: float, *labels: str) -> None:
        """Note one value."""
        if (meter := _process.meter) is not None:
            meter.observe(self, labels, value)


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number that goes up and down.

    Args:
        name: Its name, which begins with ``plt_``.
        help: What it is, one sentence without a full stop.
        labels: What the number is told apart by; each has few values.
    """

    name: str
    help: str
    labels: tuple[str, ...] = ()

    def follow(self, read: Callable[[], float], *labels: str) -> None:
        """Let whoever looks read the number; ``read`` is called by another thread, and may not wait."""
        if (meter := _process.meter) is not None:
            meter.follow(self, labels, read)

    def set(self, value: float, *labels: str) -> None:
        """Keep the number of now."""
        if (meter := _process.meter) is not None:
            meter.set(self, labels, value)


class _Process:
    """Meter of this process; None while nobody reads its metrics."""

    def __init__(self) -> None:
        self.meter: Meter | None = None


_process: Final = _Process()


def measured() -> bool:
    """Tell whether somebody reads the metrics of this process: what costs more than counting asks first."""
    return _process.meter is not None


@contextmanager
def measured_by(meter: Meter) -> Iterator[None]:
    """Let a meter keep the numbers of this process meanwhile."""
    before, _process.meter = _process.meter, meter
    try:
        yield
    finally:
        _process.meter = before
