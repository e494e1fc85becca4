"""The one address of a system whose entry has instances of several versions."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Final

from servanda.recording.observe.passing import Exchanged, PassingServer
from servanda.supervision import LOOPBACK
from servanda.versions.oracle.answer import Question, question_of

_SERVER_ERRORS: Final = range(500, 600)
_GOOD: Final = range(200, 300)


class Front:
    """Passes requests to the live instances of the entry in turn, and takes note of what was asked.

    Attributes:
        port: Where it listens.
    """

    def __init__(self) -> None:
        self.port = 0
        self._turns: itertools.cycle[str] = itertools.cycle(())
        self._asked: dict[Question, None] = {}
        self._errors: dict[tuple[str, int], None] = {}
        self._server = PassingServer("servanda versions", lambda: next(self._turns), self._note)

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

    def lead_to(self, addresses: Iterable[str]) -> None:
        """Pass the next requests to these ``host:port``, in turn."""
        self._turns = itertools.cycle(f"http://{address}" for address in addresses)

    def taken(self) -> tuple[tuple[Question, ...], tuple[tuple[str, int], ...]]:
        """Return what was asked and answered well, and which requests met an error of the server, and forget it."""
        taken = tuple(self._asked), tuple(self._errors)
        self._asked.clear()
        self._errors.clear()
        return taken

    def _note(self, exchanged: Exchanged) -> None:
        request = exchanged.request
        question = question_of(request.method, request.raw_path, request.headers.items())
        if exchanged.status in _SERVER_ERRORS:
            self._errors[f"{request.method} {request.raw_path}", exchanged.status] = None
        elif question is not None and exchanged.status in _GOOD:
            self._asked[question] = None
