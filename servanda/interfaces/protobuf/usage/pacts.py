"""Use of an interface by contracts, interaction by interaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from servanda.errors import ContractError
from servanda.interfaces.effect import Access
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.protobuf.usage.events import EventType, EventTypes, content, is_event_in_json, unmapped
from servanda.interfaces.protobuf.usage.examples import Example, json_body
from servanda.interfaces.protobuf.usage.routes import Route
from servanda.interfaces.protobuf.usage.values import Touch, of_json, of_message, of_path
from servanda.interfaces.usage.provenance import Provenance
from servanda.interfaces.usage.use import Use
from servanda.pact import Interaction, PactFile, Part
from servanda.pact.descriptors import MessageType, decode
from servanda.transport import transport_kind
from servanda.transports.http.interaction import HttpInteraction
from servanda.verdict import Evidence

_SUCCESS = range(200, 300)
_IMPORTED = "google."
Touched = Iterator[tuple[Access, Touch]]


@dataclass(frozen=True, slots=True)
class _Reading:
    """One interaction as one state of the interface understands it."""

    touched: frozenset[tuple[Access, Touch]]

    @property
    def unknown(self) -> frozenset[str]:
        return frozenset(touch.element for _, touch in self.touched if not touch.known)


@dataclass(frozen=True, slots=True)
class KnownState:
    """A state of the interface that contracts may speak of.

    Attributes:
        catalogue: Its declarations.
        events: Its events; ``None`` if it has none.
    """

    catalogue: Catalogue
    events: EventTypes | None = None

    def event(self, interaction: Interaction) -> EventType | None:
        """Return the message of an event in JSON, if this state tells it."""
        return self.events.of(interaction) if self.events is not None else None


def uses(contract: PactFile, states: Sequence[KnownState], provenance: Provenance) -> Iterator[Use]:
    """Yield every use that a contract proves.

    Args:
        contract: A pact between any two parties.
        states: States of the interface; a contract may speak of any of them.
        provenance: Where the contract is from.

    Raises:
        ContractError: An interaction names what none of the states has; the error names file and line.
    """
    for interaction in contract.interactions:
        evidence = _evidence(contract, interaction, provenance)
        names = transport_kind(interaction.transport).carries_names or is_event_in_json(interaction)
        for access, touch in _touched(interaction, states):
            named = touch.named or (names and not touch.placed)
            refusal = interaction.expects_refusal and access is Access.WRITE
            use = Use(touch.element, contract.consumer, access, interaction.transport, named, evidence, refusal)
            yield replace(use, masked=True) if touch.named else use


def examples(contract: PactFile, states: Sequence[KnownState], provenance: Provenance) -> Iterator[Example]:
    """Yield the interactions of a contract; their evidence is that of the uses."""
    for interaction in contract.interactions:
        found = next((told for state in states if (told := state.event(interaction)) is not None), None)
        event = found.message.full_name if found is not None else ""
        yield Example(_evidence(contract, interaction, provenance), interaction, event)


def unmapped_events(contract: PactFile, states: Sequence[KnownState]) -> Iterator[str]:
    """Yield a sentence for each event in JSON of which no state tells the message."""
    types = [state.events for state in states if state.events is not None]
    for interaction in contract.interactions:
        if is_event_in_json(interaction) and not any(state.event(interaction) for state in states):
            yield f"{contract.path} '{interaction.description}': {unmapped(interaction, types)}"


def _evidence(contract: PactFile, interaction: Interaction, provenance: Provenance) -> Evidence:
    origin = (provenance.version, provenance.date)
    return Evidence("pact", contract.path, interaction.description, interaction.test, *origin)


def _touched(interaction: Interaction, states: Sequence[KnownState]) -> frozenset[tuple[Access, Touch]]:
    readings = [_Reading(frozenset(_read(interaction, state))) for state in states]
    nowhere = frozenset.intersection(*(reading.unknown for reading in readings)) if readings else frozenset[str]()
    unknown = {element for element in nowhere if any(state.catalogue.covers(element) for state in states)}
    if unknown:
        raise ContractError(
            f"'{interaction.description}' names '{min(unknown)}', which the interface does not have",
            where=str(interaction.location),
            hint="correct the name in the consumer's test, or record the contract again",
        )
    return frozenset(pair for reading in readings for pair in reading.touched if pair[1].known)


def _read(interaction: Interaction, state: KnownState) -> Touched:
    found = state.event(interaction)
    if found is not None:
        touches = of_json(found.message, content(interaction.responses[0]))
        yield from _in(state.catalogue, _each(Access.READ, touches))
    elif isinstance(interaction, HttpInteraction):
        yield from _http(interaction, state.catalogue)
    else:
        yield from _in(state.catalogue, _typed(interaction))


def _in(state: Catalogue, touched: Touched) -> Touched:
    """Return the same, with what the state does not have marked: these contracts carry descriptors of their own."""
    for access, touch in touched:
        known = touch.known and (touch.element in state.elements or touch.element.startswith(_IMPORTED))
        yield access, replace(touch, known=known)


def _typed(interaction: Interaction) -> Touched:
    """Return what messages tell that carry their types with them, whatever the transport."""
    for name in interaction.called:
        yield Access.CALL, Touch(name)
    yield from _messages(Access.WRITE, interaction.input, interaction.requests)
    yield from _messages(Access.READ, interaction.output, interaction.responses)
    if interaction.input is not None and interaction.output is not None:
        asked, answered = interaction.input.DESCRIPTOR, interaction.output.DESCRIPTOR
        for request in interaction.requests:
            yield from _each(Access.READ, _read_mask(asked, answered, request.expectations))


def _messages(access: Access, message: type[Message] | None, parts: Iterable[Part]) -> Touched:
    if message is None:
        return
    descriptor: MessageType = message.DESCRIPTOR
    for part in parts:
        yield from _each(access, of_json(descriptor, part.expectations))
        if part.body is not None and part.body.content:
            yield from _each(access, of_message(decode(message, part.body.content)))


def _http(interaction: HttpInteraction, state: Catalogue) -> Touched:
    request = interaction.request
    yield Access.CALL, Touch(operation(request.method, request.path))
    for route in state.routes:
        path = route.match(request.method, request.path)
        if path is None:
            continue
        yield from _call(route.method)
        yield from _each(Access.WRITE, asked(route, path, request.parameters, json_body(request)))
        yield from _each(Access.READ, _read_mask(route.method.input_type, route.method.output_type, request.query))
        if interaction.response.status in _SUCCESS:
            yield from _each(Access.READ, _answered(route, json_body(interaction.response)))
        return


def operation(method: str, path: str) -> str:
    """Tell how an HTTP request is named among the elements, for interfaces that have operations and not rpcs."""
    return f"{method} {path}"


def _call(method: MethodDescriptor) -> Touched:
    yield Access.CALL, Touch(method.containing_service.full_name)
    yield Access.CALL, Touch(method.full_name)


def asked(route: Route, path: Mapping[str, str], query: Mapping[str, tuple[str, ...]], body: object) -> Iterator[Touch]:
    """Yield what an HTTP request touches of the request of its rpc.

    Args:
        route: The binding that takes it.
        path: The values in its path by field path.
        query: Its parameters.
        body: Its JSON; ``None`` if it has none.
    """
    message = route.method.input_type
    yield Touch(message.full_name)
    for name in path:
        yield from (replace(touch, placed=True) for touch in of_path(message, name))
    for name, values in query.items():
        field_path, _, _ = name.partition("[")
        yield from of_json(message, _nested(field_path, values))
    if body is None or not route.body:
        return
    if route.body == "*":
        yield from of_json(message, body)
    else:
        yield from of_json(message, {route.body: body})


def _nested(field_path: str, values: tuple[str, ...]) -> object:
    value: object = values[0] if len(values) == 1 else list(values)
    for name in reversed(field_path.split(".")):
        value = {name: value}
    return value


def _answered(route: Route, body: object) -> Iterator[Touch]:
    message = route.method.output_type
    yield from of_json(message, {route.response_body: body} if route.response_body else body)


def _read_mask(asked: MessageType, answered: MessageType, request: Mapping[str, object]) -> Iterator[Touch]:
    """Yield what a mask in a request names of the response, or of the resource in it (https://google.aip.dev/157).

    Beside a resource a mask is about that resource: it says what to change, not what to read.
    """
    if any(field.message_type and not field.message_type.full_name.startswith(_IMPORTED) for field in asked.fields):
        return
    for field in asked.fields:
        if field.message_type is None or field.message_type.full_name != "google.protobuf.FieldMask":
            continue
        written = request.get(field.name, request.get(field.json_name))
        resources = [answered, *(f.message_type for f in answered.fields if f.message_type is not None)]
        for path in _mask_paths(written):
            for resource in resources:
                reading = list(of_path(resource, path))
                if all(touch.known for touch in reading):
                    yield from (Touch(touch.element, named=True) for touch in reading)


def _mask_paths(written: object) -> list[str]:
    if isinstance(written, Mapping):
        written = written.get("paths")
    if isinstance(written, str):
        written = [written]
    texts = [text for text in written if isinstance(text, str)] if isinstance(written, list | tuple) else []
    return [path for text in texts for path in text.split(",") if path]


def _each(access: Access, touches: Iterable[Touch]) -> Touched:
    for touch in touches:
        yield access, touch
