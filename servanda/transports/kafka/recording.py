"""Description of a Kafka event in a consumer's test, and its delivery."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pact.interaction import AsyncMessageInteraction
from pact.match.matcher import IntegrationJSONEncoder

from servanda.transports.kafka.interaction import MessageInteraction

Values = Mapping[str, Any]
"""Fields of a message: examples, matchers of ``pact.match`` or expressions such as ``matching(type, 'x')``."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A record as a Kafka client hands it to the consumer's code.

    Attributes:
        headers: Name and value, as Kafka clients give them.
    """

    topic: str
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


class DescribedEvent:
    """An event that the consumer handles. Obtained from ``upon_event``; complete after ``with_payload``.

    Args:
        interaction: The interaction of the Pact library.
        write: Puts a payload into it.
        topic: Topic without namespace; empty if ``on_topic`` names it.
    """

    def __init__(self, interaction: AsyncMessageInteraction, write: Callable[[Any], object], topic: str = "") -> None:
        self._interaction = interaction
        self._write = write
        self._metadata: dict[str, Any] = {"topic": topic} if topic else {}
        self._complete = False

    def given(self, state: str, parameters: Values | None = None, /, **more: Any) -> Self:
        """Say what the provider has to do so that it sends the event; repeatable."""
        self._interaction.given(state, {**(parameters or {}), **more})
        return self

    def on_topic(self, topic: str) -> Self:
        """Name the topic without namespace, where the definition of the event does not tell it."""
        return self._with_metadata({"topic": topic})

    def with_key(self, key: Any) -> Self:
        """Key of the record."""
        return self._with_metadata({"key": key})

    def with_headers(self, headers: Values) -> Self:
        """Headers of the record that the consumer reads; there may be more."""
        return self._with_metadata(headers)

    def with_payload(self, values: Any) -> Self:
        """Describe fields of the payload that the consumer reads; the provider may send more.

        In JSON it may also be a list, a text or another value.
        """
        self._write(values)
        self._complete = True
        return self._with_metadata(self._metadata)

    def _with_metadata(self, metadata: Values) -> Self:
        """Add metadata after the contents: those of a plugin replace all metadata."""
        self._metadata.update(metadata)
        if self._complete:
            self._interaction.with_metadata(dict(metadata))
        return self


def described_message(
    interaction: AsyncMessageInteraction, definition: Path, roots: Sequence[Path], message: str, topic: str
) -> DescribedEvent:
    """Begin an event whose payload is a protobuf message, by its full name."""
    contents: dict[str, Any] = {
        "pact:proto": str(definition),
        "pact:protobuf-config": {"additionalIncludes": [str(root) for root in roots]},
        "pact:content-type": "application/protobuf",
        "pact:message-type": message,
    }

    def write(values: Values) -> None:
        whole = json.dumps({**contents, **values}, cls=IntegrationJSONEncoder)
        interaction.with_plugin_contents(whole, "application/protobuf")

    return DescribedEvent(interaction, write, topic)


def described_json(interaction: AsyncMessageInteraction) -> DescribedEvent:
    """Begin an event whose payload is JSON."""

    def write(value: Any) -> None:
        interaction.with_body(json.dumps(value, cls=IntegrationJSONEncoder), "application/json")

    return DescribedEvent(interaction, write)


def delivery(event: MessageInteraction) -> Delivery:
    """Return an event of a contract as a record."""
    headers = ((name, value.partition(";")[0] if name == "content-type" else value) for name, value in _pairs(event))
    return Delivery(
        topic=event.topic,
        key=None if event.key is None else event.key.encode(),
        value=b"" if event.contents.body is None else event.contents.body.content,
        headers=tuple((name, value.encode()) for name, value in headers),
    )


def _pairs(event: MessageInteraction) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, values in event.headers.items() for value in values)
