"""One object with what is known about the request or event at hand."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from google.protobuf.message import Message

from platformkit.context.trace import Trace


@dataclass(frozen=True, slots=True)
class Principal:
    """User or service that a request acts for, verified by whoever put it into the context.

    Attributes:
        subject: Identifier of the user or service.
        roles: What it may do, by name.
    """

    subject: str
    roles: tuple[str, ...] = ()


@dataclass(slots=True)
class Payload:
    """Place for the message of a request or event, which is read after the context was entered.

    Attributes:
        message: The message; None until it has been read.
    """

    message: Message | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """Facts about a request or event; outside of one, everything is empty.

    Attributes:
        request_id: Identifier of the request of the outside world that is behind it.
        expiry: When its time is up, in seconds of ``time.monotonic``; None if it has no deadline.
        principal: Whom it acts for; None if nobody has verified that. No header is believed.
        trace: Its place in a distributed trace; None if its caller has none.
        caller: Name of the service that called, verified as well; empty if none has proved that.
        payload: The message that it is about; log lines show none of its secrets.
    """

    request_id: str = ""
    expiry: float | None = None
    principal: Principal | None = None
    trace: Trace | None = None
    caller: str = ""
    payload: Payload | None = field(default=None, compare=False)


_current: contextvars.ContextVar[Context] = contextvars.ContextVar("context", default=Context())  # noqa: B039 - frozen


def current() -> Context:
    """Return the context of the request or event at hand."""
    return _current.get()


@contextmanager
def entered(context: Context) -> Iterator[Context]:
    """Work inside a context; its deadline can only be earlier than that of the context around it."""
    context = replace(context, expiry=_earlier(_current.get().expiry, context.expiry))
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


def start_detached(work: Coroutine[Any, Any, None], name: str | None = None) -> asyncio.Task[None]:
    """Start work that a request happens to begin but that does not belong to it, in no context."""
    return asyncio.create_task(work, name=name, context=contextvars.Context())


def _earlier(first: float | None, second: float | None) -> float | None:
    known = [expiry for expiry in (first, second) if expiry is not None]
    return min(known, default=None)
