"""Telling contracts that would hold whatever the provider answers."""

from __future__ import annotations

from servanda.documents import parse_payload
from servanda.pact import media
from servanda.pact.document import Interaction, Part

_NO_PROMISE = frozenset({"contenttype", "content-type", "topic", "kafka_topic"})
"""What is there whatever the contract says, because a library or the route of the message puts it there."""


def checks_nothing(interaction: Interaction) -> bool:
    """Tell whether a contract says nothing of the answer: no body, no header or metadata, and no status.

    A transport whose answers have a status always compares it. An empty JSON object counts as nothing: every object
    would do.
    """
    return not interaction.expects_status and all(_is_empty(part) for part in interaction.responses)


def _is_empty(part: Part) -> bool:
    promised = [name for name in part.fields if name.lower() not in _NO_PROMISE]
    return not promised and not part.expectations and not _says_something(part)


def _says_something(part: Part) -> bool:
    if part.body is None or not part.body.content:
        return part.body is not None and part.body.content_type != "" and not media.is_protobuf(part.body.content_type)
    if not media.is_json(part.body.content_type):
        return True
    try:
        return bool(parse_payload(part.body.content) != {})
    except ValueError:
        return True  # it says that something else than JSON is sent, whatever its media type
