"""Spans: pieces of work within a trace, from where they begin to where they end.

The place in the trace is `platformkit.context.Trace` and nothing else: a span that is recorded moves it while the block
runs, so that logs, calls and events of the block name the span. While nothing is recorded, a span is one object that
does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from types import TracebackType
from typing import Final, Protocol, Self

from platformkit.context import Trace, current

Value = str | bool | int | float
"""Value of an attribute."""


class Kind(StrEnum):
    """Role of a span towards others (https://opentelemetry.io/docs/specs/otel/trace/api/#spankind)."""

    INTERNAL = "INTERNAL"
    SERVER = "SERVER"
    CLIENT = "CLIENT"
    PRODUCER = "PRODUCER"
    CONSUMER = "CONSUMER"


class Span(Protocol):
    """A span, and the block for which it is the place in the trace."""

    def set(self, name: str, value: Value) -> None:
        """Set an attribute."""
        ...

    def fail(self, kind: str) -> None:
        """Note that the work failed, and the kind of error: the name of a code or of a class, never a message."""
        ...

    def end(self) -> None:
        """End it, where no block does, or before the block around it ends; twice is once."""
        ...

    def __enter__(self) -> Self:
        """Make it the place in the trace."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End it; an error that leaves the block is noted by its class."""
        ...


class Tracer(Protocol):
    """Begins spans."""

    def begin(self, name: str, kind: Kind, attributes: Mapping[str, Value], parent: Trace | None) -> Span | None:
        """Begin a span below a place in a trace, or a new trace; None if whoever began the trace wants no spans."""
        ...


class _NoSpan:
    """A span that is not recorded; the place in the trace stays where it is."""

    def set(self, name: str, value: Value) -> None:
        pass

    def fail(self, kind: str) -> None:
        pass

    def end(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        pass


class _Process:
    """Tracer of this process; None while traces are off."""

    def __init__(self) -> None:
        self.tracer: Tracer | None = None


_NOTHING: Final[Mapping[str, Value]] = {}
_NO_SPAN: Final = _NoSpan()
_process: Final = _Process()


def span(
    name: str,
    kind: Kind = Kind.INTERNAL,
    attributes: Mapping[str, Value] = _NOTHING,
    *,
    below: Trace | None = None,
    begins: bool = True,
) -> Span:
    """Begin a span; a with statement makes it the place in the trace, and ends it.

    Args:
        name: Kind of work; one of few, so without identifiers.
        kind: Role towards others.
        attributes: Facts about the work, by names of the semantic conventions where there is one. Nothing personal.
        below: Place in a trace that it belongs to; by default the place at hand.
        begins: Whether it may begin a new trace where there is none.
    """
    tracer = _process.tracer
    if tracer is None:
        return _NO_SPAN
    place = below or current().trace
    if place is None and not begins:
        return _NO_SPAN
    return tracer.begin(name, kind, attributes, place) or _NO_SPAN


@contextmanager
def recorded_by(tracer: Tracer) -> Iterator[None]:
    """Let a tracer record the spans of this process meanwhile."""
    before, _process.tracer = _process.tracer, tracer
    try:
        yield
    finally:
        _process.tracer = before
