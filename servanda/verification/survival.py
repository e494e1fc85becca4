"""Noticing at once that a provider died while it was being asked."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any

from servanda.supervision import ServiceHandle, describe_exit
from servanda.verdict import Location, Reason, ReasonKind

_POLL_SECONDS = 0.05
_SIGN_SECONDS = 1.0
_SIGNS = frozenset({ReasonKind.NO_ANSWER, ReasonKind.TRANSPORT})


class Survival:
    """The life of an instance of a provider, given by its name, and of those that it depends on."""

    def __init__(self, provider: str, handles: Iterable[ServiceHandle]) -> None:
        self._provider = provider
        self._handles = tuple(handles)

    def death(self) -> Reason | None:
        """Tell that one of them died, with its last line and its log; ``None`` while all live."""
        dead = next((handle for handle in self._handles if not handle.alive), None)
        return self._told(dead) if dead else None

    async def during(self, work: Coroutine[Any, Any, tuple[Reason, ...]]) -> tuple[Reason, ...]:
        """Return the reasons that ``work`` gives, or the death that kept it from giving them."""
        working, dying = asyncio.create_task(work), asyncio.create_task(self._until_dead())
        try:
            await asyncio.wait([working, dying], return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                reasons = working.result()
                if any(reason.kind in _SIGNS for reason in reasons):
                    # A connection that breaks off is often seen before the end of the process is.
                    await asyncio.wait([dying], timeout=_SIGN_SECONDS)
                if not dying.done():
                    return reasons
            return (dying.result(),)
        finally:
            working.cancel()
            dying.cancel()
            await asyncio.gather(working, dying, return_exceptions=True)

    async def _until_dead(self) -> Reason:
        while (death := self.death()) is None:  # noqa: ASYNC110 - another command's process has no event to wait for
            await asyncio.sleep(_POLL_SECONDS)
        return death

    def _told(self, handle: ServiceHandle) -> Reason:
        name = handle.instance.name
        who = f"the provider '{name}'" if name == self._provider else f"'{name}', which '{self._provider}' depends on,"
        how = f" {describe_exit(handle.exit_code)}" if handle.exit_code is not None else ""
        last = next((line.strip() for line in reversed(handle.lines) if line.strip()), "")
        words = f"; its last line: {last}" if last else ""
        return Reason(
            ReasonKind.PROVIDER_DIED,
            f"{who} ended{how} during the verification{words}",
            evidence=Location(str(handle.log), _lines(handle.log)),
        )


def _lines(log: Path) -> int:
    return log.read_bytes().count(b"\n") if log.is_file() else 0
