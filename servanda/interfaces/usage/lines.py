"""Usage logs as JSON Lines, which any language can write and append to: ``contracts/usage/*.jsonl``.

``docs/reference/usage-log.schema.json`` describes one line.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from servanda.documents import DocumentLimits, Notation, Reader, Table, Value, read_bytes
from servanda.errors import ContractError
from servanda.interfaces.effect import Access
from servanda.interfaces.usage.exchange import Exchange, Shape, Side
from servanda.interfaces.usage.log import OPERATION, Noted, UsageLog, day, element_of, transport_of
from servanda.interfaces.usage.use import Observation
from servanda.verdict import Transport

LINES_FORMAT: Final = "servanda.usage/1"
_READER: Final = Reader(ContractError)
_SECTION = "begin with a header: {" + f'"format": "{LINES_FORMAT}", "consumer": ..., "date": ...' + "}"
_ACCESSES: Final = MappingProxyType({str(each): each for each in (Access.READ, Access.WRITE, Access.CALL)})


@dataclass(slots=True)
class _Section:
    """A header, and what follows it."""

    observation: Observation
    tool: str
    noted: frozenset[Side]
    entries: dict[Access, list[Noted]] = field(default_factory=lambda: {access: [] for access in _ACCESSES.values()})
    exchanges: list[Exchange] = field(default_factory=list)

    def log(self) -> UsageLog:
        reads, writes, calls = (tuple(self.entries[access]) for access in _ACCESSES.values())
        return UsageLog(self.observation, reads, writes, calls, tuple(self.exchanges), self.noted)


def load_lines(path: Path, shown: str, known: Collection[str] | None = None) -> tuple[UsageLog, ...]:
    """Read the usage logs of a file: one for each header in it.

    Args:
        path: The file.
        shown: How it is called in messages and evidence.
        known: Full names of the elements that exist; if given, every element has to be among them.

    Raises:
        ContractError: A line cannot be read, or names an element that does not exist; the error names the place.
    """
    file = _File(shown, known)
    content = read_bytes(path, shown, DocumentLimits().size, ContractError)
    for number, line in enumerate(content.split(b"\n"), 1):
        if line.strip():
            file.add(line, number)
    if not file.sections:
        raise ContractError("the usage log is empty", where=shown, hint=_SECTION)
    return tuple(each.log() for each in file.sections)


@dataclass(frozen=True, slots=True)
class _File:
    """A file while it is read."""

    shown: str
    known: Collection[str] | None
    sections: list[_Section] = field(default_factory=list)

    def add(self, line: bytes, number: int) -> None:
        try:
            self._take(self._parsed(line), number)
        except ContractError:
            # With the lines before it, of which there may be many, the place in the error is the one in the file.
            self._take(self._parsed(b"\n" * (number - 1) + line), number)
            raise

    def _parsed(self, content: bytes) -> Table:
        return _READER.parse(content, self.shown, Notation.JSON).root.table()

    def _take(self, entry: Table, number: int) -> None:
        if "format" in entry.raw:
            document = f"{self.shown}:{number}" if self.sections else self.shown
            self.sections.append(_section(entry, document))
        elif not self.sections:
            raise entry.error("no header before the first entry", _SECTION)
        elif "call" in entry.raw:
            self.sections[-1].exchanges.append(_exchange(entry, self.sections[-1].tool, number))
        else:
            access, noted = _noted(entry, self.sections[-1].tool, self.known)
            self.sections[-1].entries[access].append(noted)
        entry.close()


def _section(header: Table, document: str) -> _Section:
    format_ = header.required("format")
    if format_.raw != LINES_FORMAT:
        raise format_.error(f"unknown format, expected '{LINES_FORMAT}'", "update Servanda, or write the log again")
    provenance = header.table("provenance")
    told = [provenance.text(key, "") for key in ("tool", "version", "file")]
    provenance.close()
    observation = Observation(
        header.name("consumer"), day(header.required("date")), document, header.text("version", "")
    )
    return _Section(observation, " ".join(filter(None, told)), frozenset(map(_side, header.items("complete"))))


def _side(value: Value) -> Side:
    if value.raw not in tuple(Side):
        raise value.error(f"unknown part '{value.text()}'", f"known: {', '.join(Side)}")
    return Side(value.text())


def _noted(entry: Table, tool: str, known: Collection[str] | None) -> tuple[Access, Noted]:
    access, name = entry.required("access"), element_of(entry, known)
    if access.text() not in _ACCESSES:
        raise access.error(f"unknown access '{access.text()}'", f"known: {', '.join(_ACCESSES)}")
    if OPERATION.match(name):
        raise entry.error("a request is no element", f'write it as a call: "call": "{name}"')
    placed, possible = (entry.flag(key, default=False) for key in ("placed", "possible"))
    noted = Noted(name, transport_of(entry), entry.text("at", tool), placed=placed, possible=possible)
    return _ACCESSES[access.text()], noted


def _exchange(entry: Table, tool: str, number: int) -> Exchange:
    call, transport = entry.required("call"), transport_of(entry)
    name = call.text()
    if transport == Transport.HTTP and not OPERATION.match(name):
        raise call.error(f"no request: '{name}'", "write the method and the path: GET /v1/users/{user_id}")
    if transport != Transport.HTTP:
        name = name.lstrip("/").replace("/", ".")
    label = ", ".join(filter(None, (entry.text("at", tool), f"line {number}")))
    status = entry.get("status")
    return Exchange(
        name,
        transport,
        label,
        None if status is None else status.integer(),
        _names(entry, "query"),
        _names(entry, "headers"),
        _shape(entry, "sent"),
        _shape(entry, "received"),
        _shape(entry, "read"),
        entry.texts("read_mask"),
        entry.flag("refused", default=False),
    )


def _names(entry: Table, key: str) -> tuple[str, ...] | None:
    found = entry.get(key)
    return None if found is None else found.texts()


def _shape(entry: Table, key: str) -> Shape | None:
    entry.get(key)
    return Shape(_bare(entry.raw[key])) if key in entry.raw else None


def _bare(value: Any) -> object:
    """Return the same without its scalars; what is in them is nobody's business here."""
    if isinstance(value, dict):
        return {key: _bare(each) for key, each in value.items()}
    return [_bare(each) for each in value] if isinstance(value, list) else None


def dump_lines(log: UsageLog, provenance: dict[str, str]) -> str:
    """Return a usage log as lines; the same log always gives the same text.

    Args:
        log: The log; ``noted`` has to say of what it holds everything.
        provenance: Who made it: ``tool``, ``version`` and ``file``.
    """
    seen = log.observation
    header: dict[str, object] = {"format": LINES_FORMAT, "consumer": seen.consumer, "version": seen.version}
    header |= {"date": seen.date, "provenance": provenance, "complete": sorted(log.complete)}
    noted_as = ((Access.READ, log.reads), (Access.WRITE, log.writes or ()), (Access.CALL, log.calls))
    lines = [_written(access, noted) for access, entries in noted_as for noted in sorted(set(entries))]
    lines += map(_told, log.exchanges)
    return "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in (header, *lines))


def _written(access: Access, noted: Noted) -> dict[str, object]:
    flags = {"placed": noted.placed, "possible": noted.possible}
    at = {"at": noted.test} if noted.test else {}
    told = {"element": noted.element, "access": str(access), "transport": str(noted.transport)}
    return told | at | {name: True for name, is_set in flags.items() if is_set}


def _told(exchange: Exchange) -> dict[str, object]:
    told: dict[str, object] = {"call": exchange.call, "transport": str(exchange.transport)}
    told |= {"at": exchange.label} if exchange.label else {}
    told |= {"status": exchange.status} if exchange.status is not None else {}
    told |= {"refused": True} if exchange.refused else {}
    lists = {"query": exchange.query, "headers": exchange.headers, "read_mask": exchange.mask or None}
    told |= {key: list(texts) for key, texts in lists.items() if texts is not None}
    shapes = {"sent": exchange.sent, "received": exchange.received, "read": exchange.read}
    return told | {key: shape.value for key, shape in shapes.items() if shape is not None}
