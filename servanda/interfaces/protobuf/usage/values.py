"""Elements of an interface that a value of a message touches: as JSON, or as a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from google.protobuf.message import Message

from servanda.pact.descriptors import FieldType, MessageType, map_value
from servanda.protobuf_runtime import is_repeated

_SCALAR_IN_JSON = "google.protobuf."
_MASK = "google.protobuf.FieldMask"
_EXPRESSION = "pact:"


@dataclass(frozen=True, slots=True)
class Touch:
    """One element that a value touches.

    Attributes:
        element: Full name; for what is unknown the message and the name that it does not have.
        named: Whether a field mask names it.
        known: Whether the interface has it.
        placed: Whether its place tells it, as in a path, so that no name of it travels.
    """

    element: str
    named: bool = False
    known: bool = True
    placed: bool = False


def of_json(message: MessageType, value: object) -> Iterator[Touch]:
    """Yield what a JSON value, or what a consumer wrote for a message, touches.

    JSON is as https://protobuf.dev/programming-guides/json/ says. Field names may be those of the definition or those
    of JSON. What the types of ``google.protobuf`` have in them is passed over.
    """
    yield Touch(message.full_name)
    if not isinstance(value, Mapping) or message.full_name.startswith(_SCALAR_IN_JSON):
        return
    by_json_name = {field.json_name: field for field in message.fields}
    for key, entry in value.items():
        if str(key).startswith((_EXPRESSION, "@type")):
            continue
        field = message.fields_by_name.get(key) or by_json_name.get(key)
        if field is None:
            yield Touch(f"{message.full_name}.{key}", known=False)
        else:
            yield from _field(field)
            yield from _value(field, entry)


def of_message(message: Message) -> Iterator[Touch]:
    """Yield what a message touches by the fields that it sets."""
    descriptor: MessageType = message.DESCRIPTOR
    yield Touch(descriptor.full_name)
    if descriptor.full_name.startswith(_SCALAR_IN_JSON):
        return
    for field, value in message.ListFields():
        yield from _field(field)
        in_map = map_value(field)
        entries = value.values() if in_map else value if is_repeated(field) else (value,)
        for entry in entries:
            yield from of_message(entry) if isinstance(entry, Message) else _scalar(in_map or field, entry)
        if field.message_type is not None and field.message_type.full_name == _MASK:
            yield from _masked(field, [path for mask in entries for path in mask.paths])


def of_path(message: MessageType, path: str) -> Iterator[Touch]:
    """Yield what a field path such as ``user.user_id`` touches, the fields on the way included."""
    current: MessageType | None = message
    for name in path.split("."):
        if current is None:
            return
        field = current.fields_by_name.get(name) or next((f for f in current.fields if f.json_name == name), None)
        if field is None:
            yield Touch(f"{current.full_name}.{name}", known=False)
            return
        yield from _field(field)
        current = (map_value(field) or field).message_type


def _field(field: FieldType) -> Iterator[Touch]:
    yield Touch(field.full_name)
    oneof = field.containing_oneof
    if oneof is not None:
        yield Touch(f"{field.full_name.rpartition('.')[0]}.{oneof.name}")


def _value(field: FieldType, value: object) -> Iterator[Touch]:
    in_map = map_value(field)
    if in_map is not None:
        entries = list(value.values()) if isinstance(value, Mapping) else []
    elif is_repeated(field):
        entries = _items(value)
    else:
        entries = [value]
    inner = in_map or field
    for entry in entries:
        if inner.message_type is not None:
            yield from of_json(inner.message_type, entry)
        else:
            yield from _scalar(inner, entry)
    if field.message_type is not None and field.message_type.full_name == _MASK:
        yield from _masked(field, [path for entry in entries for path in _paths(entry)])


def _items(value: object) -> list[object]:
    if isinstance(value, Mapping):
        # The protobuf plugin writes {"pact:match": "eachValue(matching($'entry'))", "entry": {...}}.
        inner = [entry for key, entry in value.items() if not str(key).startswith(_EXPRESSION)]
        return inner if len(inner) < len(value) else [value]
    return list(value) if isinstance(value, list | tuple) else [value]


def _scalar(field: FieldType, value: object) -> Iterator[Touch]:
    enum = field.enum_type
    if enum is None:
        return
    yield Touch(enum.full_name)
    found = enum.values_by_number.get(value) if isinstance(value, int) else enum.values_by_name.get(str(value))
    if found is not None:
        yield Touch(f"{enum.full_name}.{found.name}")


def _paths(value: object) -> list[str]:
    if isinstance(value, str):
        return [path for path in value.split(",") if path]
    paths = value.get("paths") if isinstance(value, Mapping) else None
    return [path for path in paths if isinstance(path, str)] if isinstance(paths, list | tuple) else []


def _masked(mask: FieldType, paths: list[str]) -> Iterator[Touch]:
    """Yield what a field mask names: paths within the resource beside the mask (https://google.aip.dev/161)."""
    holder = mask.containing_type
    beside = [
        field.message_type
        for field in (holder.fields if holder is not None else ())
        if field.message_type is not None and not field.message_type.full_name.startswith(_SCALAR_IN_JSON)
    ]
    for path in paths:
        readings = [list(of_path(resource, path)) for resource in beside]
        for reading in readings:
            if all(touch.known for touch in reading):
                yield from (Touch(touch.element, named=True) for touch in reading)
