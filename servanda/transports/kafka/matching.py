"""Comparing a real record with what a contract says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from servanda.pact import media
from servanda.pact.descriptors import decode
from servanda.pact.document import Part
from servanda.pact.matching import matchers
from servanda.pact.matching.bodies import match_body
from servanda.pact.matching.fields import match_fields
from servanda.pact.matching.messages import match_message
from servanda.pact.matching.telling import told
from servanda.transports.kafka.interaction import MessageInteraction
from servanda.verdict import Mismatch

_MEDIA_TYPES: Final = frozenset({"content-type", "contenttype"})


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a Kafka topic.

    Attributes:
        headers: Headers by name, as text.
    """

    key: bytes | None
    value: bytes
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def match_record(interaction: MessageInteraction, record: Record) -> tuple[Mismatch, ...]:
    """Return what a record has otherwise than the contract says; the topic is not looked at."""
    return told(_match_record(interaction, record))


def match_examples(interaction: MessageInteraction) -> tuple[Mismatch, ...]:
    """Return what the example of a contract has otherwise than its own rules say."""
    body, key = interaction.contents.body, interaction.key
    value = body.content if body is not None else b""
    return match_record(interaction, Record(key.encode() if key is not None else None, value, interaction.headers))


def _match_record(interaction: MessageInteraction, record: Record) -> Iterator[Mismatch]:
    expected = interaction.contents
    yield from _match_key(expected, record)
    yield from match_fields("header", interaction.headers, record.headers, expected.rules_of("metadata"))
    received = next(
        (values[-1] for name, values in record.headers.items() if name.lower() in _MEDIA_TYPES and values), ""
    )
    wanted = interaction.content_type
    asked = _MEDIA_TYPES & {name.lower() for name in interaction.headers}
    if wanted and received and not asked and not media.is_readable_as(wanted, received):
        message = f"the payload is of type {received}, expected {wanted}"
        yield Mismatch("header.content-type", wanted, received, message)
        return
    if interaction.output is not None and expected.body is not None:
        content = expected.body.content
        yield from match_message(
            decode(interaction.output, content),
            record.value,
            expected.rules_of("body"),
            expected.expectations,
            encoded=content,
        )
    else:
        yield from match_body(
            expected.body,
            _unframed(record.value, received or wanted),
            expected.rules_of("body"),
            content_type=interaction.content_type,
            received=received,
        )


def _unframed(value: bytes, content_type: str) -> bytes:
    """Leave out the number of the schema that the serializers of a schema registry put before JSON.

    The frame is a zero and the number in four bytes, https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format.
    """
    is_framed = media.bare(content_type).startswith("application/vnd.schemaregistry.") and media.is_json(content_type)
    return value[5:] if is_framed and len(value) > 5 and value[:1] == b"\0" else value


def _match_key(expected: Part, record: Record) -> Iterator[Mismatch]:
    wanted = expected.first("key")
    if wanted is None:
        return
    rule = expected.rules_of("metadata").at(("key",))
    found = None if record.key is None else record.key.decode("utf-8", errors="replace")
    held = found is not None and (matchers.accepts_text(rule, wanted, found) if rule else found == wanted)
    if not held:
        shown, told = (None if found is None else matchers.render(found)), matchers.describe(rule, wanted)
        state = "missing" if shown is None else shown
        yield Mismatch("key", told, shown, f"the key of the record is {state}, expected {told}")
