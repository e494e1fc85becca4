"""Spans and numbers of a test, kept in memory as OpenTelemetry and Prometheus record them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import DEFAULT_ON, Sampler

from platformkit.telemetry import measured_by, recorded_by
from platformkit.telemetry.otel import OtelTracer
from platformkit.telemetry.prometheus import PrometheusMeter


@contextmanager
def recorded_spans(sampler: Sampler = DEFAULT_ON) -> Iterator[InMemorySpanExporter]:
    """Record the spans of the block."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(sampler=sampler, shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with recorded_by(OtelTracer(provider)):
        yield exporter


def place(span: ReadableSpan) -> tuple[str, str]:
    """Return the identifiers of a span's trace and of the span."""
    context = span.get_span_context()
    assert context is not None
    return f"{context.trace_id:032x}", f"{context.span_id:016x}"


def above(span: ReadableSpan) -> str:
    """Return the identifier of the span that another one is below; empty if it begins the trace."""
    return "" if span.parent is None else f"{span.parent.span_id:016x}"


@contextmanager
def kept_numbers() -> Iterator[Callable[..., float | None]]:
    """Keep the numbers of the block, and give what reads one of them by its name and labels."""
    meter = PrometheusMeter()
    with measured_by(meter):
        yield lambda name, **labels: meter.registry.get_sample_value(name, labels)
