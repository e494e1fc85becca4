"""Metrics as Prometheus reads them, on a port that is for nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final

import prometheus_client
from prometheus_client import CollectorRegistry

from platformkit.telemetry.metric import Counter, Gauge, Histogram, measured_by

LOOP_LAG: Final = Histogram(
    "plt_event_loop_lag_seconds", "How much later than it was due the event loop came to a task"
)
LOOK_SECONDS: Final = 0.5
"""How often the event loop is looked at."""


class PrometheusMeter:
    """Keeps numbers in a registry, which also has those of the process, of the garbage collector and of Python.

    Attributes:
        registry: What is shown.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        prometheus_client.ProcessCollector(registry=self.registry)
        prometheus_client.PlatformCollector(registry=self.registry)
        prometheus_client.GCCollector(registry=self.registry)
        self._counters: dict[str, prometheus_client.Counter] = {}
        self._histograms: dict[str, prometheus_client.Histogram] = {}
        self._gauges: dict[str, prometheus_client.Gauge] = {}

    def add(self, metric: Counter, labels: tuple[str, ...], amount: float) -> None:
        """See `Meter`."""
        kept = self._counters.get(metric.name)
        if kept is None:
            kept = prometheus_client.Counter(metric.name, metric.help, metric.labels, registry=self.registry)
            self._counters[metric.name] = kept
        (kept.labels(*labels) if labels else kept).inc(amount)

    def observe(self, metric: Histogram, labels: tuple[str, ...], value: float) -> None:
        """See `Meter`."""
        kept = self._histograms.get(metric.name)
        if kept is None:
            kept = prometheus_client.Histogram(
                metric.name, metric.help, metric.labels, registry=self.registry, buckets=metric.buckets
            )
            self._histograms[metric.name] = kept
        (kept.labels(*labels) if labels else kept).observe(value)

    def follow(self, metric: Gauge, labels: tuple[str, ...], read: Callable[[], float]) -> None:
        """See `Meter`."""
        self._gauge(metric, labels).set_function(read)

    def set(self, metric: Gauge, labels: tuple[str, ...], value: float) -> None:
        """See `Meter`."""
        self._gauge(metric, labels).set(value)

    def _gauge(self, metric: Gauge, labels: tuple[str, ...]) -> prometheus_client.Gauge:
        kept = self._gauges.get(metric.name)
        if kept is None:
            kept = prometheus_client.Gauge(metric.name, metric.help, metric.labels, registry=self.registry)
            self._gauges[metric.name] = kept
        return kept.labels(*labels) if labels else kept


@asynccontextmanager
async def shown(host: str, port: int) -> AsyncIterator[PrometheusMeter]:
    """Keep the numbers of this process meanwhile, and show them to whoever asks for them on a port.

    Args:
        host: Address to listen on.
        port: Port to listen on; nothing else is answered there.

    Raises:
        OSError: The port is taken.
    """
    meter = PrometheusMeter()
    with _served(meter, host, port), measured_by(meter):
        watching = asyncio.create_task(_watch_loop(), name="event loop lag")
        try:
            yield meter
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching


@contextmanager
def _served(meter: PrometheusMeter, host: str, port: int) -> Iterator[None]:
    # Threads of their own: whoever looks sees a process whose event loop is blocked, too.
    server, thread = prometheus_client.start_http_server(port, host, meter.registry)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def _watch_loop() -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + LOOK_SECONDS
        await asyncio.sleep(LOOK_SECONDS)
        LOOP_LAG.observe(max(0.0, loop.time() - due))
