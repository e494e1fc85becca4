"""Payloads in JSON, by the paths that the configuration names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from servanda.configuration import Events
from servanda.documents import parse_payload
from servanda.errors import ServandaError
from servanda.events.formats.redaction import StandIns
from servanda.events.formats.understood import Understood, UnreadableRecordError
from servanda.topics.record import Record

_TYPE_HEADERS: Final = ("ce_type", "type", "event_type", "eventType")
_STRUCTURED: Final = "specversion"
_SCHEMA: Final = "ce_dataschema"
_KINDS: Final = {dict: "object", list: "list", str: "string", bool: "boolean", int: "number", float: "number"}


def understand(record: Record, settings: Events) -> Understood:
    """Read the value of a record as JSON.

    Raises:
        UnreadableRecordError: It is none.
    """
    try:
        body = parse_payload(record.value or b"")
    except (ServandaError, ValueError) as error:
        what = error.what if isinstance(error, ServandaError) else str(error)
        raise UnreadableRecordError(f"the value is no JSON: {what}", where=record.topic) from None
    signature = tuple(sorted(set(_signature(body, "$", frozenset(settings.enums)))))
    hidden, stand_ins = frozenset(settings.redact), StandIns(record.digest)
    kept = _replaced(body, "$", hidden, stand_ins)
    value = record.value if kept == body else json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
    key = record.key
    if key is not None:
        key = stand_ins.within(key.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    redacted = Record(record.topic, key, value, record.headers, record.time)
    return Understood(type_in(record, body), signature, record.header(_SCHEMA), redacted, kept)


def type_in(record: Record, body: Any = None) -> str:
    """Return what an event is called by its headers, or by itself in structured CloudEvents; empty if by nothing."""
    for name in _TYPE_HEADERS:
        if found := record.header(name):
            return found
    if isinstance(body, dict) and _STRUCTURED in body and isinstance(body.get("type"), str):
        return str(body["type"])
    return ""


def _signature(value: Any, path: str, enums: frozenset[str]) -> Iterator[str]:
    yield f"{path}={json.dumps(value, ensure_ascii=False)}" if path in enums else f"{path}:{_kind(value)}"
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _signature(each, f"{path}.{name}", enums)
    elif isinstance(value, list):
        for each in value:
            yield from _signature(each, f"{path}[*]", enums)


def _kind(value: Any) -> str:
    return "null" if value is None else _KINDS[type(value)]


def _replaced(value: Any, path: str, hidden: frozenset[str], stand_ins: StandIns) -> Any:
    if path in hidden:
        return _everything(value, stand_ins)
    return _mapped(value, path, lambda each, inner: _replaced(each, inner, hidden, stand_ins))


def _mapped(value: Any, path: str, change: Callable[[Any, str], Any]) -> Any:
    if isinstance(value, dict):
        return {name: change(each, f"{path}.{name}") for name, each in value.items()}
    if isinstance(value, list):
        return [change(each, f"{path}[*]") for each in value]
    return value


def _everything(value: Any, stand_ins: StandIns) -> Any:
    if isinstance(value, dict | list):
        return _mapped(value, "", lambda each, _: _everything(each, stand_ins))
    if isinstance(value, str):
        return stand_ins.text(value)
    if isinstance(value, bool) or value is None:
        return value
    return type(value)(1) if value else value
