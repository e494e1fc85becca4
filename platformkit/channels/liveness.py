"""Proof that the other side of a channel answers at all: the standard health check of gRPC.

Whatever it says of its health, it is there; HTTP has no such rpc, and ``/livez`` in its place.
"""

from __future__ import annotations

from typing import Any, Final

import grpc

from platformkit.channels.methods import HEALTH_CHECK

LIVENESS_PATH: Final = "/livez"

_SILENCE: Final = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED})


async def answers(channel: grpc.aio.Channel, seconds: float) -> bool:
    """Tell whether the other side answers within so many seconds, whatever it answers."""
    try:
        check: Any = channel.unary_unary(HEALTH_CHECK)
        await check(b"", timeout=seconds)
    except grpc.aio.AioRpcError as error:
        return error.code() not in _SILENCE
    except grpc.aio.UsageError:
        return False  # the channel was closed meanwhile
    return True
