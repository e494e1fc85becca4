"""A sink of spans: takes what OTLP exporters send over HTTP, and keeps it (https://opentelemetry.io/docs/specs/otlp/)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True, slots=True)
class Sent:
    """A span as it was sent.

    Attributes:
        service: Process that recorded it.
        name: Its name.
        trace_id: Identifier of its trace.
        span_id: Its own.
        parent_id: Identifier of the span that it is below; empty if it begins the trace.
        attributes: Facts about the work.
    """

    service: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    attributes: dict[str, object]


@dataclass
class Sink:
    """Spans that came, and where they are to be sent."""

    endpoint: str
    spans: list[Sent] = field(default_factory=list)

    def of(self, trace_id: str) -> list[Sent]:
        """Return the spans of one trace, in the order in which they came."""
        return [span for span in tuple(self.spans) if span.trace_id == trace_id]


@contextmanager
def sink() -> Iterator[Sink]:
    """Take spans on a free port meanwhile."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            taking.spans.extend(_spans(ExportTraceServiceRequest.FromString(body)))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        taking = Sink(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield taking
        finally:
            server.shutdown()
            thread.join()


def _spans(request: ExportTraceServiceRequest) -> Iterator[Sent]:
    for resource in request.resource_spans:
        (service,) = (each.value.string_value for each in resource.resource.attributes if each.key == "service.name")
        for scope in resource.scope_spans:
            for each in scope.spans:
                facts: dict[str, object] = {
                    fact.key: getattr(fact.value, fact.value.WhichOneof("value") or "string_value")
                    for fact in each.attributes
                }
                ids = (each.trace_id.hex(), each.span_id.hex(), each.parent_span_id.hex())
                yield Sent(service, each.name, *ids, facts)
