"""Pacts as the Pact library passes them to the plugin, and facts in the shape of the protocol."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from google.protobuf import json_format

from servanda.errors import RecordingError
from servanda.pact.document import PactFile
from servanda.pact.load import parse
from servanda.pact.rules import Rules
from servanda.pact.rules import parse as parse_rules
from servanda.recording.plugin.protocol import MESSAGES
from servanda.transports.grpc.interaction import GrpcInteraction
from servanda.verdict import Mismatch


def pact(text: str) -> PactFile:
    """Return the pact of a request.

    Raises:
        ContractError: It cannot be understood.
    """
    return parse(text, "the pact that was passed")


def calls(document: PactFile) -> tuple[GrpcInteraction, ...]:
    """Return the gRPC interactions of a pact."""
    return tuple(entry for entry in document.interactions if isinstance(entry, GrpcInteraction))


def call(text: str, key: str) -> GrpcInteraction:
    """Return the gRPC interaction of a pact with this key.

    Raises:
        RecordingError: There is none.
    """
    found = [entry for entry in calls(pact(text)) if entry.name == key]
    if len(found) != 1:
        raise RecordingError(f"the pact has {len(found)} gRPC interactions with the key '{key}', expected one")
    return found[0]


def struct(message: Any) -> dict[str, object]:
    """Return a ``Struct`` as Python values."""
    found: dict[str, object] = json_format.MessageToDict(message)
    return found


def rules(entries: Mapping[str, Any]) -> Rules:
    """Return the rules of a request by path."""
    document = {
        path: {"matchers": [{"match": rule.type, **struct(rule.values)} for rule in entry.rule]}
        for path, entry in entries.items()
    }
    return parse_rules(document, named=False)


def content_mismatches(mismatches: Iterable[Mismatch]) -> list[Any]:
    """Mismatches as the protocol's."""
    return [_content_mismatch(mismatch) for mismatch in mismatches]


def _content_mismatch(mismatch: Mismatch) -> Any:
    found = MESSAGES["ContentMismatch"](mismatch=mismatch.message, path=mismatch.path)
    found.mismatchType = "body" if mismatch.path.startswith("$") else "metadata"
    if mismatch.expected is not None:
        found.expected.value = mismatch.expected.encode()
    if mismatch.actual is not None:
        found.actual.value = mismatch.actual.encode()
    return found


def metadata_value(value: str | bytes) -> Any:
    """Return a value of metadata as the protocol's."""
    found = MESSAGES["MetadataValue"]()
    if isinstance(value, bytes):
        found.binaryValue = value
    else:
        found.nonBinaryValue.string_value = value
    return found


def metadata_text(value: Any) -> str:
    """Return a value of metadata as text; binary values as base64."""
    if value.WhichOneof("outcome") == "binaryValue":
        return base64.b64encode(value.binaryValue).decode()
    return str(value.nonBinaryValue.string_value)
