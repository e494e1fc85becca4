"""JSON documents that tell what is read of them, as elements of the interface that they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from servanda.pact.descriptors import FieldType, MessageType, map_value
from servanda.protobuf_runtime import is_repeated
from servanda.recording.usage.messages import Note, note_everything, note_field, note_value

_LIBRARY = "google."


class ObservedObject(Mapping[str, Any]):
    """Stands for a JSON object and notes every field that is taken out of it, at any depth, also one that is absent.

    It is no ``dict``: a library that needs one fails instead of reading unseen. Whoever goes through it reads all.
    """

    def __init__(self, message: MessageType, values: Mapping[str, Any], note: Note) -> None:
        self._message, self._values, self._note = message, values, note
        note(message.full_name)

    def __getitem__(self, key: str) -> Any:
        field = self._field(key)
        if field is None:
            return self._values[key]
        note_field(field, self._note)
        return _value(field, self._values[key], self._note)

    def __iter__(self) -> Iterator[str]:
        note_everything(self._message, self._note)
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(self._values)

    def _field(self, key: str) -> FieldType | None:
        named = (field for field in self._message.fields if key in (field.json_name, field.name))
        return next(named, None)


def _value(field: FieldType, value: Any, note: Note) -> Any:
    in_map = map_value(field)
    if in_map is not None and isinstance(value, Mapping):
        return {key: _single(in_map, entry, note) for key, entry in value.items()}
    if is_repeated(field) and isinstance(value, list):
        return [_single(field, entry, note) for entry in value]
    return _single(field, value, note)


def _single(field: FieldType, value: Any, note: Note) -> Any:
    note_value(field, value, note)
    message = field.message_type
    if message is not None and isinstance(value, Mapping) and not message.full_name.startswith(_LIBRARY):
        return ObservedObject(message, value, note)
    return value
