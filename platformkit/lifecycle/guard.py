"""Checks that every call of a service goes through, whichever transport brought it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Final, NoReturn, TypeAlias

import grpc.aio
from google.protobuf import descriptor_pool
from google.protobuf.message import DecodeError, Message

from platformkit.access import Policy, policy_of
from platformkit.context import REQUEST_ID_HEADER, Context, Payload, current, entered, received, remaining
from platformkit.lifecycle.call_record import CallRecord
from platformkit.lifecycle.callers import proven
from platformkit.lifecycle.validation import refuse_invalid
from platformkit.status import OUT_OF_TIME, ServiceError
from platformkit.telemetry import Span, get_logger
from platformkit.telemetry.conventions import GRPC
from platformkit.tokens import InternalTokens

_log = get_logger(__name__)

_STATUS_DETAILS_HEADER: Final = "grpc-status-details-bin"
_DEPENDENCY_AWAY: Final = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)

_OWN_SERVICES: Final = "/grpc."

Behavior = Callable[[Any, Any], Awaitable[Any]]
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """Stands for a request that is not a message of the type that the method takes."""

    error: DecodeError


class Guard(grpc.aio.ServerInterceptor):
    """Lets each call be checked, logged and answered in the one error shape.

    In this order: the context of the call is entered, with the id, the deadline and the trace that its caller hands on;
    a call whose time is up ends; the caller proves who it is; the request is read; the principal for whom it is has to
    be one who may make it, as the rpc declares; the request is validated against the constraints of its proto; the
    servicer is called; what it raises becomes a status. A service that calls for nobody but itself may make every
    request. ``ServiceError`` stays as it is, an outage of a store or of another service becomes UNAVAILABLE, anything
    else INTERNAL with the details in the log only. gRPC's own services, health and reflection, pass as they are.

    Args:
        outages: Errors that mean that a store is away.
        tokens: Verifies who calls; None to let everybody call.
        transport: What brings the calls, see `CallRecord`.
    """

    def __init__(
        self,
        outages: tuple[type[Exception], ...] = (),
        tokens: InternalTokens | None = None,
        transport: str = GRPC,
    ) -> None:
        self._outages = outages
        self._tokens = tokens
        self._transport = transport
        self._guarded: dict[str, Handler] = {}

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler:
        """Return the guarded handler of a method."""
        method = handler_call_details.method
        if method in self._guarded:
            return self._guarded[method]
        handler = await continuation(handler_call_details)
        if handler is None or handler.unary_unary is None or method.startswith(_OWN_SERVICES):
            return handler  # type: ignore[return-value]  # None is how gRPC says that there is no such method
        self._guarded[method] = grpc.unary_unary_rpc_method_handler(
            # A bound method, for gRPC tells coroutine functions from others by inspection.
            _Call(method, handler.unary_unary, self._outages, self._tokens, CallRecord(method, self._transport)).serve,
            request_deserializer=_tolerant(handler.request_deserializer),
            response_serializer=handler.response_serializer,
        )
        return self._guarded[method]


class _Call:
    """One method, guarded."""

    def __init__(
        self,
        method: str,
        behavior: Behavior,
        outages: tuple[type[Exception], ...],
        tokens: InternalTokens | None,
        record: CallRecord,
    ) -> None:
        self._method = method
        self._policy = _policy(method)
        self._behavior = behavior
        self._outages = outages
        self._tokens = tokens
        self._record = record

    async def serve(self, request: Message | _Unreadable, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
        # A server hands out pairs, whatever the types say.
        with (
            entered(received(context.invocation_metadata() or (), context.time_remaining())),
            self._record.begin() as recorded,
        ):
            return await self._served(request, context, recorded)

    async def _served(
        self, request: Message | _Unreadable, context: grpc.aio.ServicerContext[Any, Any], recorded: Span
    ) -> Any:
        started = time.perf_counter()
        code = grpc.StatusCode.CANCELLED
        try:
            context.set_trailing_metadata(((REQUEST_ID_HEADER, current().request_id),))
            if remaining() == 0:
                code = grpc.StatusCode.DEADLINE_EXCEEDED
                # Nobody waits any more, and gRPC itself says so a moment later.
                await context.abort(code, OUT_OF_TIME)
            try:
                with entered(replace(await self._proven(context), payload=_payload(request))):
                    response = await self._answer(request, context)
            except ServiceError as error:
                code = error.code
                await _abort(context, error)
            code = grpc.StatusCode.OK
            return response
        finally:
            seconds = round(time.perf_counter() - started, 6)
            self._record.end(recorded, code, seconds)
            _log.info("call", method=self._method, code=code.name, seconds=seconds)

    async def _proven(self, context: grpc.aio.ServicerContext[Any, Any]) -> Context:
        if self._tokens is None:
            return current()
        metadata: Any = context.invocation_metadata() or ()
        return await proven(current(), metadata, self._tokens)

    async def _answer(self, request: Message | _Unreadable, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
        if isinstance(request, _Unreadable):
            message = f"the request of {self._method} cannot be read as its message type"
            raise ServiceError(grpc.StatusCode.INVALID_ARGUMENT, message, reason="REQUEST_UNREADABLE")
        principal = current().principal
        if principal is not None:
            self._policy.require_in(principal, request)
        refuse_invalid(request)
        try:
            return await self._behavior(request, context)
        except (ServiceError, grpc.aio.AbortError):
            raise
        except self._outages as error:
            _log.warning("store away", method=self._method, error=repr(error))
            message = "a store of this service is away; try again"
            raise ServiceError(grpc.StatusCode.UNAVAILABLE, message, reason="STORE_UNAVAILABLE") from error
        except grpc.aio.AioRpcError as error:
            raise self._of_dependency(error) from error
        except Exception as error:  # the last place before gRPC, which would show the caller the text of the error
            raise self._unexpected(error) from error

    def _of_dependency(self, error: grpc.aio.AioRpcError) -> ServiceError:
        if error.code() not in _DEPENDENCY_AWAY:
            return self._unexpected(error)
        _log.warning("dependency away", method=self._method, error=error.details())
        message = "a service that this one needs is away; try again"
        return ServiceError(error.code(), message, reason="DEPENDENCY_UNAVAILABLE")

    def _unexpected(self, error: Exception) -> ServiceError:
        _log.error("unexpected error", method=self._method, exc_info=error)
        message = f"internal error; the log has more under request id {current().request_id}"
        return ServiceError(grpc.StatusCode.INTERNAL, message, reason="INTERNAL")


def _policy(method: str) -> Policy:
    # Whoever serves a method has generated code for it, so that the pool knows it.
    return policy_of(descriptor_pool.Default().FindMethodByName(method.removeprefix("/").replace("/", ".")))


def _payload(request: Message | _Unreadable) -> Payload | None:
    return Payload(request) if isinstance(request, Message) else None


async def _abort(context: grpc.aio.ServicerContext[Any, Any], error: ServiceError) -> NoReturn:
    status = error.to_status()
    trailing = ((REQUEST_ID_HEADER, current().request_id), (_STATUS_DETAILS_HEADER, status.SerializeToString()))
    await context.abort(error.code, error.message, trailing)


def _tolerant(deserialize: Callable[[bytes], Any] | None) -> Callable[[bytes], Any] | None:
    if deserialize is None:
        return None

    def read(data: bytes) -> Any:
        try:
            return deserialize(data)
        except DecodeError as error:
            return _Unreadable(error)

    return read
