"""Calling the real provider on behalf of the stock verifier."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import grpc

from servanda.recording.plugin.metadata import values
from servanda.transports.grpc.interaction import GrpcInteraction
from servanda.transports.grpc.matching import GrpcAnswer

_DEADLINE_SECONDS: Final = 30.0


def call(
    target: str, interaction: GrpcInteraction, request: bytes, metadata: Iterable[tuple[str, str | bytes]]
) -> GrpcAnswer:
    """Return what the provider answers to a request."""
    with grpc.insecure_channel(target) as channel:
        method: Any = channel.unary_unary(interaction.path)
        outcome: Any
        body: bytes | None
        try:
            body, outcome = method.with_call(request, metadata=tuple(metadata), timeout=_DEADLINE_SECONDS)
        except grpc.RpcError as error:
            outcome, body = error, None
        return GrpcAnswer(
            status=outcome.code().name,
            message=outcome.details() or "",
            metadata=values(outcome.initial_metadata(), outcome.trailing_metadata()),
            body=body,
        )
