"""Field masks in requests, which name what a consumer wants to read or change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench.consumer_impact.replay.projection import LostError, Meaning

_MASK = "google.protobuf.FieldMask"


def misled(sent: Any, answers: tuple[Any, Any], asked: Any, meaning: Meaning) -> str:
    """Say which path of a mask does not mean what it did; empty if there is none.

    A mask is about the resource beside it, else about the response or the resource in it (https://google.aip.dev/157).

    Args:
        sent: The request of the old definition.
        answers: The former response and the present one.
        asked: The present request.
        meaning: What fields are called now.
    """
    beside = [(former, now) for former in _resources(sent.DESCRIPTOR) for now in _same(former, asked)]
    about = beside or [
        answers,
        *((former, now) for former in _resources(answers[0]) for now in _same(former, answers[1])),
    ]
    for path in _paths(sent):
        for former, now in about:
            if _resolved(former, path) and not _still(former, now, path, meaning):
                return f"{path} in a mask is not what it was"
    return ""


def _paths(sent: Any) -> Iterator[str]:
    for field, value in sent.ListFields():
        if field.message_type is not None and field.message_type.full_name == _MASK and not field.is_repeated:
            yield from value.paths


def _resources(message: Any) -> list[Any]:
    found = (field for field in message.fields if field.message_type is not None)
    return [field for field in found if not field.message_type.full_name.startswith("google.protobuf.")]


def _same(former: Any, message: Any) -> Iterator[Any]:
    yield from (field for field in message.fields if field.number == former.number and field.message_type is not None)


def _message(place: Any) -> Any:
    return getattr(place, "message_type", place)


def _resolved(place: Any, path: str) -> bool:
    message = _message(place)
    for name in path.split("."):
        field = message.fields_by_name.get(name) if message is not None else None
        if field is None:
            return False
        message = field.message_type
    return True


def _still(former: Any, now: Any, path: str, meaning: Meaning) -> bool:
    old, new = _message(former), _message(now)
    for name in path.split("."):
        field = old.fields_by_name[name]
        try:
            meant = meaning.field(field, new) if new is not None else None
        except LostError:
            return False
        if meant is None or meant.name != name:
            return False
        old, new = field.message_type, meant.message_type
    return True
