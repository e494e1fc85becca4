"""Calling the real provider on behalf of the stock verifier."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

import grpc

from treaty.pact.document import GrpcInteraction
from treaty.pact.matching import GrpcAnswer

_RESERVED: Final = frozenset({"contenttype"})
_DEADLINE_SECONDS: Final = 30.0


def request_metadata(interaction: GrpcInteraction) -> Iterable[tuple[str, str | bytes]]:
    """The metadata that the consumer sends; ``-bin`` values are base64 in the pact and bytes on the wire."""
    for name, values in interaction.request.fields.items():
        key = name.lower()
        if key not in _RESERVED:
            for value in values:
                yield key, base64.b64decode(value) if key.endswith("-bin") else value


def call(
    target: str, interaction: GrpcInteraction, request: bytes, metadata: Iterable[tuple[str, str | bytes]]
) -> GrpcAnswer:
    """What the provider answers to a request."""
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
            metadata=_metadata(outcome.initial_metadata() or (), outcome.trailing_metadata() or ()),
            body=body,
        )


def _metadata(*sources: Any) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for source in sources:
        for key, value in source:
            found[key].append(base64.b64encode(value).decode() if isinstance(value, bytes) else value)
    return {key: tuple(values) for key, values in found.items()}
