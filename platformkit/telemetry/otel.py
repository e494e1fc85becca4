"""Spans as OpenTelemetry records them, at the place that `platformkit.context` holds.

OpenTelemetry has a context variable of its own for the span at hand. It is not used: the parent of every span is given,
so that there is one truth about where in the trace the work is.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from types import TracebackType
from typing import Final, Self

from opentelemetry import context as otel_context
from opentelemetry import trace as otel
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision, ParentBased

from platformkit.context import Context, Trace, current, entered
from platformkit.telemetry.conventions import ERROR_TYPE
from platformkit.telemetry.span import Kind, Span, Value

SCOPE: Final = "platformkit"
"""Name of the instrumentation, in every span."""

_KINDS: Final = {kind: otel.SpanKind[kind.value] for kind in Kind}
_INCOMING: Final = frozenset({Kind.SERVER, Kind.CONSUMER})
_NOWHERE: Final = otel_context.Context()


class OtelTracer:
    """Begins the spans that the sampler of a provider wants.

    Args:
        provider: Samples, and takes the spans that end.
    """

    def __init__(self, provider: TracerProvider) -> None:
        self._sampler = provider.sampler
        self._ids = provider.id_generator = _TraceIds()
        self._tracer = provider.get_tracer(SCOPE)
        # Whoever follows its parent has nothing to decide where that is not recorded; to ask costs more than all else.
        self._follows = isinstance(provider.sampler, ParentBased)

    def begin(self, name: str, kind: Kind, attributes: Mapping[str, Value], parent: Trace | None) -> Span | None:
        """See `Tracer`."""
        if parent is None:
            # The sampler alone takes a fifth of the time of a span that it does not want.
            trace_id = self._ids.generate_trace_id()
            sampled = self._sampler.should_sample(_NOWHERE, trace_id, name, _KINDS[kind], attributes)
            if sampled.decision is Decision.DROP:
                return _Unwanted(f"00-{trace_id:032x}-{self._ids.generate_span_id():016x}-00")
            self._ids.next = trace_id
        elif self._follows and not parent.sampled:
            return None
        above = _NOWHERE if parent is None else _above(parent, remote=kind in _INCOMING)
        return _OtelSpan(self._tracer.start_span(name, above, _KINDS[kind], attributes))


class _TraceIds(RandomIdGenerator):
    """Identifiers at random; that of the next trace can be drawn before it begins."""

    def __init__(self) -> None:
        self.next: int | None = None

    def generate_trace_id(self) -> int:
        drawn, self.next = self.next, None
        return super().generate_trace_id() if drawn is None else drawn


class _Unwanted:
    """The beginning of a trace that nobody records, which has to be handed on so that nobody records half of it."""

    def __init__(self, parent: str) -> None:
        self._parent = parent
        self._inside: AbstractContextManager[Context] | None = None

    def set(self, name: str, value: Value) -> None:
        pass

    def fail(self, kind: str) -> None:
        pass

    def end(self) -> None:
        pass

    def __enter__(self) -> Self:
        self._inside = entered(replace(current(), trace=Trace(self._parent)))
        self._inside.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._inside is not None:
            self._inside.__exit__(None, None, None)


class _OtelSpan:
    def __init__(self, recorded: otel.Span) -> None:
        self._recorded = recorded
        self._failed = self._ended = False
        self._inside: AbstractContextManager[Context] | None = None

    def set(self, name: str, value: Value) -> None:
        self._recorded.set_attribute(name, value)

    def fail(self, kind: str) -> None:
        self._failed = True
        self._recorded.set_attribute(ERROR_TYPE, kind)
        self._recorded.set_status(otel.StatusCode.ERROR)

    def end(self) -> None:
        if not self._ended:
            self._ended = True
            self._recorded.end()

    def __enter__(self) -> Self:
        self._inside = entered(replace(current(), trace=_trace(self._recorded.get_span_context())))
        self._inside.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._inside is not None:
            self._inside.__exit__(None, None, None)
        if kind is not None and not self._failed and not self._ended:
            # The message may hold what a caller sent.
            self.fail(kind.__qualname__)
        self.end()


def _above(parent: Trace, *, remote: bool) -> otel_context.Context:
    place = otel.SpanContext(
        int(parent.trace_id, 16),
        int(parent.span_id, 16),
        is_remote=remote,
        trace_flags=otel.TraceFlags(parent.sampled),
        trace_state=otel.TraceState.from_header([parent.state]) if parent.state else None,
    )
    return otel.set_span_in_context(otel.NonRecordingSpan(place), _NOWHERE)


def _trace(place: otel.SpanContext) -> Trace:
    parent = f"00-{place.trace_id:032x}-{place.span_id:016x}-{place.trace_flags:02x}"
    return Trace(parent, place.trace_state.to_header() if place.trace_state else "")
