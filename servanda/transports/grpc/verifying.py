"""gRPC: the encoded request and the metadata of the contract, to the provider's port."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeAlias

import grpc

from servanda.configuration import DIRECT, Connection, Limits
from servanda.errors import ContractError
from servanda.pact import Part, resolve
from servanda.transports.grpc.filtering import FilteredVerifier
from servanda.transports.grpc.interaction import GrpcInteraction
from servanda.transports.grpc.matching import GrpcAnswer, match_answer
from servanda.transports.provider import Exchange, Provider, Verifier, too_long
from servanda.verdict import Reason, ReasonKind, Transport

_NOT_SENT: Final = frozenset({"contenttype", "content-type", "te", "user-agent"})
# How the library says that a message, as it came or decompressed, is longer than it was told to take: the status alone
# could be the provider's own.
_TOO_LONG: Final = "message larger than max"
_Method: TypeAlias = grpc.aio.UnaryUnaryMultiCallable[bytes, bytes]
_Metadata: TypeAlias = Iterable[tuple[str, str | bytes]]


def open_verifier(provider: Provider, limits: Limits) -> Verifier:
    """Open the transport to a provider; see :class:`servanda.transports.provider.Verifier`.

    Raises:
        VerificationError: The provider has no port for it.
    """
    address, way = provider.address(Transport.GRPC), provider.connection
    if provider.change is None:
        return GrpcVerifier(address, limits, way)
    # The filter has the last word, on this metadata too.
    return FilteredVerifier(GrpcVerifier(address, limits, replace(way, headers={})), provider.change, way.metadata)


class GrpcVerifier:
    """A provider's gRPC port.

    Args:
        address: ``host:port``, with ``https://`` before it for TLS.
        limits: How long an answer may take, and how long it may be.
        connection: Metadata and certificates.

    Raises:
        ConfigurationError: The file of the authorities holds no certificate.
    """

    def __init__(self, address: str, limits: Limits, connection: Connection = DIRECT) -> None:
        self._address = address
        scheme, _, target = address.rpartition("://")
        self._metadata = connection.metadata
        options = (
            # A proxy of the environment is for the outside world, and retries would hide an answer.
            ("grpc.enable_http_proxy", 0),
            ("grpc.enable_retries", 0),
            ("grpc.max_receive_message_length", limits.answer_bytes),
        )
        if scheme == "https":
            shown = connection.certificate
            own = (shown.key.encode(), shown.chain.encode()) if shown is not None else (None, None)
            credentials = grpc.ssl_channel_credentials(connection.authorities(), *own)
            self._channel = grpc.aio.secure_channel(target.rstrip("/"), credentials, options=options)
        else:
            self._channel = grpc.aio.insecure_channel(target.rstrip("/"), options=options)
        self._seconds = limits.answer_seconds
        self._bytes = limits.answer_bytes

    async def begin(self, interaction: GrpcInteraction) -> Exchange:
        """Give what calls the method; nothing has to be done before."""
        return lambda values: self.verify(resolve(interaction, values))

    async def verify(self, interaction: GrpcInteraction) -> tuple[Reason, ...]:
        """Call the method, and give the reasons why the outcome does not satisfy the contract.

        Raises:
            LimitError: The answer is longer than the limit.
        """
        body = interaction.request.body
        own = {name for name, _ in self._metadata}
        metadata = (*((name, value) for name, value in _sent(interaction.request) if name not in own), *self._metadata)
        started = time.monotonic()
        # Without serializers bytes go as they are.
        method: _Method = self._channel.unary_unary(interaction.path)
        call = method(body.content if body else b"", metadata=metadata, timeout=self._seconds)
        try:
            response = await call
        except grpc.aio.AioRpcError as error:
            if (reason := self._no_outcome(error, time.monotonic() - started)) is not None:
                return (reason,)
            received = _received((*error.initial_metadata(), *error.trailing_metadata()))
            answer = GrpcAnswer(error.code().name, error.details() or "", received)
        else:
            received = _received((*await call.initial_metadata(), *await call.trailing_metadata()))
            answer = GrpcAnswer(metadata=received, body=response)
        return tuple(Reason.of(mismatch) for mismatch in match_answer(interaction, answer))

    async def close(self) -> None:
        """Close the channel."""
        await self._channel.close()

    def _no_outcome(self, error: grpc.aio.AioRpcError, seconds: float) -> Reason | None:
        # These two codes can come from the provider or from this side of the connection.
        if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED and seconds >= self._seconds:
            return Reason(ReasonKind.NO_ANSWER, f"no response within {self._seconds:g} s")
        if error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED and _TOO_LONG in (error.details() or ""):
            raise too_long(self._bytes)
        connected = self._channel.get_state() is grpc.ChannelConnectivity.READY
        if error.code() is grpc.StatusCode.UNAVAILABLE and not connected:
            return Reason(ReasonKind.TRANSPORT, f"no connection to {self._address}: {error.details()}")
        return None


def _sent(request: Part) -> Iterator[tuple[str, str | bytes]]:
    for name, values in request.fields.items():
        if name.lower() in _NOT_SENT or name.lower().startswith("grpc-"):
            continue
        for value in values:
            yield name.lower(), _bytes(name, value) if name.lower().endswith("-bin") else value


def _bytes(name: str, value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ContractError(f"the metadata '{name}' is not base64: {error}") from error


def _received(metadata: _Metadata) -> dict[str, tuple[str, ...]]:
    received: dict[str, tuple[str, ...]] = {}
    for name, value in metadata:
        text = base64.b64encode(value).decode() if isinstance(value, bytes) else value
        received[name] = (*received.get(name, ()), text)
    return received
