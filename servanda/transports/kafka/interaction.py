"""An event on Kafka."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from servanda.pact.document import Interaction, Part, without
from servanda.verdict import Transport

# Metadata in a pact that is not sent as a header.
_OF_THE_RECORD: Final = frozenset({"topic", "kafka_topic", "key", "contenttype"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageInteraction(Interaction):
    """An event that the provider sends on Kafka: no request, one response.

    The metadata of the response are the record's headers besides ``topic``, ``key`` and ``contentType``.
    """

    transport: ClassVar[Transport] = Transport.KAFKA

    @property
    def contents(self) -> Part:
        """Return the event."""
        return self.responses[0]

    @property
    def topic(self) -> str:
        """Return the topic without namespace; empty if the contract has none."""
        return self.contents.first("topic") or self.contents.first("kafka_topic") or ""

    @property
    def key(self) -> str | None:
        """Return the key of the record; ``None`` if the contract has none."""
        return self.contents.first("key")

    @property
    def content_type(self) -> str:
        """Return the media type of the payload; empty if the contract has none."""
        of_body = self.contents.body.content_type if self.contents.body else ""
        return self.contents.first("contenttype") or of_body

    @property
    def headers(self) -> Mapping[str, tuple[str, ...]]:
        """Return the headers that the consumer expects.

        The media type is one of them only where the consumer wrote down the header: ``contentType`` is added by the
        tools that write contracts.
        """
        return without(_OF_THE_RECORD, self.contents.fields)
