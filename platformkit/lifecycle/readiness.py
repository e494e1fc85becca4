"""Liveness and readiness of a service."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from platformkit.lifecycle.application import Asgi, Check, Receive, Scope, Send
from platformkit.telemetry import get_logger

_log = get_logger(__name__)

_CHECK_SECONDS: Final = 2.0
_POLL_SECONDS: Final = 0.1


class Phase(StrEnum):
    """Place of a process between its start and its end."""

    STARTING = "starting"
    READY = "ready"
    DRAINING = "draining"


class Readiness:
    """Knows whether calls are welcome: started, not draining, and every check holds.

    Args:
        checks: By the name that is shown when one does not hold.
    """

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self.phase = Phase.STARTING

    async def failing(self) -> dict[str, str]:
        """Return the checks that do not hold now, each with what it says."""
        found = await asyncio.gather(*(_fault(check) for check in self._checks.values()))
        return {name: fault for name, fault in zip(self._checks, found, strict=True) if fault is not None}

    async def wait(self) -> None:
        """Waits until every check holds for the first time."""
        known: dict[str, str] = {}
        while failing := await self.failing():
            if failing != known:
                _log.warning("not ready yet", failing=failing)
                known = failing
            await asyncio.sleep(_POLL_SECONDS)
        if self.phase is Phase.STARTING:
            self.phase = Phase.READY


async def _fault(check: Check) -> str | None:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            await check()
    except TimeoutError:
        return f"no answer within {_CHECK_SECONDS:g} s"
    except Exception as error:  # noqa: BLE001 - whatever a check raises is what it has to say
        return str(error) or type(error).__name__
    return None


class Probes:
    """Answers ``GET /livez`` and ``GET /readyz`` in front of an application.

    ``/livez`` is 200 for as long as the process answers at all. ``/readyz`` is 200 while calls are welcome and else
    503, with the checks that do not hold.

    Args:
        application: Answers everything else.
        readiness: What ``/readyz`` asks.
    """

    def __init__(self, application: Asgi, readiness: Readiness) -> None:
        self._application = application
        self._readiness = readiness

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self._application(scope, receive, send)
        elif scope["path"] == "/livez":
            await _respond(send, 200, {"status": "alive"})
        elif scope["path"] == "/readyz":
            await self._ready(send)
        else:
            await self._application(scope, receive, send)

    async def _ready(self, send: Send) -> None:
        failing = await self._readiness.failing()
        phase = self._readiness.phase
        if phase is Phase.READY and not failing:
            await _respond(send, 200, {"status": phase.value})
        else:
            status = "not ready" if phase is Phase.READY else phase.value
            await _respond(send, 503, {"status": status, "failing": failing})


async def _respond(send: Send, status: int, document: Mapping[str, object]) -> None:
    body = json.dumps(document).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
