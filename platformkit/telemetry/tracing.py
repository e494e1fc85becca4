"""Traces of a process: whether there are any, and who takes the spans.

The variables are those of OpenTelemetry (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/);
its SDK reads the ones that only say how: headers, certificates, batches, the sampler.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from platformkit.telemetry.conventions import SERVICE_NAME, SERVICE_VERSION
from platformkit.telemetry.errors import TelemetryError
from platformkit.telemetry.span import recorded_by

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

FLUSH_SECONDS: Final = 2.0
"""How long a process that ends waits at most for whoever takes its spans."""

_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_EXPORTER: Final = "OTEL_TRACES_EXPORTER"
_PROTOCOLS: Final = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_PROTOCOL: Final = "http/protobuf"
_DISABLED: Final = "OTEL_SDK_DISABLED"


def wants_traces(environ: Mapping[str, str]) -> bool:
    """Tell whether an environment names somebody who takes spans, and does not switch them off.

    Raises:
        TelemetryError: It asks for an exporter or for a protocol that there is not.
    """
    if environ.get(_DISABLED, "").strip().lower() == "true" or not any(environ.get(name) for name in _ENDPOINTS):
        return False
    exporter = environ.get(_EXPORTER) or "otlp"
    if exporter not in {"otlp", "none"}:
        raise TelemetryError(f"{_EXPORTER}: expected otlp or none, found {exporter!r}", f"correct {_EXPORTER}")
    for name in _PROTOCOLS:
        if environ.get(name, _PROTOCOL) not in {_PROTOCOL, ""}:
            raise TelemetryError(f"{name}: expected {_PROTOCOL}, found {environ[name]!r}", f"correct {name}")
    return exporter == "otlp"


@asynccontextmanager
async def traced(service: str, version: str, flush_seconds: float = FLUSH_SECONDS) -> AsyncIterator[None]:
    """Record the spans of a process meanwhile, as its environment says.

    Spans are sent by a thread of their own, in batches; who takes them may be slow or away without anybody noticing
    but the log. What has not been sent when the block ends is sent then, for as long as ``flush_seconds`` allow.

    Args:
        service: Its name.
        version: Version of its code.
        flush_seconds: Longest wait at the end.
    """
    # Imported here: a process without traces need not pay for it.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    from platformkit.telemetry.otel import OtelTracer  # noqa: PLC0415

    resource = Resource.create({SERVICE_NAME: service, SERVICE_VERSION: version})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    exporter = OTLPSpanExporter()
    provider.add_span_processor(BatchSpanProcessor(exporter))
    try:
        with recorded_by(OtelTracer(provider)):
            yield
    finally:
        await _flushed(provider, exporter, flush_seconds)


async def _flushed(provider: TracerProvider, exporter: SpanExporter, seconds: float) -> None:
    # The SDK itself would wait for half a minute. A thread of our own, because those of a pool keep a process alive.
    flushing = threading.Thread(target=provider.shutdown, daemon=True, name="flush spans")
    flushing.start()
    await asyncio.to_thread(flushing.join, seconds)
    if flushing.is_alive():
        # Whatever is on its way is given up.
        exporter.shutdown()
