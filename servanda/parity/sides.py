"""The two sides: gRPC, and HTTP by transcoding."""

from __future__ import annotations

import asyncio
import base64
import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from google.protobuf import json_format, message_factory
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError

from servanda.configuration import Limits
from servanda.errors import VerificationError
from servanda.parity.beside import TIMEOUT_HEADER, TIMEOUTS, Beside, with_unknown_field
from servanda.parity.call import Call
from servanda.parity.http_form import http_request
from servanda.parity.outcome import OK, Outcome, details_of, sorted_details
from servanda.parity.proofs import Pairs, headers_of, metadata_of
from servanda.transports.provider import Change
from servanda.wire import Address, Client, Response, Times, WireError

if TYPE_CHECKING:
    import grpc

STATUS_DETAILS: Final = "grpc-status-details-bin"
REQUEST_ID: Final = "x-request-id"
# Headers under which gateways tell the metadata of an answer: this repository's and grpc-gateway's.
_PREFIXES: Final = ("grpc-metadata-", "grpc-trailer-")
_OF_THE_TRANSPORT: Final = ("grpc-", ":", "content-type", "user-agent", "date", "accept-encoding")
_HTTP_OK: Final = range(200, 300)
_ANSWER_BYTES: Final = 4 << 20


class GrpcSide:
    """The side of gRPC.

    Args:
        target: ``host:port``.
        limits: How long an answer may take.
        change: Adds what every call needs beside its message; ``None`` if there is nothing.
    """

    def __init__(self, target: str, limits: Limits, change: Change | None = None) -> None:
        import grpc  # noqa: PLC0415 - the help of the command needs none

        self._target = target
        self._change = change
        self._seconds = limits.answer_seconds
        options = (
            ("grpc.enable_http_proxy", 0),
            ("grpc.enable_retries", 0),
            ("grpc.max_metadata_size", 1 << 20),
            ("grpc.absolute_max_metadata_size", 1 << 20),
        )
        self._channel = grpc.aio.insecure_channel(target, options=options)

    async def send(self, call: Call) -> Outcome:
        """See :class:`servanda.parity.call.Side`."""
        import grpc  # noqa: PLC0415 - the help of the command needs none

        method = f"/{call.method.containing_service.full_name}/{call.method.name}"
        rpc: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = self._channel.unary_unary(method)
        body = request_bytes(call)
        metadata_sent = await metadata_of(self._change, call.method.full_name, method, _identified(call), body)
        deadline = TIMEOUTS.get(call.beside)
        made = self._made(rpc, body, metadata_sent, deadline)
        try:
            # A client that tells of no deadline of its own ends the call here.
            async with asyncio.timeout(self._seconds if deadline else None):
                raw = await made
        except TimeoutError as error:
            raise VerificationError(f"no answer over gRPC from {self._target} in {self._seconds:g} s") from error
        except grpc.aio.AioRpcError as error:
            metadata = (*error.initial_metadata(), *error.trailing_metadata())
            if error.code() is grpc.StatusCode.UNAVAILABLE and not metadata:
                raise VerificationError(f"no answer over gRPC from {self._target}: {error.details()}") from error
            found = [value for key, value in metadata if key == STATUS_DETAILS and isinstance(value, bytes)]
            details = sorted_details(details_of(found[0])) if found else ()
            return Outcome(error.code().name, error.details() or "", details, metadata=_own(metadata))
        metadata = (*await made.initial_metadata(), *await made.trailing_metadata())
        response = message_factory.GetMessageClass(call.method.output_type)()
        try:
            response.ParseFromString(raw)
        except DecodeError as error:
            return Outcome(OK, unreadable=f"the response is no {call.method.output_type.full_name}: {error}")
        return Outcome(OK, response=response, metadata=_own(metadata))

    def _made(
        self, rpc: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes], body: bytes, metadata: Pairs, deadline: str | None
    ) -> grpc.aio.UnaryUnaryCall[bytes, bytes]:
        if deadline is None:
            return rpc(body, metadata=metadata, timeout=self._seconds)
        # The service is told of the deadline, and the client is not: it would answer in the place of the service.
        return rpc(body, metadata=(*metadata, (TIMEOUT_HEADER, deadline)))

    async def close(self) -> None:
        """Close the channel."""
        await self._channel.close()


class HttpSide:
    """The side of HTTP.

    Args:
        url: Address that paths are appended to.
        limits: How long an answer may take.
        pool: The messages that an ``Any`` may hold.
        change: Adds what every call needs beside its message; ``None`` if there is nothing.
    """

    def __init__(self, url: str, limits: Limits, pool: DescriptorPool, change: Change | None = None) -> None:
        self._url = url.rstrip("/")
        self._change = change
        self._pool = pool
        times = Times(limits.answer_seconds, limits.answer_seconds)
        self._client = Client(Address.of(self._url), times, _ANSWER_BYTES)

    async def send(self, call: Call) -> Outcome:
        """See :class:`servanda.parity.call.Side`."""
        request = http_request(call)
        identified = replace(request, headers=(*request.headers, *_identified(call)))
        headers = await headers_of(self._change, call.method.full_name, identified)
        try:
            response = await self._client.send(replace(identified, headers=headers))
        except WireError as error:
            raise VerificationError(f"no answer over HTTP from {self._url}: {error}") from error
        return outcome_of(call, response, self._pool)

    async def close(self) -> None:
        """Close the client."""
        await self._client.close()


def request_bytes(call: Call) -> bytes:
    """Return the request message of a call as gRPC sends it."""
    message = with_unknown_field(call.route, call.grpc) if call.beside is Beside.UNKNOWN_FIELD else call.grpc
    return message.SerializeToString()


def outcome_of(call: Call, response: Response, pool: DescriptorPool) -> Outcome:
    """Return the outcome that a response over HTTP tells.

    Args:
        call: The call that it answers.
        response: The response.
        pool: The messages that an ``Any`` may hold.
    """
    metadata = _told(response.headers)
    try:
        document = json.loads(response.body)
    except ValueError as error:
        told = f"the body is no JSON: {error}"
        return Outcome("UNKNOWN", metadata=metadata, http_status=response.status, unreadable=told)
    if response.status not in _HTTP_OK:
        return _error(document, response.status, metadata)
    kind: Any = call.method.output_type
    message = message_factory.GetMessageClass(kind)()
    whole = {call.route.response_body: document} if call.route.response_body else document
    try:
        json_format.ParseDict(whole, message, descriptor_pool=pool)
    except (json_format.ParseError, TypeError, ValueError) as error:
        told = f"the body is no JSON of {kind.full_name}: {error}"
        return Outcome(OK, metadata=metadata, http_status=response.status, unreadable=told)
    return Outcome(OK, response=message, metadata=metadata, http_status=response.status)


def _identified(call: Call) -> tuple[tuple[str, str], ...]:
    # The same on both sides, so that an answer that repeats it is the same as well.
    return ((REQUEST_ID, f"parity-{call.number}"),)


@functools.cache
def _names() -> Mapping[int, str]:
    import grpc  # noqa: PLC0415 - the help of the command needs none

    return {code.value[0]: code.name for code in grpc.StatusCode}


def _error(document: Any, status: int, metadata: Mapping[str, str]) -> Outcome:
    # AIP-193 has the error below "error"; grpc-gateway has google.rpc.Status itself.
    error = document.get("error", document) if isinstance(document, dict) else None
    if not isinstance(error, dict):
        return Outcome("UNKNOWN", metadata=metadata, http_status=status, unreadable="the body is no error document")
    names = _names()
    name = error.get("status") or names.get(error.get("code", -1))
    if name not in names.values():
        told = f"the error document names no gRPC status: {name!r}"
        return Outcome("UNKNOWN", metadata=metadata, http_status=status, unreadable=told)
    details = sorted_details(each for each in error.get("details", ()) if isinstance(each, dict))
    return Outcome(str(name), str(error.get("message", "")), details, metadata=metadata, http_status=status)


def _own(metadata: Iterable[tuple[str, str | bytes]]) -> dict[str, str]:
    return {
        key: value if isinstance(value, str) else base64.b64encode(value).decode()
        for key, value in metadata
        if not key.startswith(_OF_THE_TRANSPORT)
    }


def _told(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    told: dict[str, str] = {}
    for name, value in headers:
        for prefix in _PREFIXES:
            if name.startswith(prefix) and not name.startswith(f"{prefix}grpc-"):
                told[name.removeprefix(prefix)] = value
        told.setdefault(name, value)
    return told
