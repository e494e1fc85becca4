"""Facts that the interfaces state about an rpc, by its path in gRPC."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from google.protobuf import descriptor_pool
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.descriptor_pb2 import MethodOptions

HEALTH_CHECK: Final = "/grpc.health.v1.Health/Check"
"""Path of the standard health check; its request for the whole server is the empty message, which is no bytes."""

IDEMPOTENCY_KEY: Final = "idempotency_key"
"""Field of a request in which its caller names it, so that the service does it once however often it comes."""

_REPEATABLE = frozenset({MethodOptions.NO_SIDE_EFFECTS, MethodOptions.IDEMPOTENT})


@cache
def method_of(path: str) -> MethodDescriptor | None:
    """Return the rpc with the path ``/package.Service/Method``; None if no module that describes it is imported."""
    service, _, name = path.strip("/").rpartition("/")
    try:
        found: MethodDescriptor = descriptor_pool.Default().FindMethodByName(f"{service}.{name}")
    except KeyError:
        return None
    return found


@cache
def is_idempotent(path: str) -> bool:
    """Tell whether making the call twice does no more than making it once, as its ``idempotency_level`` promises."""
    method = method_of(path)
    return method is not None and method.GetOptions().idempotency_level in _REPEATABLE


def may_repeat(path: str, request: Any) -> bool:
    """Tell whether making this call twice does no more than making it once.

    Args:
        path: ``/package.Service/Method``; the rpc may promise it, for every request.
        request: The request message; it may have an idempotency key, which promises it for this one.
    """
    return path == HEALTH_CHECK or is_idempotent(path) or bool(getattr(request, IDEMPOTENCY_KEY, ""))
