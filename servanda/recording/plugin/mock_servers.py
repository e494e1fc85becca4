"""The provider that a consumer's test talks to: answers every call as the interactions say."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NoReturn

import grpc

from servanda.errors import RecordingError
from servanda.pact.descriptors import decode
from servanda.pact.matching.fields import match_fields
from servanda.pact.matching.messages import match_message
from servanda.recording.plugin.metadata import pairs, values
from servanda.recording.plugin.statuses import status_code
from servanda.transports.grpc.interaction import GrpcInteraction
from servanda.verdict import Mismatch


@dataclass(slots=True)
class CallResult:
    """Result of the calls of one interaction, or of a method that no interaction is about.

    Attributes:
        path: Path of the method.
        error: What is wrong, if it is not a difference of a request; empty if nothing is.
        mismatches: How the closest call differs from the interaction.
    """

    path: str
    error: str = ""
    mismatches: tuple[Mismatch, ...] = ()


@dataclass(slots=True)
class _Calls:
    """The calls so far; several come at once."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    served: set[str] = field(default_factory=set)
    refused: list[CallResult] = field(default_factory=list)


class MockServer(grpc.GenericRpcHandler):
    """A gRPC server on a loopback port that plays the provider of a pact."""

    def __init__(self, interactions: Iterable[GrpcInteraction]) -> None:
        self._interactions: dict[str, list[GrpcInteraction]] = defaultdict(list)
        for interaction in interactions:
            self._interactions[interaction.path].append(interaction)
        self._calls = _Calls()
        self._server = grpc.server(ThreadPoolExecutor(max_workers=4), handlers=[self])

    def start(self, host: str, port: int) -> int:
        """Serve, on a free port if ``port`` is 0, and answer the port.

        Raises:
            RecordingError: The port cannot be bound.
        """
        try:
            bound = self._server.add_insecure_port(f"{host}:{port}")
        except RuntimeError as error:
            raise RecordingError(f"cannot listen: {error}", where=f"{host}:{port}") from error
        self._server.start()
        return bound

    def stop(self) -> None:
        """Serve no longer."""
        self._server.stop(grace=None)

    def results(self) -> list[CallResult]:
        """Return what is not as the pact says: calls that differ, and interactions that nobody asked for."""
        with self._calls.lock:
            found = list(self._calls.refused)
            missing = [
                CallResult(path, error=f"the interaction '{interaction.description}' was not exercised")
                for path, interactions in self._interactions.items()
                for interaction in interactions
                if interaction.description not in self._calls.served
            ]
        return found + missing

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[bytes, bytes]:
        """Return the handler of one call, whatever its method."""
        path = str(handler_call_details.method)
        return grpc.unary_unary_rpc_method_handler(self._answering(path))

    def _answering(self, path: str) -> Callable[[bytes, grpc.ServicerContext], bytes]:
        def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
            return self._answer(path, request, context)

        return answer

    def _answer(self, path: str, request: bytes, context: grpc.ServicerContext) -> bytes:
        if path not in self._interactions:
            refused = CallResult(path, error=f"the method {path} was called, which no interaction describes")
            self._refuse(refused, context, grpc.StatusCode.UNIMPLEMENTED)
        metadata = values(context.invocation_metadata())
        judged = [(_differences(entry, request, metadata), entry) for entry in self._interactions[path]]
        mismatches, chosen = min(judged, key=lambda pair: len(pair[0]))
        if mismatches:
            refused = CallResult(path, mismatches=tuple(mismatches))
            self._refuse(refused, context, grpc.StatusCode.FAILED_PRECONDITION)
        with self._calls.lock:
            self._calls.served.add(chosen.description)
        return _respond(chosen, context)

    def _refuse(self, refused: CallResult, context: grpc.ServicerContext, code: grpc.StatusCode) -> NoReturn:
        with self._calls.lock:
            self._calls.refused.append(refused)
        told = refused.error or "; ".join(mismatch.message for mismatch in refused.mismatches)
        context.abort(code, f"the request does not match the pact: {told}")


def _differences(
    interaction: GrpcInteraction, request: bytes, metadata: Mapping[str, tuple[str, ...]]
) -> list[Mismatch]:
    expected = interaction.request
    rules_of_metadata = expected.rules_of("metadata")
    found = list(match_fields("metadata", interaction.request_metadata, metadata, rules_of_metadata))
    if expected.body is not None:
        example = decode(interaction.input, expected.body.content)
        rules = expected.rules_of("body")
        found += match_message(example, request, rules, expected.expectations, allow_unexpected=False)
    return found


def _respond(interaction: GrpcInteraction, context: grpc.ServicerContext) -> bytes:
    sent = tuple(pairs(interaction.response_metadata))
    status = status_code(interaction.status)
    if status is not grpc.StatusCode.OK:
        context.set_trailing_metadata(sent)
        context.abort(status, interaction.response.first("grpc-message") or "")
    context.send_initial_metadata(sent)
    return interaction.response.body.content if interaction.response.body else b""
