"""A context as it travels: HTTP headers and gRPC metadata of the same names.

The deadline travels in the way of each transport (``grpc-timeout``), and the principal not at all: whoever takes a
request in has to verify it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Final

from platformkit.context.current import Context, current
from platformkit.context.request_id import REQUEST_ID_HEADER, accept_request_id
from platformkit.context.trace import TRACE_PARENT, TRACE_STATE, trace_of

NAMES: Final = frozenset({REQUEST_ID_HEADER, TRACE_PARENT, TRACE_STATE})
"""Headers, or metadata keys, that carry a context."""

Metadata = tuple[tuple[str, str | bytes], ...]


def received(pairs: Iterable[tuple[str, str | bytes]], seconds: float | None = None) -> Context:
    """Read the context that comes with a request.

    Args:
        pairs: Its headers or metadata; names in lower case.
        seconds: What its caller gives it; None for no limit.

    Returns:
        The context, with a new request id if the request brings none that is fit. It has no principal.
    """
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in NAMES and isinstance(value, str):
            # RFC 9110, section 5.2: a repeated header is a list. Only tracestate may be one.
            values[name] = f"{values[name]},{value}" if name in values else value
    return Context(
        request_id=accept_request_id(values.get(REQUEST_ID_HEADER)),
        expiry=None if seconds is None else time.monotonic() + seconds,
        trace=trace_of(values.get(TRACE_PARENT), values.get(TRACE_STATE)),
    )


def handed_on(metadata: Iterable[tuple[str, str | bytes]] | None) -> Metadata:
    """Return the metadata of a call, and with it the context at hand, where the caller says nothing else."""
    pairs = tuple((key, value) for key, value in metadata or ())
    named = {key for key, _ in pairs}
    context = current()
    carried = [(REQUEST_ID_HEADER, context.request_id)]
    # One without the other would put the state of this trace beside the parent of another one.
    if context.trace is not None and not named & {TRACE_PARENT, TRACE_STATE}:
        carried += [(TRACE_PARENT, context.trace.parent), (TRACE_STATE, context.trace.state)]
    return (*pairs, *((key, value) for key, value in carried if value and key not in named))


def moved_on(metadata: Iterable[tuple[str, str | bytes]]) -> Metadata:
    """Return metadata that was handed on before, with the place in the trace that is at hand now."""
    trace = current().trace
    if trace is None:
        return tuple(metadata)
    kept = ((key, value) for key, value in metadata if key not in {TRACE_PARENT, TRACE_STATE})
    state = ((TRACE_STATE, trace.state),) if trace.state else ()
    return (*kept, (TRACE_PARENT, trace.parent), *state)
