"""Documents that say what a consumer reads and sends: ``contracts/usage/<consumer>.json`` is what its tests show."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from servanda.documents import Notation, Reader, Table, Value
from servanda.errors import ContractError
from servanda.extensions import TRANSPORTS
from servanda.interfaces.effect import Access
from servanda.interfaces.usage.exchange import EVERYTHING, Exchange, Side
from servanda.interfaces.usage.use import USAGE_LOG, Observation, Use
from servanda.transport import transport_kind
from servanda.verdict import Evidence, Transport

FORMAT = 1
_AGAIN = "record the consumer's tests again"
_READER = Reader(ContractError)
OPERATION = re.compile("[A-Z]+ /")
"""How a request begins that means no rpc; a document about HTTP may describe it."""


@dataclass(frozen=True, slots=True, order=True)
class Noted:
    """An element that a test read or sent, and over which transport.

    Attributes:
        placed: Whether its place in a path tells it, so that no name of it travels.
        possible: Whether the consumer may do so, and nothing shows that it does.
    """

    element: str
    transport: Transport
    test: str
    placed: bool = False
    possible: bool = False


@dataclass(frozen=True, slots=True)
class UsageLog:
    """Content of one usage log.

    Attributes:
        writes: What was sent and called; ``None`` if that was not noted. Then the log proves uses, but does not
            prove that anything is not used.
        calls: What was called, where that is told apart from what was sent.
        exchanges: Calls with the members of their messages.
        noted: Of what everything was noted; ``None`` if ``writes`` tells.
    """

    observation: Observation
    reads: tuple[Noted, ...]
    writes: tuple[Noted, ...] | None = None
    calls: tuple[Noted, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    noted: frozenset[Side] | None = None

    @property
    def complete(self) -> frozenset[Side]:
        """Return of what everything was noted, so that the consumer does nothing else."""
        if self.noted is not None:
            return self.noted
        return frozenset({Side.READS}) if self.writes is None else EVERYTHING

    def of_rpcs(self) -> UsageLog:
        """Return the same without requests that mean no rpc: who noted nothing else did not watch rpcs."""
        writes = tuple(noted for noted in self.writes or () if not OPERATION.match(noted.element))
        return self if writes == (self.writes or ()) else replace(self, writes=writes or None)

    def uses(self) -> Iterator[Use]:
        """Yield every use that the log proves."""
        seen = self.observation
        noted_as = ((Access.READ, self.reads), (Access.WRITE, self.writes or ()), (Access.CALL, self.calls))
        for access, entries in noted_as:
            for noted in entries:
                evidence = Evidence(USAGE_LOG, seen.document, "", noted.test, seen.version, seen.date)
                evidence = replace(evidence, possible=noted.possible)
                named = transport_kind(noted.transport).carries_names and not noted.placed
                yield Use(noted.element, seen.consumer, access, noted.transport, named=named, evidence=evidence)


def dump(log: UsageLog) -> str:
    """Return the document; the same log always gives the same text."""
    seen = log.observation
    document = {
        "format": FORMAT,
        "consumer": seen.consumer,
        "version": seen.version,
        "date": seen.date,
        "reads": _entries(log.reads),
        "writes": None if log.writes is None else _entries(log.writes),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _entries(noted: Iterable[Noted]) -> list[dict[str, str | bool]]:
    return [
        {"element": each.element, "transport": str(each.transport), "test": each.test}
        | ({"placed": True} if each.placed else {})
        for each in sorted(set(noted))
    ]


def load(path: Path, known: Collection[str] | None = None) -> UsageLog:
    """Read the usage log in this file.

    Args:
        path: The document.
        known: Full names of the elements that exist; if given, every element has to be among them.

    Raises:
        ContractError: It cannot be read, or names an element that does not exist; the error names the place.
    """
    top = _READER.read(path, notation=Notation.JSON).root.table()
    if top.integer("format", 0) != FORMAT:
        raise top.error(f"no usage log of format {FORMAT}", _AGAIN)
    observation = Observation(top.text("consumer"), day(top.required("date")), str(path), top.text("version"))
    if "writes" not in top.raw:
        raise top.error("'writes' is missing", _AGAIN)
    reads = _noted(top.required("reads"), known)
    sent = top.get("writes")
    return UsageLog(observation, reads, None if sent is None else _noted(sent, known))


def day(value: Value) -> str:
    """Read a day.

    Raises:
        ContractError: It is none.
    """
    try:
        return str(dt.date.fromisoformat(value.text()))
    except ValueError:
        raise value.error("expected a day as YYYY-MM-DD", _AGAIN) from None


def _noted(entries: Value, known: Collection[str] | None) -> tuple[Noted, ...]:
    return tuple(_one(each.table(), known) for each in entries.items())


def _one(entry: Table, known: Collection[str] | None) -> Noted:
    name = element_of(entry, known)
    return Noted(name, transport_of(entry), entry.text("test"), placed=entry.flag("placed", default=False))


def element_of(entry: Table, known: Collection[str] | None) -> str:
    """Read the element that an entry names.

    Raises:
        ContractError: It is not among the known ones.
    """
    element = entry.required("element")
    name = element.text()
    if known is not None and name not in known and not OPERATION.match(name):
        raise element.error(f"the element '{name}' does not exist", _AGAIN)
    return name


def transport_of(entry: Table) -> Transport:
    """Read the transport that an entry names.

    Raises:
        ContractError: There is no such transport.
    """
    transport = entry.required("transport")
    if not TRANSPORTS.has(transport.text()):
        raise transport.error(f"unknown transport '{transport.text()}'", f"known: {', '.join(TRANSPORTS.names())}")
    return Transport(transport.text())
