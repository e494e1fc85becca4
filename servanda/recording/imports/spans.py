"""Spans of OpenTelemetry, as the OTLP file exporter and the collector write them in JSON.

https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/: a line holds a ``TracesData``. A file with one
document on several lines is read as well. Enumerations are numbers in OTLP; some tools write their names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from servanda.documents import DocumentLimits, Notation, Reader, Table, Value, read_bytes
from servanda.errors import ContractError

_READER: Final = Reader(ContractError)
_KINDS: Final = ("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")
_SCALARS: Final = ("stringValue", "boolValue", "intValue", "doubleValue")
_HINT: Final = "export the spans as OTLP in JSON, for example with the file exporter of the collector"


@dataclass(frozen=True, slots=True)
class Span:
    """One span.

    Attributes:
        service: ``service.name`` of the resource.
        version: ``service.version`` of the resource.
        kind: ``CLIENT``, ``SERVER``, ``PRODUCER``, ``CONSUMER`` or ``INTERNAL``.
        parent: Identifier of the span within which it began.
        day: Day on which it began, in UTC; ``None`` if it does not say.
        attributes: Texts by name; of a list all its texts.
    """

    id: str
    parent: str
    service: str
    version: str
    kind: str
    day: dt.date | None
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def first(self, *names: str) -> str:
        """Return the text of the first of these attributes that is there; empty if none is."""
        return next((self.attributes[name][0] for name in names if self.attributes.get(name)), "")


def read_spans(path: Path) -> Iterator[Span]:
    """Yield the spans of a file.

    Raises:
        ContractError: It is not OTLP in JSON; the error names the place.
    """
    content = read_bytes(path, str(path), DocumentLimits().size, ContractError)
    lines = [(number, line) for number, line in enumerate(content.split(b"\n"), 1) if line.strip()]
    if not lines:
        raise ContractError("no spans in here", where=str(path), hint=_HINT)
    if not _is_whole(lines[0][1]):
        lines = [(1, content)]
    for number, line in lines:
        yield from _spans(line, number, str(path))


def _is_whole(line: bytes) -> bool:
    try:
        _READER.parse(line, "", Notation.JSON)
    except ContractError:
        return False
    return True


def _spans(line: bytes, number: int, shown: str) -> list[Span]:
    try:
        return list(_of(_READER.parse(line, shown, Notation.JSON).root.table()))
    except ContractError:
        # With the lines before it the place in the error is the one in the file.
        list(_of(_READER.parse(b"\n" * (number - 1) + line, shown, Notation.JSON).root.table()))
        raise


def _of(data: Table) -> Iterator[Span]:
    if "resourceSpans" not in data.raw:
        raise data.error("'resourceSpans' is missing", _HINT)
    for entry in data.items("resourceSpans"):
        group = entry.table()
        resource = _attributes(group.table("resource"))
        service, version = (resource.get(name, ("",))[0] for name in ("service.name", "service.version"))
        for scope in group.items("scopeSpans"):
            yield from (_span(each.table(), service, version) for each in scope.table().items("spans"))


def _span(span: Table, service: str, version: str) -> Span:
    began = span.get("startTimeUnixNano")
    own, parent = (span.text(key, "") for key in ("spanId", "parentSpanId"))
    return Span(own, parent, service, version, _kind(span.get("kind")), _day(began), _attributes(span))


def _kind(value: Value | None) -> str:
    if value is None:
        return _KINDS[0]
    if isinstance(value.raw, str):
        return value.raw.removeprefix("SPAN_KIND_")
    number = value.integer()
    return _KINDS[number] if 0 <= number < len(_KINDS) else _KINDS[0]


def _day(value: Value | None) -> dt.date | None:
    if value is None:
        return None
    try:
        return dt.datetime.fromtimestamp(int(value.raw) // 1_000_000_000, tz=dt.UTC).date()
    except (TypeError, ValueError, OverflowError, OSError):
        raise value.unexpected("nanoseconds since 1970") from None


def _attributes(holder: Table) -> Mapping[str, tuple[str, ...]]:
    found = {}
    for entry in holder.items("attributes"):
        attribute = entry.table()
        found[attribute.text("key")] = tuple(_texts(attribute.table("value").raw))
    return found


def _texts(value: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts of a value; what is neither a scalar nor a list of them tells nothing here."""
    inner = value.get("arrayValue")
    listed = inner.get("values") if isinstance(inner, dict) else None
    for each in (value, *(listed if isinstance(listed, list) else ())):
        if isinstance(each, dict):
            yield from (str(each[name]) for name in _SCALARS if name in each)
