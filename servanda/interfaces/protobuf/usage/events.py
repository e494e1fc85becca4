"""Events in JSON, and the messages of the interface that describe them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from servanda.configuration import Events
from servanda.documents import parse_payload
from servanda.interfaces.effect import Access
from servanda.interfaces.protobuf.options import Options
from servanda.interfaces.protobuf.rules.events import Event, event
from servanda.interfaces.protobuf.schema import State
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.protobuf.usage.evolution import Evolution
from servanda.interfaces.protobuf.usage.examples import Example
from servanda.interfaces.protobuf.usage.values import of_json
from servanda.interfaces.usage.use import Use
from servanda.pact import Interaction, Part
from servanda.pact.descriptors import MessageType, map_value
from servanda.transports.kafka.interaction import MessageInteraction
from servanda.verdict import Evidence

NO_EVENTS: Final = Events()
"""The settings of a repository that declares none."""

_TYPE_URL = "type.googleapis.com/"
_KEY = " key"
"""Stands for the key of a record; no header has such a name."""


@dataclass(frozen=True, slots=True)
class EventType:
    """The message that describes an event.

    Attributes:
        named: Whether the contract or the configuration names it; else it follows from topic and content.
    """

    message: MessageType
    named: bool


class EventTypes:
    """The events of one state of an interface.

    Args:
        state: The state.
        catalogue: The same, by name.
        settings: How the repository declares events, and which messages it names for contracts.
    """

    def __init__(self, state: State, catalogue: Catalogue, settings: Events) -> None:
        self._state = state
        self._catalogue = catalogue
        self._settings = settings

    @cached_property
    def declared(self) -> Mapping[str, Event]:
        """Return the messages that are declared as events, with how they travel."""
        if not self._settings.option:
            return {}
        options = Options(self._state)
        found = ((name, event(each, options, self._settings.option)) for name, each in self._state.messages.items())
        return {name: told for name, told in found if told is not None}

    def of(self, interaction: Interaction) -> EventType | None:
        """Return the message of an event in JSON: by configuration, by metadata, else by topic and content.

        ``None`` where nothing tells it, or where several messages on a topic could be meant.
        """
        if not isinstance(interaction, MessageInteraction) or interaction.output is not None:
            return None
        words = list(_words(interaction))
        named = [self._settings.messages[word] for word in words if word in self._settings.messages]
        for name in (*named, *words):
            message = self._catalogue.message(name.removeprefix(_TYPE_URL).lstrip("."))
            if message is not None:
                return EventType(message, named=True)
        value = content(interaction.contents)
        candidates = (name for name, told in self.declared.items() if interaction.topic == told.topic)
        messages = [found for name in candidates if (found := self._catalogue.message(name)) is not None]
        fitting = [message for message in messages if all(touch.known for touch in of_json(message, value))]
        return EventType(fitting[0], named=False) if len(fitting) == 1 else None

    def closure(self) -> frozenset[str]:
        """Return the full names of all messages and enums that an event holds; of all if none is declared."""
        names = self.declared or self._state.messages
        found: set[str] = set()
        waiting = [message for name in names if (message := self._catalogue.message(name)) is not None]
        while waiting:
            message = waiting.pop()
            if message.full_name in found:
                continue
            found.add(message.full_name)
            for field in message.fields:
                inner = map_value(field) or field
                if inner.message_type is not None:
                    waiting.append(inner.message_type)
                if inner.enum_type is not None:
                    found.add(inner.enum_type.full_name)
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class EventReach:
    """The part of an interface that somebody may read of whom an event is not known.

    Attributes:
        types: Full names of the messages and enums that events hold.
    """

    types: frozenset[str]

    def covers(self, element: str, accesses: Collection[Access]) -> bool:
        """Tell whether an event may hold an element."""
        is_read = not accesses or Access.READ in accesses
        return is_read and (element in self.types or element.rpartition(".")[0] in self.types)


class ExpectedParts:
    """Keys and headers of events, as contracts expect them.

    Args:
        evolution: Both states of the interface.
        examples: Interactions of contracts.
        settings: How the repository declares events.
    """

    def __init__(self, evolution: Evolution, examples: Iterable[Example], settings: Events) -> None:
        self._evolution = evolution
        self._examples = tuple(examples)
        self._settings = settings

    def lost(self, use: Use, element: str) -> bool:
        """Tell whether a contract expects a part of an event that is another now, or gone."""
        return not self._lost(element).isdisjoint(self._expected.get(use.evidence, frozenset()))

    def _lost(self, element: str) -> frozenset[str]:
        now = self._declared[0].get(element)
        lost: set[str] = set()
        for declared in self._declared[1:]:
            before = declared.get(element)
            if before is not None and now is not None:
                lost |= _attributes(before.headers) - _attributes(now.headers)
                lost |= {_KEY} if before.key != now.key else set()
        return frozenset(lost)

    @cached_property
    def _declared(self) -> tuple[Mapping[str, Event], ...]:
        evolution = self._evolution
        pairs = ((evolution.current, evolution.present), *zip(evolution.bases, evolution.former, strict=True))
        return tuple(EventTypes(state, catalogue, self._settings).declared for state, catalogue in pairs)

    @cached_property
    def _expected(self) -> Mapping[Evidence, frozenset[str]]:
        found: dict[Evidence, frozenset[str]] = {}
        for example in self._examples:
            interaction = example.interaction
            if isinstance(interaction, MessageInteraction):
                headers = _attributes(interaction.headers)
                parts = headers if interaction.key is None else headers | {_KEY}
                found[example.evidence] = found.get(example.evidence, frozenset()) | parts
        return found


def _attributes(headers: Iterable[str]) -> frozenset[str]:
    """Return headers by the names that a definition may have for them.

    An attribute of CloudEvents has the prefix ``ce_`` in a record
    (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md).
    """
    return frozenset(header.lower().removeprefix("ce_") for header in headers)


def is_event_in_json(interaction: Interaction) -> bool:
    """Tell whether an interaction is an event that carries no types of its own."""
    return isinstance(interaction, MessageInteraction) and interaction.output is None


def content(part: Part) -> object:
    """Return the JSON of an event; ``None`` if it is something else."""
    if part.body is None or not part.body.content:
        return None
    try:
        return parse_payload(part.body.content)
    except ValueError:
        return None


def unmapped(interaction: Interaction, types: Iterable[EventTypes]) -> str:
    """Tell in one sentence why the message of an event in JSON is not known."""
    assert isinstance(interaction, MessageInteraction)  # noqa: S101 - nothing else is asked about
    on_topic = sorted(
        {name for each in types for name, told in each.declared.items() if told.topic == interaction.topic}
    )
    if on_topic:
        return (
            f"the topic '{interaction.topic}' has {len(on_topic)} events, and the content does not tell which is meant"
        )
    where = f"no event is declared on topic '{interaction.topic}'" if interaction.topic else "there is no topic"
    return f"no metadata names a message of the interface, and {where}; events.messages in servanda.toml can name it"


def _words(interaction: MessageInteraction) -> Iterator[str]:
    """Yield what may name the message: metadata, the parameter of the media type, the topic, the description."""
    for values in interaction.contents.fields.values():
        yield from values
    for parameter in interaction.content_type.split(";")[1:]:
        name, _, value = parameter.strip().partition("=")
        if name.lower() in ("message", "messagetype", "proto"):
            yield value.strip('"')
    yield interaction.topic
    yield interaction.description
