"""Failures that an event is to blame for, told from those of a store or a service that is away.

An event that is to blame fails again wherever it is applied, so it goes to the dead letters. What is away comes back,
and until then every event would fail: none of them may be given up.
"""

from __future__ import annotations

from typing import Final

import asyncpg
import grpc

from platformkit import postgres, redis
from platformkit.status import ServiceError

# SQLSTATE classes that blame the data: data exception, integrity constraint violation, program limit exceeded. Any
# other one would meet the next event just as well.
DATA_ERRORS: Final = ("22", "23", "54")
OUTAGES: Final = (*postgres.OUTAGES, *redis.OUTAGES)
AWAY: Final = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED})


def blames_event(error: BaseException) -> bool:
    """Tell whether an event is to blame for what its handler raised, or what that was raised from."""
    if _is_outage(error):
        return False
    return error.__cause__ is None or blames_event(error.__cause__)


def _is_outage(error: BaseException) -> bool:
    if isinstance(error, asyncpg.PostgresError):
        return not (error.sqlstate or "").startswith(DATA_ERRORS)
    if isinstance(error, grpc.aio.AioRpcError):
        return error.code() in AWAY
    if isinstance(error, ServiceError):
        return error.code in AWAY
    # The driver's own complaint about a value is an InterfaceError too.
    return isinstance(error, OUTAGES) and not isinstance(error, ValueError)
