"""Records of calls: their spans (https://opentelemetry.io/docs/specs/semconv/rpc/grpc/) and their numbers.

A call is one span, which is that of its first attempt as well, since most calls have no other. Every further attempt is
a span below it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final

import grpc

from platformkit.discovery import Instance
from platformkit.telemetry import Counter, Histogram, Kind, Span, span
from platformkit.telemetry.conventions import GRPC, RPC_METHOD, RPC_STATUS, RPC_SYSTEM, SERVER_ADDRESS, SERVER_PORT

ATTEMPT: Final = "plt.attempt"
"""Attribute that numbers the further attempts at a call, from two; there is no convention for it."""

FIRST_FAILURE: Final = "plt.first_attempt.status_code"
"""Attribute of a call whose first attempt failed: its code."""


CALLS: Final = Counter("plt_rpc_client_calls_total", "Calls to other services", ("rpc", "code"))
CALL_SECONDS: Final = Histogram("plt_rpc_client_seconds", "Time that a call took, with all its attempts", ("rpc",))
ATTEMPTS: Final = Counter("plt_rpc_client_attempts_total", "Attempts at calls to other services", ("rpc", "code"))


@contextmanager
def recorded_call(path: str) -> Iterator[Span]:
    """Record a call to an rpc, whatever it takes; gives its span, for the first attempt."""
    method, began, code = path.removeprefix("/"), time.perf_counter(), grpc.StatusCode.CANCELLED
    with span(method, Kind.CLIENT, {RPC_SYSTEM: GRPC, RPC_METHOD: method}) as recorded:
        try:
            yield recorded
            code = grpc.StatusCode.OK
        except grpc.aio.AioRpcError as error:
            code = error.code()
            raise
        finally:
            CALLS.add(method, code.name)
            CALL_SECONDS.observe(time.perf_counter() - began, method)
            _ended(recorded, code)


@contextmanager
def recorded_attempt(call: Span, path: str, instance: Instance, number: int) -> Iterator[None]:
    """Record one attempt at a call, made to an instance.

    Args:
        call: Span of the call.
        path: ``/package.Service/Method``.
        instance: Who is called.
        number: Which attempt it is, from one.
    """
    method, code = path.removeprefix("/"), grpc.StatusCode.CANCELLED
    port = instance.grpc_port or instance.http_port
    if number == 1:
        call.set(SERVER_ADDRESS, instance.host)
        call.set(SERVER_PORT, port)
        own: AbstractContextManager[Span | None] = nullcontext()
    else:
        facts = {RPC_SYSTEM: GRPC, RPC_METHOD: method, SERVER_ADDRESS: instance.host}
        own = span(method, Kind.CLIENT, {**facts, SERVER_PORT: port, ATTEMPT: number})
    with own as further:
        try:
            yield
            code = grpc.StatusCode.OK
        except grpc.aio.AioRpcError as error:
            code = error.code()
            raise
        finally:
            ATTEMPTS.add(method, code.name)
            if further is not None:
                _ended(further, code)
            elif code is not grpc.StatusCode.OK:
                call.set(FIRST_FAILURE, code.name)


def _ended(recorded: Span, code: grpc.StatusCode) -> None:
    recorded.set(RPC_STATUS, code.name)
    # For a client every other code is an error, whoever is to blame.
    if code is not grpc.StatusCode.OK:
        recorded.fail(code.name)
