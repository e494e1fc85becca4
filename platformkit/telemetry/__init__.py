"""Logs and traces, which name the request or event that each line and each span is about, and metrics."""

from platformkit.telemetry.errors import TelemetryError
from platformkit.telemetry.logs import Logger, configure_logging, get_logger
from platformkit.telemetry.metric import DELAYS, OTHER, SECONDS, Counter, Gauge, Histogram, measured, measured_by
from platformkit.telemetry.redaction import redacted, without_sensitive
from platformkit.telemetry.span import Kind, Span, recorded_by, span
from platformkit.telemetry.tracing import FLUSH_SECONDS, traced, wants_traces

__all__ = [
    "DELAYS",
    "FLUSH_SECONDS",
    "OTHER",
    "SECONDS",
    "Counter",
    "Gauge",
    "Histogram",
    "Kind",
    "Logger",
    "Span",
    "TelemetryError",
    "configure_logging",
    "get_logger",
    "measured",
    "measured_by",
    "recorded_by",
    "redacted",
    "span",
    "traced",
    "wants_traces",
    "without_sensitive",
]
