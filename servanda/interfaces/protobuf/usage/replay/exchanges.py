"""One recorded interaction, replayed against a provider that has the change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import DecodeError, Message

from servanda.interfaces.effect import Access
from servanda.interfaces.protobuf.usage.events import content
from servanda.interfaces.protobuf.usage.examples import Example, http_request, json_body
from servanda.interfaces.protobuf.usage.replay.comparison import Arrival, Wire, arrivals
from servanda.interfaces.protobuf.usage.replay.conversion import LOST, converted, counterpart, put, value_in
from servanda.interfaces.protobuf.usage.replay.types import Successors
from servanda.interfaces.protobuf.usage.routes import Route
from servanda.pact import Interaction, Part
from servanda.pact.descriptors import FieldType, MessageType, holder_of, map_value, message_class
from servanda.protobuf_runtime import is_repeated
from servanda.transports.http.interaction import HttpInteraction, HttpRequest

Replayed = tuple[Access, str, bool]
"""What a consumer does with an element, the element as it was, and whether that still works."""

_SUCCESS = range(200, 300)


def replayed(example: Example, states: Successors) -> tuple[Replayed, ...]:
    """Replay an interaction; the result is empty if the former state cannot read it.

    Args:
        example: What a contract says: request and response, or an event.
        states: The interface as the consumer knows it, and with the change.
    """
    interaction = example.interaction
    if example.event:
        return tuple(_event_in_json(example, states))
    if isinstance(interaction, HttpInteraction):
        return tuple(_http(interaction, states))
    if interaction.called:
        return tuple(_call(interaction, states))
    return tuple(_event(interaction, states))


def of_call(method: MethodDescriptor, told: Sequence[Replayed]) -> tuple[Replayed, ...]:
    """Return what a replay tells, with the rpc and its service, which work if all of it does."""
    works = all(arrives for _, _, arrives in told)
    service = method.containing_service.full_name
    return (*told, (Access.CALL, method.full_name, works), (Access.CALL, service, works))


def _call(interaction: Interaction, states: Successors) -> Iterator[Replayed]:
    name = next((name for name in interaction.called if name in states.former.methods), None)
    if name is None:
        return
    method, now = states.former.methods[name], states.method(name)
    if now is None:
        yield from of_call(method, [(Access.CALL, name, False)])
        return
    told: list[Replayed] = []
    told += _parts(Access.WRITE, interaction.requests, method.input_type, now.input_type)
    told += _parts(Access.READ, interaction.responses, method.output_type, now.output_type)
    streams = (method.client_streaming, method.server_streaming) == (now.client_streaming, now.server_streaming)
    yield from of_call(method, told if streams else [*told, (Access.CALL, name, False)])


def _event(interaction: Interaction, states: Successors) -> Iterator[Replayed]:
    name = interaction.output.DESCRIPTOR.full_name if interaction.output is not None else ""
    before, after = states.former.message(name), states.present.message(name)
    if before is not None and after is not None:
        yield from _parts(Access.READ, interaction.responses, before, after)


def _event_in_json(example: Example, states: Successors) -> Iterator[Replayed]:
    before, after = states.former.message(example.event), states.present.message(example.event)
    if before is not None and after is not None:
        value = content(example.interaction.responses[0])
        yield from _document(Access.READ, value, ("", before), ("", after))


def _parts(access: Access, parts: Sequence[Part], before: MessageType, after: MessageType) -> Iterator[Replayed]:
    for part in parts:
        if part.body is None or not part.body.content:
            continue
        try:
            message = message_class(before).FromString(part.body.content)
        except DecodeError:
            continue
        yield from _told(access, arrivals(message, after, Wire(access, named=False)))


def _told(access: Access, found: Iterator[Arrival]) -> Iterator[Replayed]:
    for element, arrives in found:
        yield access, element, arrives


def _http(interaction: HttpInteraction, states: Successors) -> Iterator[Replayed]:
    request, response = interaction.request, interaction.response
    route, path = _taken(request, states.former.routes)
    now, path_now = _taken(request, states.present.routes)
    if route is None:
        return
    if now is None or not _same_part(
        route.response_body, route.method.output_type, now.response_body, now.method.output_type
    ):
        yield from of_call(route.method, [(Access.CALL, route.method.full_name, False)])
        return
    told = list(_texts(request, (route, path), (now, path_now)))
    if _same_part(route.body, route.method.input_type, now.body, now.method.input_type):
        sent = json_body(request) if route.body else None
        told += _document(Access.WRITE, sent, (route.body, route.method.input_type), (now.body, now.method.input_type))
    else:
        told.append((Access.CALL, route.method.full_name, _same_request(request, states)))
    if response.status in _SUCCESS:
        before, after = route.method.output_type, now.method.output_type
        body = json_body(response)
        told += _document(Access.READ, body, (route.response_body, before), (now.response_body, after))
    yield from of_call(route.method, told)


def _taken(request: HttpRequest, routes: Sequence[Route]) -> tuple[Route | None, Mapping[str, str]]:
    for route in routes:
        path = route.match(request.method, request.path)
        if path is not None:
            return route, path
    return None, {}


def _same_part(name: str, type_: MessageType, name_now: str, type_now: MessageType) -> bool:
    """Tell whether two bodies hold the same part of a message, whatever it is called."""
    return _part(name, type_) == _part(name_now, type_now)


def _same_request(request: HttpRequest, states: Successors) -> bool:
    """Tell whether a request means the same message although its body is another part of it now."""
    before, after = (http_request(request, state) for state in (states.former, states.present))
    return before is not None and after is not None and converted(before, after.DESCRIPTOR) == after


def _part(name: str, type_: MessageType) -> str | int:
    field = type_.fields_by_name.get(name)
    return field.number if field is not None else name


def _document(
    access: Access, value: object, before: tuple[str, MessageType], after: tuple[str, MessageType]
) -> Iterator[Replayed]:
    """Replay a JSON body that holds a field of a message, or the whole message."""
    (name, type_), (name_now, type_now) = before, after
    if name and name != "*":
        field, field_now = type_.fields_by_name.get(name), type_now.fields_by_name.get(name_now)
        if field is not None and field_now is not None and is_repeated(field) != is_repeated(field_now):
            yield access, field.full_name, False
            return
        inner, inner_now = (each.message_type if each is not None else None for each in (field, field_now))
        if inner is None or inner_now is None or field is None or is_repeated(field):
            return
        yield access, field.full_name, True
        type_, type_now = inner, inner_now
    if not isinstance(value, dict):
        return
    try:
        message = json_format.ParseDict(value, message_class(type_)(), ignore_unknown_fields=True)
    except (json_format.ParseError, ValueError):
        return
    yield from _told(access, arrivals(message, type_now, Wire(access, named=True)))


@dataclass(frozen=True, slots=True)
class _Place:
    """A place that holds text in a request's address, in both states."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    values: tuple[str, ...]


def _texts(
    request: HttpRequest, before: tuple[Route, Mapping[str, str]], after: tuple[Route, Mapping[str, str]]
) -> Iterator[Replayed]:
    """Replay what path and query hold: text, whatever the type of the field."""
    (route, path), (now, path_now) = before, after
    places = [
        _Place(tuple(old.split(".")), tuple(new.split(".")), (path[old],))
        for old, new in zip(path, path_now, strict=False)
        if path[old] == path_now[new]
    ]
    for name, values in request.query.items():
        names = tuple(name.partition("[")[0].split("."))
        places.append(_Place(names, names, tuple(value or "" for value in values)))
    for place in places:
        fields, fields_now = _along(route.method.input_type, place.before), _along(now.method.input_type, place.after)
        if fields:
            arrives = _leads_on(fields, fields_now) and text_arrives(
                fields[-1], holder_of(fields_now[-1]), place.values
            )
            yield from ((Access.WRITE, field.full_name, arrives) for field in fields)


def _along(message: MessageType, names: Sequence[str]) -> list[FieldType]:
    """Return the fields that a field path leads through; none if it leads nowhere."""
    found: list[FieldType] = []
    current: MessageType | None = message
    for name in names:
        if current is None:
            return []
        field = current.fields_by_name.get(name) or next((f for f in current.fields if f.json_name == name), None)
        if field is None:
            return []
        found.append(field)
        current = (map_value(field) or field).message_type
    return found


def _leads_on(fields: Sequence[FieldType], fields_now: Sequence[FieldType]) -> bool:
    """Tell whether two field paths lead to the same data."""
    if len(fields) != len(fields_now):
        return False
    others = [counterpart(field, holder_of(now)) for field, now in zip(fields, fields_now, strict=True)]
    return all(other is not None and other.number == now.number for other, now in zip(others, fields_now, strict=True))


def text_arrives(field: FieldType, target: MessageType, values: Sequence[str]) -> bool:
    """Tell whether what an address holds as text means the same value to a field of another state.

    Args:
        field: The field, by the old definition.
        target: The message that has its data now.
        values: The texts; more than one for a list.
    """
    field_now = counterpart(field, target)
    if field_now is None:
        return False
    old, new = _parsed(field, values), _parsed(field_now, values)
    if old is None or new is None:
        return old is None  # what was refused before proves nothing
    there = value_in(field, getattr(old, field.name), field_now)
    expected = message_class(holder_of(field_now))()
    return there is not LOST and put(expected, field_now, there) and expected == new


def _parsed(field: FieldType, values: Sequence[str]) -> Message | None:
    entries = [value == "true" if field.type == FieldDescriptor.TYPE_BOOL else value for value in values]
    try:
        document = {field.name: entries if is_repeated(field) else entries[-1]}
        return json_format.ParseDict(document, message_class(holder_of(field))())
    except (json_format.ParseError, ValueError, IndexError):
        return None
