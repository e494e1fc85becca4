"""Provider states of one callable, in a process that is started again after a state that ended it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack

from servanda.configuration import Limits
from servanda.errors import ServandaError
from servanda.supervision import ServiceHandle
from servanda.verification.state_process import StateProcess, StateProcessError, state_process


class StateSource:
    """The handlers of one callable.

    Args:
        source: ``module:callable``.
        owner: The instance whose code they are, and whose environment they get.
        limits: How long they may take, and how much is kept of what they write.
        is_function: Whether the callable is a request filter: the one handler itself.
    """

    def __init__(self, source: str, owner: ServiceHandle, limits: Limits, *, is_function: bool = False) -> None:
        self._is_function = is_function
        self._source = source
        self._owner = owner
        self._limits = limits
        self._stack = AsyncExitStack()
        self._process: StateProcess | None = None
        self._is_new = True
        self._is_kept = False
        self._refused = ""
        # Who opens it ahead and who needs it may come at the same time.
        self._changing = asyncio.Lock()

    async def open(self) -> tuple[str, ...]:
        """Open the handlers, or go on with those that are open since an earlier verification.

        Returns:
            The states that they offer.

        Raises:
            ConfigurationError: The callable cannot be imported.
            StateProcessError: Its context could not be opened.
        """
        async with self._changing:
            self._refused = ""
            if self._process is not None and self._process.answers:
                self._is_kept = True
                return self._process.names
            return await self._start()

    async def _start(self) -> tuple[str, ...]:
        await self._stack.aclose()
        self._process = await self._stack.enter_async_context(self._new())
        self._is_new, self._is_kept = True, False
        return self._process.names

    def _new(self) -> AbstractAsyncContextManager[StateProcess]:
        return state_process(self._source, self._owner, self._limits, is_function=self._is_function)

    async def establish(self, state: str, params: Mapping[str, object]) -> Mapping[str, object] | None:
        """Make a state true; cancelling this cancels the handler.

        Returns:
            What the handler returned, as JSON values.

        Raises:
            StateProcessError: The handler failed or ended its process, or that could not be started again.
        """
        process = await self._running()
        was_new, self._is_new = self._is_new, False
        try:
            return await process.establish(state, params)
        except StateProcessError:
            if self._is_kept and not process.is_holding:
                # Its tables may have been migrated since it was started.
                await self.close()
            elif was_new or process.answers:
                raise
        # A state before it may have ended the process late: by a thread, a task or a stopped loop. States may be made
        # true twice, and in a process of its own there is nobody else to blame.
        return await (await self._running()).establish(state, params)

    async def undo(self, state: str) -> None:
        """End a state that lasts until it is undone; any other is left as it is.

        Raises:
            StateProcessError: The handler failed or took too long, or its process ended.
        """
        if self._process is not None:
            try:
                async with asyncio.timeout(self._limits.state_seconds):
                    await self._process.undo(state)
            except TimeoutError as error:
                raise StateProcessError(f"it took longer than {self._limits.state_seconds:g} s") from error

    async def close(self) -> None:
        """Let the process close its context and end."""
        async with self._changing:
            self._process = None
            await self._stack.aclose()

    async def _running(self) -> StateProcess:
        async with self._changing:
            # What a state did to its process is no fault of the states after it.
            if self._process is not None and self._process.answers:
                return self._process
            if not self._refused:
                try:
                    await self._start()
                except (StateProcessError, ServandaError) as error:
                    self._refused = f"their process ended before, and could not be started again: {error}"
            if self._process is None or self._refused:
                raise StateProcessError(self._refused)
            return self._process
