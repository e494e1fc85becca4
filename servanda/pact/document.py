"""What a pact file says, as facts: one consumer, one provider, and the interactions between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, TypeAlias

from google.protobuf.message import Message

from servanda.pact.rules import NO_RULES, Rules
from servanda.verdict import Location, Transport

_OF_THE_CALL: Final = frozenset({"grpc-status", "grpc-message", "contenttype"})
_OF_THE_RECORD: Final = frozenset({"topic", "kafka_topic", "key", "contenttype"})
"""Metadata in a pact that is not sent as metadata or header."""


def _without(names: frozenset[str], fields: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {name: values for name, values in fields.items() if name.lower() not in names}


@dataclass(frozen=True, slots=True)
class ProviderState:
    """What has to be true of the provider before the interaction."""

    name: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Generator:
    """What replaces an example when the interaction is verified.

    Attributes:
        kind: For example ``ProviderState``.
        values: Its attributes, for example ``expression``.
    """

    kind: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Body:
    """A payload: the example as bytes, and its media type."""

    content: bytes
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What goes one way in an interaction.

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
        """The rules of one category; none if there are none."""
        return self.rules.get(category, NO_RULES)

    def first(self, name: str) -> str | None:
        """The first value of a header or of metadata, whatever the case of its name."""
        for key, values in self.fields.items():
            if key.lower() == name.lower() and values:
                return values[0]
        return None


@dataclass(frozen=True, slots=True)
class HttpRequest(Part):
    """What the consumer sends over HTTP."""

    method: str = "GET"
    path: str = "/"
    query: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HttpResponse(Part):
    """What the consumer expects over HTTP."""

    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """What all interactions have.

    Attributes:
        description: Unique within consumer and provider.
        location: The pact file and, within it, the line of the description.
        test: The test that recorded it, if it says so.
        name: Name by which tools tell interactions apart, ``key`` in the file; empty if it has none.
    """

    description: str
    location: Location
    states: tuple[ProviderState, ...] = ()
    test: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpInteraction(_Named):
    """A request over HTTP and its response."""

    transport: ClassVar[Transport] = Transport.HTTP
    request: HttpRequest
    response: HttpResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class GrpcInteraction(_Named):
    """A unary call over gRPC.

    Attributes:
        service: Full name, for example ``plt.identity.v1.IdentityService``.
        method: Name of the method.
        input: Class of the request, built from the descriptors in the pact.
        output: Class of the response, built from the descriptors in the pact.
    """

    transport: ClassVar[Transport] = Transport.GRPC
    service: str
    method: str
    input: type[Message]
    output: type[Message]
    request: Part
    response: Part

    @property
    def request_metadata(self) -> Mapping[str, tuple[str, ...]]:
        """What the consumer sends besides the request."""
        return _without(_OF_THE_CALL, self.request.fields)

    @property
    def response_metadata(self) -> Mapping[str, tuple[str, ...]]:
        """What the consumer reads besides the response and the status."""
        return _without(_OF_THE_CALL, self.response.fields)

    @property
    def path(self) -> str:
        """The method's path on the wire: ``/package.Service/Method``."""
        return f"/{self.service}/{self.method}"

    @property
    def status(self) -> str:
        """Name of the status that the consumer expects."""
        return self.response.first("grpc-status") or "OK"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageInteraction(_Named):
    """An event that the provider sends on Kafka.

    Attributes:
        contents: Its payload; its metadata are the record's headers besides ``topic``, ``key`` and ``contentType``.
        message: Class of the payload, if it is protobuf.
    """

    transport: ClassVar[Transport] = Transport.KAFKA
    contents: Part
    message: type[Message] | None = None

    @property
    def topic(self) -> str:
        """Topic without namespace; empty if the contract does not say."""
        return self.contents.first("topic") or self.contents.first("kafka_topic") or ""

    @property
    def key(self) -> str | None:
        """Key of the record; ``None`` if the contract does not say."""
        return self.contents.first("key")

    @property
    def content_type(self) -> str:
        """Media type of the payload; empty if the contract does not say."""
        of_body = self.contents.body.content_type if self.contents.body else ""
        return self.contents.first("contenttype") or of_body

    @property
    def headers(self) -> Mapping[str, tuple[str, ...]]:
        """Headers of the record; the media type, if there is one, is among them."""
        headers = _without(_OF_THE_RECORD, self.contents.fields)
        if self.content_type and "content-type" not in {name.lower() for name in headers}:
            headers["content-type"] = (self.content_type,)
        return headers


Interaction: TypeAlias = HttpInteraction | GrpcInteraction | MessageInteraction


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
class PactFile:
    """One contract document."""

    path: str
    consumer: str
    provider: str
    interactions: tuple[Interaction, ...]
    plugins: tuple[Plugin, ...] = ()
    specification: str = "4.0"
