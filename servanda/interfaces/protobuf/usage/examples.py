"""Requests of contracts, as a state of the interface understands them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError, Message

from servanda.documents import parse_payload
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.protobuf.usage.routes import Route
from servanda.pact import Interaction, Part
from servanda.pact.descriptors import FieldType, MessageType, message_class
from servanda.protobuf_runtime import is_repeated
from servanda.transports.http.interaction import HttpInteraction, HttpRequest
from servanda.verdict import Evidence


@dataclass(frozen=True, slots=True)
class Example:
    """One request of a contract: a value of many that the consumer may send.

    Attributes:
        evidence: The contract and the interaction, as its uses name them.
        interaction: What the contract says.
        event: Full name of the message that describes an event in JSON; empty for anything else.
    """

    evidence: Evidence
    interaction: Interaction
    event: str = ""

    @property
    def expects_refusal(self) -> bool:
        """Tell whether the consumer expects a refusal: such a request is no evidence of accepted values."""
        return self.interaction.expects_refusal

    def request(self, state: Catalogue) -> Message | None:
        """Return the request as a message; ``None`` if the state has no such rpc or cannot read it."""
        if isinstance(self.interaction, HttpInteraction):
            return http_request(self.interaction.request, state)
        return _typed(self.interaction, state)


def _typed(interaction: Interaction, state: Catalogue) -> Message | None:
    method = next((state.methods[name] for name in interaction.called if name in state.methods), None)
    body = interaction.requests[0].body if interaction.requests else None
    if method is None or body is None:
        return None
    try:
        return message_class(method.input_type).FromString(body.content)
    except DecodeError:
        return None


def http_request(request: HttpRequest, state: Catalogue) -> Message | None:
    """Return a request over HTTP as the message of its rpc; ``None`` if the state takes no such request."""
    for route in state.routes:
        path = route.match(request.method, request.path)
        if path is not None:
            return _parsed(route, path, request)
    return None


def json_body(part: Part) -> object:
    """Return the JSON of a body; ``None`` if it is something else, as of a request that has to be refused."""
    body = part.body
    if body is None or not body.content or "json" not in body.content_type:
        return None
    try:
        return parse_payload(body.content)
    except ValueError:
        return None


def _parsed(route: Route, path: Mapping[str, str], request: HttpRequest) -> Message | None:
    message = message_class(route.method.input_type)()
    try:
        document = _body(route, request)
        # A body that is the whole rest leaves nothing to the query (google.api.HttpRule, "body").
        query = {} if route.body == "*" else request.parameters
        for name, values in (*((name, (value,)) for name, value in path.items()), *query.items()):
            _put(document, route.method.input_type, name.partition("[")[0], values)
        return json_format.ParseDict(document, message, ignore_unknown_fields=True)
    except (ValueError, json_format.ParseError):
        return None


def _body(route: Route, request: HttpRequest) -> dict[str, object]:
    """Return what the body says of the request.

    Raises:
        ValueError: It is no JSON, or no object where one has to be.
    """
    if not route.body or request.body is None or not request.body.content:
        return {}
    value = parse_payload(request.body.content)
    if route.body != "*":
        return {route.body: value}
    if not isinstance(value, dict):
        raise ValueError("expected an object")
    return value


def _put(document: dict[str, object], message: MessageType, path: str, values: Sequence[str]) -> None:
    """Put what a path or a query says at its place in the request."""
    *outer, last = path.split(".")
    for name in outer:
        field = _field(message, name)
        if field is None or field.message_type is None:
            return
        inner = document.setdefault(_key(document, field), {})
        if not isinstance(inner, dict):
            return
        document, message = inner, field.message_type
    field = _field(message, last)
    if field is not None:
        entries = [value == "true" if field.type == FieldDescriptor.TYPE_BOOL else value for value in values]
        document[_key(document, field)] = entries if is_repeated(field) else entries[-1]


def _field(message: MessageType, name: str) -> FieldType | None:
    return message.fields_by_name.get(name) or next((f for f in message.fields if f.json_name == name), None)


def _key(document: Mapping[str, object], field: FieldType) -> str:
    """Return the name by which a body has a field already: one of two names counts only once."""
    return field.json_name if field.json_name in document else field.name
