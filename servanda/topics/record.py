"""Records as Kafka carries them, and their form in JSON."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any, Final

from servanda.documents import Table
from servanda.errors import ServandaError

_TEXT: Final = "text"
_BASE64: Final = "base64"


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a topic.

    Attributes:
        topic: Topic, without the namespace of a run.
        key: Bytes that order records: those with one key keep their order; ``None`` for a record without.
        value: The payload; ``None`` for a tombstone.
        headers: Names and values, in their order.
        time: When it was published, in milliseconds since 1970 (UTC).
    """

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    time: int = 0

    def header(self, name: str) -> str:
        """Return the text of a header, the last one of its name; empty if there is none that is text."""
        found = [value for each, value in self.headers if each == name]
        return found[-1].decode("utf-8", "replace") if found else ""

    @property
    def day(self) -> dt.date:
        """Return the day on which it was published, in UTC."""
        return dt.datetime.fromtimestamp(self.time / 1000, tz=dt.UTC).date()

    @property
    def digest(self) -> str:
        """Return what only the same record has: SHA-256 of topic, key, value and headers."""
        found = hashlib.sha256()
        for part in (self.topic.encode(), self.key, self.value, *(b for n, v in self.headers for b in (n.encode(), v))):
            found.update(b"-" if part is None else b"%d:" % len(part) + part)
        return found.hexdigest()


def to_json(record: Record) -> dict[str, Any]:
    """Return a record as JSON values."""
    time = dt.datetime.fromtimestamp(record.time / 1000, tz=dt.UTC).isoformat(timespec="milliseconds")
    return {
        "topic": record.topic,
        "time": time.replace("+00:00", "Z"),
        "key": _written(record.key),
        "headers": [{"name": name, **_some(value)} for name, value in record.headers],
        "value": _written(record.value),
    }


def from_json(table: Table) -> Record:
    """Read a record that :func:`to_json` gave.

    Raises:
        ServandaError: It is none; of the kind of the document's reader.
    """
    time = table.name("time")
    try:
        moment = dt.datetime.fromisoformat(time)
        milliseconds = round(moment.timestamp() * 1000)
    except (ValueError, OverflowError):
        raise table.error(f"'{time}' is no time, expected one such as 2026-01-31T10:00:00.000Z") from None
    headers = tuple((each.table().name("name"), _read_some(each.table())) for each in table.items("headers"))
    return Record(table.name("topic"), _read(table, "key"), _read(table, "value"), headers, milliseconds)


def _written(value: bytes | None) -> dict[str, str] | None:
    return None if value is None else _some(value)


def _some(value: bytes) -> dict[str, str]:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return {_BASE64: base64.b64encode(value).decode()}
    # What reads like text and is none, such as a message of protobuf, would look broken.
    return {_TEXT: text} if text.isprintable() else {_BASE64: base64.b64encode(value).decode()}


def _read(table: Table, name: str) -> bytes | None:
    place = table.get(name)
    if place is None or place.raw is None:
        return None
    return _read_some(place.table())


def _read_some(table: Table) -> bytes:
    if (text := table.get(_TEXT)) is not None:
        return text.text().encode()
    place = table.get(_BASE64)
    if place is None:
        raise table.error("expected 'text' or 'base64'")
    try:
        return base64.b64decode(place.text(), validate=True)
    except (binascii.Error, ServandaError):
        raise place.error("is no base64") from None
