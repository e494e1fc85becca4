"""Context of a call as a servicer sees it when it is called in memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Never, cast

import grpc
from typing_extensions import override

from platformkit.channels.call import Metadata

_Pairs = Iterable[tuple[str, str | bytes]]


class MemoryContext(grpc.aio.ServicerContext[Any, Any]):
    """The context of one unary call.

    Args:
        metadata: What travelled beside the request.
        timeout: Seconds from now that the call may take.
    """

    def __init__(self, metadata: Metadata, timeout: float | None) -> None:
        self.metadata = metadata
        self.initial: Metadata = ()
        self.trailing: Metadata = ()
        self._expiry = None if timeout is None else time.monotonic() + timeout
        self._code = grpc.StatusCode.OK
        self._details = ""
        self._done = False
        self._callbacks: list[Callable[[Any], None]] = []

    def error(self) -> grpc.aio.AioRpcError:
        """Return what the caller is told of a call that failed."""
        initial, trailing = grpc.aio.Metadata(*self.initial), grpc.aio.Metadata(*self.trailing)
        return grpc.aio.AioRpcError(self._code, initial, trailing, details=self._details)

    def finish(self) -> None:
        """Note that the call is over."""
        self._done = True
        for callback in self._callbacks:
            callback(self)

    @override
    async def abort(self, code: grpc.StatusCode, details: str = "", trailing_metadata: _Pairs = ()) -> Never:
        if code is grpc.StatusCode.OK:
            details, code = f"abort with OK: {details}", grpc.StatusCode.UNKNOWN
        self._code, self._details = code, details
        trailing = tuple(trailing_metadata)
        self.trailing = trailing or self.trailing
        raise grpc.aio.AbortError(f"Locally aborted: {code} {details}")

    @override
    async def abort_with_status(self, status: grpc.Status) -> Never:
        await self.abort(status.code, status.details, cast("_Pairs", status.trailing_metadata or ()))

    @override
    async def send_initial_metadata(self, initial_metadata: _Pairs) -> None:
        self.initial = tuple(initial_metadata)

    @override
    def set_trailing_metadata(self, trailing_metadata: _Pairs) -> None:
        self.trailing = tuple(trailing_metadata)

    @override
    def invocation_metadata(self) -> grpc.aio.Metadata:
        # A server hands out pairs, whatever the types say.
        return cast("grpc.aio.Metadata", self.metadata)

    @override
    def set_code(self, code: grpc.StatusCode) -> None:
        self._code = code

    @override
    def set_details(self, details: str) -> None:
        self._details = details

    @override
    def code(self) -> grpc.StatusCode:
        return self._code

    @override
    def details(self) -> str:
        return self._details

    @override
    def trailing_metadata(self) -> grpc.aio.Metadata:
        return cast("grpc.aio.Metadata", self.trailing)

    @override
    def time_remaining(self) -> float:
        # A server answers None where there is no deadline, whatever the types say.
        return cast("float", None) if self._expiry is None else max(0.0, self._expiry - time.monotonic())

    @override
    def add_done_callback(self, callback: Callable[[Any], None]) -> None:
        self._callbacks.append(callback)

    @override
    def cancelled(self) -> bool:
        return self._done and self._code is grpc.StatusCode.CANCELLED

    @override
    def done(self) -> bool:
        return self._done

    @override
    def peer(self) -> str:
        return "memory:"

    @override
    def peer_identities(self) -> None:
        return None

    @override
    def peer_identity_key(self) -> None:
        return None

    @override
    def auth_context(self) -> Mapping[str, Iterable[bytes]]:
        return {}

    @override
    def set_compression(self, compression: grpc.Compression) -> None:
        """Do nothing: nothing is compressed in memory."""

    @override
    def disable_next_message_compression(self) -> None:
        """Do nothing: nothing is compressed in memory."""

    @override
    async def read(self) -> Any:
        raise grpc.aio.UsageError("a unary call has its request already")

    @override
    async def write(self, message: Any) -> None:
        raise grpc.aio.UsageError("a unary call answers with what its servicer returns")
