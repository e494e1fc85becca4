"""Access to an rpc: who may call it, as ``plt.auth.v1.access`` says."""

from __future__ import annotations

from typing import Final

from plt.auth.v1 import access_pb2

from platformkit.access import Policy, policy_of
from platformkit.transcoding import EdgeRequest

_PUBLIC: Final = Policy(access_pb2.ACCESS_LEVEL_PUBLIC)


def access_of(request: EdgeRequest) -> Policy:
    """Return what the rpc of a request asks of its callers; for a path without an rpc: nothing."""
    return _PUBLIC if request.match is None else policy_of(request.match.route.method)


def is_public(request: EdgeRequest) -> bool:
    """Tell whether anybody may make a request."""
    return access_of(request).is_public
