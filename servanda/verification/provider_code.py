"""Code of providers that runs for a verification: provider states and request filters, each in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import NamedTuple, Self

from servanda.configuration import Limits
from servanda.errors import ServandaError
from servanda.supervision import ServiceHandle
from servanda.verification.state_process import StateProcessError
from servanda.verification.state_source import StateSource


class _Kept(NamedTuple):
    source: StateSource
    environment: Mapping[str, str]


class ProviderCode:
    """Processes with code of providers, which stay open from one verification to the next.

    As an async context manager it ends them all.

    Args:
        limits: How long a call may take, and how much is kept of what they write.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._kept: dict[tuple[str, str, bool], _Kept] = {}
        self._ahead: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for opening in self._ahead:
            opening.cancel()
        await asyncio.gather(*self._ahead, return_exceptions=True)
        await self.keep(())

    def source(self, name: str, owner: ServiceHandle, *, is_function: bool = False) -> StateSource:
        """Return the handlers of a callable; those that are open already are used again.

        Args:
            name: ``module:callable``.
            owner: The instance whose code they are, and whose environment they get.
            is_function: Whether the callable is a request filter: the one handler itself.
        """
        key = name, owner.instance.name, is_function
        kept = self._kept.get(key)
        if kept is None:
            source = StateSource(name, owner, self._limits, is_function=is_function)
            kept = self._kept[key] = _Kept(source, owner.environment)
        return kept.source

    def open_ahead(self, name: str, owner: ServiceHandle, *, is_function: bool = False) -> None:
        """Begin to open the handlers of a callable; if that fails, whoever needs them is told."""
        opening = asyncio.create_task(_opened(self.source(name, owner, is_function=is_function)), name=f"open {name}")
        self._ahead.add(opening)
        opening.add_done_callback(self._ahead.discard)

    async def keep(self, owners: Iterable[ServiceHandle]) -> None:
        """End the processes of all instances but these; one that has another environment now is another instance."""
        environments = {owner.instance.name: owner.environment for owner in owners}
        ended = [key for key, kept in self._kept.items() if environments.get(key[1]) != kept.environment]
        sources = [self._kept.pop(key).source for key in ended]
        await asyncio.gather(*(source.close() for source in sources))


async def _opened(source: StateSource) -> None:
    with contextlib.suppress(StateProcessError, ServandaError):
        await source.open()
