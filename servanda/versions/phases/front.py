"""The one address of a system whose entry has instances of several versions."""

from __future__ import annotations

import itertools
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Final

from aiohttp import web

from servanda.recording.observe.passing import Exchanged, PassingServer
from servanda.supervision import LOOPBACK
from servanda.versions.oracle.answer import Question, question_of
from servanda.versions.oracle.writes import Passed, Write
from servanda.versions.phases.asking import Asking

_SERVER_ERRORS: Final = range(500, 600)
_GOOD: Final = range(200, 300)
# https://www.w3.org/TR/trace-context/#traceparent-header
_TRACE_PARENT: Final = "traceparent"
_PARENT: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*")


class Front:
    """Passes requests to the live instances of the entry in turn, and takes note of what was asked.

    Args:
        answer_seconds: How long an answer may take that is asked for here.

    Attributes:
        port: Where it listens.
        passed_on: How many requests it has passed on.
    """

    def __init__(self, answer_seconds: float) -> None:
        self._answer_seconds = answer_seconds
        self.port = 0
        self.passed_on = 0
        self._turns: itertools.cycle[str] = itertools.cycle(())
        self._asked: dict[Question, None] = {}
        self._writes: list[Write] = []
        self._errors: dict[tuple[str, int], None] = {}
        self._server = PassingServer("servanda versions", self._next, self._note, _traced)

    async def start(self) -> None:
        """Listen on a free port.

        Raises:
            RecordingError: There is none.
        """
        self.port = await self._server.start(LOOPBACK, 0)

    async def stop(self) -> None:
        """Let requests end for a few seconds, then serve no longer."""
        await self._server.stop()

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def asking(self) -> Asking:
        """Return what asks through it."""
        return Asking(self.url, self._answer_seconds)

    def lead_to(self, addresses: Iterable[str]) -> None:
        """Pass the next requests to these ``host:port``, in turn."""
        self._turns = itertools.cycle(f"http://{address}" for address in addresses)

    def taken(self) -> Passed:
        """Return what passed, and forget it."""
        taken = Passed(tuple(self._asked), tuple(self._writes), tuple(self._errors))
        self._asked.clear()
        self._writes.clear()
        self._errors.clear()
        return taken

    def _next(self) -> str:
        self.passed_on += 1
        return next(self._turns)

    def _note(self, exchanged: Exchanged) -> None:
        request = exchanged.request
        question = question_of(request.method, request.raw_path, request.headers.items())
        if exchanged.status in _SERVER_ERRORS:
            self._errors[f"{request.method} {request.raw_path}", exchanged.status] = None
        elif exchanged.status not in _GOOD:
            return
        elif question is not None:
            self._asked[question] = None
        elif (trace := _trace_of(exchanged)) is not None:
            self._writes.append(Write(request.method, request.raw_path, trace))


def _traced(request: web.BaseRequest) -> Mapping[str, str]:
    """Begin a trace where the caller has none: what follows from the request is known by it."""
    if _TRACE_PARENT in request.headers:
        return {}
    return {_TRACE_PARENT: f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"}


def _trace_of(exchanged: Exchanged) -> str | None:
    parent = exchanged.added.get(_TRACE_PARENT) or exchanged.request.headers.get(_TRACE_PARENT) or ""
    found = _PARENT.fullmatch(parent)
    return found[1] if found is not None else None
