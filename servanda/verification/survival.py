"""Noticing at once that a provider died while it was being asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
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
        # Of one that runs elsewhere there is no process to look at, and no end to wait for.
        self._handles = tuple(handle for handle in handles if handle.pid)

    def death(self) -> Reason | None:
        """Tell that one of them died, with its last line and its log; ``None`` while all live."""
        dead = next((handle for handle in self._handles if not handle.alive), None)
        return self._told(dead) if dead else None

    async def during(self, work: Coroutine[Any, Any, tuple[Reason, ...]]) -> tuple[Reason, ...]:
        """Return the reasons that ``work`` gives, or the death that kept it from giving them."""
        dying = _Watch(self.death)
        working = asyncio.create_task(work)
        try:
            either: list[asyncio.Future[Any]] = [working, dying.died]
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                reasons = working.result()
                if self._handles and any(reason.kind in _SIGNS for reason in reasons):
                    # A connection that breaks off is often seen before the end of the process is.
                    await asyncio.wait([dying.died], timeout=_SIGN_SECONDS)
                if not dying.died.done():
                    return reasons
            return (dying.died.result(),)
        finally:
            dying.end()
            if not working.done():
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)

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


class _Watch:
    """Looks now and then: the process of another command has no event to wait for.

    Attributes:
        died: The death, once there is one.
    """

    def __init__(self, death: Callable[[], Reason | None]) -> None:
        self.died: asyncio.Future[Reason] = asyncio.get_running_loop().create_future()
        self._death = death
        self._next: asyncio.TimerHandle | None = None
        self._look()

    def end(self) -> None:
        """Look no more."""
        if self._next is not None:
            self._next.cancel()

    def _look(self) -> None:
        if (death := self._death()) is not None:
            self.died.set_result(death)
            return
        self._next = asyncio.get_running_loop().call_later(_POLL_SECONDS, self._look)


def _lines(log: Path) -> int:
    return log.read_bytes().count(b"\n") if log.is_file() else 0
