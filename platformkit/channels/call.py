"""A unary call as grpc.aio hands it out, and what a transport has to do for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Any

import grpc
from typing_extensions import override

from platformkit.channels.errors import channel_closed

Metadata = tuple[tuple[str, str | bytes], ...]


@dataclass(frozen=True, slots=True)
class Method:
    """An rpc and how its messages are written.

    Attributes:
        path: ``/package.Service/Method``.
        serialize: Request to bytes.
        deserialize: Bytes to response.
    """

    path: str
    serialize: Callable[[Any], bytes]
    deserialize: Callable[[bytes], Any]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A call that is to be made.

    Attributes:
        method: The rpc.
        request: The request, not yet serialized.
        timeout: Seconds for all of it; None for no limit.
        metadata: What travels beside it.
    """

    method: Method
    request: Any
    timeout: float | None
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class Incoming:
    """A call that was answered.

    Attributes:
        response: The response, deserialized.
        initial: Metadata ahead of it.
        trailing: Metadata after it.
    """

    response: Any
    initial: Metadata = ()
    trailing: Metadata = ()


class TaskCall(grpc.aio.UnaryUnaryCall[Any, Any]):
    """A call that a task carries out.

    Args:
        task: Answers, or raises grpc.aio.AioRpcError.
        timeout: Seconds from now that the call may take.
    """

    def __init__(self, task: asyncio.Future[Incoming], timeout: float | None) -> None:
        self._task = task
        self._expiry = None if timeout is None else time.monotonic() + timeout
        # Who asks for the code only has seen the error as well.
        self._task.add_done_callback(_retrieve)

    @override
    def cancelled(self) -> bool:
        return self._task.cancelled()

    @override
    def done(self) -> bool:
        return self._task.done()

    @override
    def time_remaining(self) -> float | None:
        return None if self._expiry is None else max(0.0, self._expiry - time.monotonic())

    @override
    def cancel(self) -> bool:
        return self._task.cancel()

    @override
    def add_done_callback(self, callback: Callable[[Any], None]) -> None:
        self._task.add_done_callback(lambda _: callback(self))

    @override
    async def initial_metadata(self) -> grpc.aio.Metadata:
        outcome = await self._outcome()
        if isinstance(outcome, Incoming):
            return grpc.aio.Metadata(*outcome.initial)
        return (outcome.initial_metadata() if outcome else None) or grpc.aio.Metadata()

    @override
    async def trailing_metadata(self) -> grpc.aio.Metadata:
        outcome = await self._outcome()
        if isinstance(outcome, Incoming):
            return grpc.aio.Metadata(*outcome.trailing)
        return (outcome.trailing_metadata() if outcome else None) or grpc.aio.Metadata()

    @override
    async def code(self) -> grpc.StatusCode:
        outcome = await self._outcome()
        if outcome is None:
            return grpc.StatusCode.CANCELLED
        return grpc.StatusCode.OK if isinstance(outcome, Incoming) else outcome.code()

    @override
    async def details(self) -> str:
        outcome = await self._outcome()
        if outcome is None:
            return "Locally cancelled by application!"
        return "" if isinstance(outcome, Incoming) else outcome.details() or ""

    @override
    async def wait_for_connection(self) -> None:
        await self._outcome()

    @override
    def __await__(self) -> Generator[Any, None, Any]:
        incoming = yield from self._task.__await__()
        return incoming.response

    async def _outcome(self) -> Incoming | grpc.aio.AioRpcError | None:
        await asyncio.wait({self._task})
        if self._task.cancelled():
            return None
        error = self._task.exception()
        if error is None:
            return self._task.result()
        if isinstance(error, grpc.aio.AioRpcError):
            return error
        raise error


async def complete(call: Awaitable[Any]) -> Incoming:
    """Return the whole answer of another channel's call.

    Raises:
        grpc.aio.AioRpcError: The call failed, or its channel was closed before it was answered.
    """
    try:
        response = await call
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        # Nobody gave this call up: its channel went away with it, and whoever waits has to be told.
        raise channel_closed() from None
    if not isinstance(call, grpc.aio.Call):
        return Incoming(response)
    return Incoming(response, _pairs(await call.initial_metadata()), _pairs(await call.trailing_metadata()))


def _pairs(metadata: Iterable[tuple[str, str | bytes]] | None) -> Metadata:
    return tuple((key, value) for key, value in metadata or ())


def _retrieve(task: asyncio.Future[Incoming]) -> None:
    if not task.cancelled():
        task.exception()
