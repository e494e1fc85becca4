"""Dead letters as text: a line for a list, JSON for one of them. Nothing in them controls a terminal."""

from __future__ import annotations

import base64
import importlib
import json
import pkgutil
from typing import Any, Final

from google.protobuf import descriptor_pool, json_format, message_factory
from google.protobuf.message import DecodeError

from platformkit.events.envelope import Record
from platformkit.events.redrive import Letter
from platformkit.telemetry import without_sensitive

ROOT: Final = "plt."
"""No other name of a type leads to an import."""

_ERROR_CHARACTERS: Final = 100


def line_of(letter: Letter) -> str:
    """Return place, time, topic, consumer, type, key, error and what became of it, between tabs."""
    record = letter.stored.record
    error = letter.fact("x-error")
    parts = (
        letter.place,
        letter.stored.time.isoformat(timespec="seconds").replace("+00:00", "Z"),
        record.topic,
        letter.consumer,
        letter.fact("ce_type"),
        (record.key or b"").decode(errors="replace"),
        error if len(error) <= _ERROR_CHARACTERS else error[: _ERROR_CHARACTERS - 3] + "...",
        "went back" if letter.redriven else "",
    )
    return "\t".join(_printable(part) for part in parts).rstrip("\t")


def shown(letter: Letter, *, values: bool = False) -> str:
    """Return the whole letter as JSON, its value as the message that it is, or else by its size.

    Args:
        letter: The letter.
        values: Whether to show also what fields with ``debug_redact`` hold, and a value that is no message, in base64.
    """
    record = letter.stored.record
    document = {
        "place": letter.place,
        "time": letter.stored.time.isoformat(),
        "topic": record.topic,
        "redriven": letter.redriven,
        "key": (record.key or b"").decode(errors="backslashreplace"),
        "headers": [[name, value.decode(errors="backslashreplace")] for name, value in record.headers],
        **_value(record, letter.fact("ce_type"), values=values),
    }
    # Only ASCII: what a header holds stays an escape.
    return json.dumps(document, indent=2)


def _value(record: Record, type_name: str, *, values: bool) -> dict[str, Any]:
    if record.value is None:
        return {"value": None}
    try:
        message_type = _message_type(type_name)
        if message_type is not None:
            message = message_type.FromString(record.value)
            return {"message": json_format.MessageToDict(message) if values else without_sensitive(message)}
    except (DecodeError, json_format.SerializeToJsonError, ValueError):
        pass
    # Nobody can tell what is in it.
    return {"base64": base64.b64encode(record.value).decode()} if values else {"bytes": len(record.value)}


def _message_type(name: str) -> Any:
    package = name.rpartition(".")[0]
    if not name.startswith(ROOT):
        return None
    try:
        folders = importlib.import_module(package).__path__
        for module in pkgutil.iter_modules(folders):
            if module.name.endswith("_pb2"):
                importlib.import_module(f"{package}.{module.name}")
        return message_factory.GetMessageClass(descriptor_pool.Default().FindMessageTypeByName(name))
    except (ImportError, AttributeError, KeyError, ValueError):
        return None


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
