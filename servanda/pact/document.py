"""Facts of a pact file: one consumer, one provider, and the interactions between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from servanda.errors import ServandaError
from servanda.pact.rules import NO_RULES, Rules
from servanda.verdict import Location, Transport

if TYPE_CHECKING:
    from google.protobuf.message import Message


def without(names: frozenset[str], fields: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return headers or metadata without some names, which are in lower case."""
    return {name: values for name, values in fields.items() if name.lower() not in names}


@dataclass(frozen=True, slots=True)
class ProviderState:
    """State that the provider has to be in before the interaction."""

    name: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Generator:
    """Replacement of an example when the interaction is verified.

    Attributes:
        kind: For example ``ProviderState``.
        values: Its attributes, for example ``expression``.
    """

    kind: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Body:
    """A payload: the example as bytes, and its media type.

    Attributes:
        is_null: Whether the contract says ``null``: JSON's null or no body at all, and nothing else.
    """

    content: bytes
    content_type: str = ""
    is_null: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Message that goes one way in an interaction.

    Attributes:
        body: The example; ``None`` if the contract says nothing of a body.
        fields: Headers or metadata by name as written; the content type is part of them.
        rules: By category: ``body``, ``header``, ``metadata``, ``query``, ``path``, ``status``.
        generators: By category, then by path or name; the key ``""`` stands for the whole category.
        expectations: What the consumer wrote for a protobuf message; it tells a default value from a missing field.
    """

    body: Body | None = None
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: Mapping[str, Rules] = field(default_factory=dict)
    generators: Mapping[str, Mapping[str, Generator]] = field(default_factory=dict)
    expectations: Mapping[str, object] = field(default_factory=dict)

    def rules_of(self, category: str) -> Rules:
        """Return the rules of one category; none if there are none."""
        return self.rules.get(category, NO_RULES)

    def first(self, name: str) -> str | None:
        """Return the first value of a header or of metadata, whatever the case of its name."""
        for key, values in self.fields.items():
            if key.lower() == name.lower() and values:
                return values[0]
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """Exchange between a consumer and a provider: a sequence of messages each way.

    Each transport has a class of its own, with the name of that transport in ``transport``.

    Attributes:
        description: Unique within consumer and provider.
        location: The pact file and, within it, the line of the description.
        states: What has to be true of the provider before.
        test: The test that recorded it, if it says so.
        title: What to call it where others have the same description; empty if none has.
        pending: Whether the consumer says that the provider need not satisfy it yet.
        comments: What the consumer says about it to people.
        name: Name by which tools tell interactions apart, ``key`` in the file; empty if it has none.
        requests: What the consumer sends, in order.
        responses: What the consumer expects, in order.
        input: Class of the requests, if they are protobuf messages.
        output: Class of the responses, if they are protobuf messages.
    """

    transport: ClassVar[Transport]
    description: str
    location: Location
    states: tuple[ProviderState, ...] = ()
    test: str = ""
    title: str = ""
    pending: bool = False
    comments: tuple[str, ...] = ()
    name: str = ""
    requests: tuple[Part, ...] = ()
    responses: tuple[Part, ...] = ()
    input: type[Message] | None = None
    output: type[Message] | None = None

    @property
    def shown(self) -> str:
        """Return what to call it: unique within its contract."""
        return self.title or self.description

    @property
    def called(self) -> tuple[str, ...]:
        """Return full names of the protobuf elements that the consumer calls."""
        return ()

    @property
    def path(self) -> str:
        """Return the path that the consumer asks for; empty if it asks for nothing."""
        return ""

    @property
    def expects_status(self) -> bool:
        """Tell whether the consumer expects a status that no part holds."""
        return False

    @property
    def expects_refusal(self) -> bool:
        """Tell whether the consumer expects that the provider refuses its request as invalid."""
        return False


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin that wrote a part of the pact.

    Attributes:
        configuration: What it stored for the whole file; of ``protobuf`` the descriptors by their key.
    """

    name: str
    version: str
    configuration: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An interaction that cannot be read.

    Attributes:
        description: Its description; where it has none, how many entries come before it.
        location: The pact file and, within it, the line.
        kind: Its type as it is written; empty if it has none.
        error: What is wrong with it.
        pending: Whether the consumer says that the provider need not satisfy it yet, as far as that can be read.
    """

    description: str
    location: Location
    kind: str
    error: ServandaError
    pending: bool = False


@dataclass(frozen=True, slots=True)
class PactFile:
    """One contract document.

    Attributes:
        unreadable: The interactions that cannot be read, where the others were asked for all the same.
    """

    path: str
    consumer: str
    provider: str
    interactions: tuple[Interaction, ...]
    plugins: tuple[Plugin, ...] = ()
    specification: str = "4.0"
    unreadable: tuple[Unreadable, ...] = ()
