"""Facts about the request or event at hand: its id, its deadline, its principal and its trace.

A context is entered once for each request or event, by the edge, the guard or the consumer that takes it in. Whatever
runs inside reads it with `current`; channels and events hand it on. It follows tasks and never leaks from one request
into another, since it lives in a context variable.
"""

from platformkit.context.carrier import NAMES, handed_on, moved_on, received
from platformkit.context.current import Context, Payload, Principal, current, entered, start_detached
from platformkit.context.deadline import capped, deadline, remaining
from platformkit.context.request_id import REQUEST_ID_HEADER, accept_request_id, new_request_id
from platformkit.context.trace import Trace, trace_of

__all__ = [
    "NAMES",
    "REQUEST_ID_HEADER",
    "Context",
    "Payload",
    "Principal",
    "Trace",
    "accept_request_id",
    "capped",
    "current",
    "deadline",
    "entered",
    "handed_on",
    "moved_on",
    "new_request_id",
    "received",
    "remaining",
    "start_detached",
    "trace_of",
]
