"""Elements x consumers: what is known of each pair, as a table and as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import enum
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from servanda.escaping import line as escaped
from servanda.impact.census import Idle, Status, idle
from servanda.interfaces.effect import Access
from servanda.interfaces.usage.inventory import Inventory, Listed
from servanda.interfaces.usage.use import Use
from servanda.report.finding_wording import OPEN, OUTDATED
from servanda.verdict import Consumer, ElementUse, InterfaceUse

# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Part:
    """One interface, with everybody who may use it."""

    inventory: Inventory
    consumers: tuple[Consumer, ...]


class Knowledge(enum.StrEnum):
    """Knowledge of one consumer's use of one element."""

    USED = "used"
    POSSIBLE = "possible"
    NOT_USED = "not-used"
    UNKNOWN = "unknown"
    ELSEWHERE = "elsewhere"
    """It is not known as a consumer of this interface at all."""


@dataclass(frozen=True, slots=True)
class Way:
    """An act of a consumer over one transport.

    Attributes:
        date: Day of the newest proof; empty if no proof has one.
        possible: Whether nothing shows it for certain.
        outdated: Whether every proof is older than the repository lets it count.
    """

    access: str
    transport: str
    date: str
    possible: bool
    outdated: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One consumer and one element.

    Attributes:
        ways: What it does; empty if nothing is known.
        why: Why it is not known to use the element; empty if it is.
    """

    knowledge: Knowledge
    ways: tuple[Way, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One element.

    Attributes:
        nobody: Present if no proof of use names it.
    """

    element: Listed
    cells: tuple[Cell, ...]
    nobody: Idle | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in the order of their groups, one cell for each consumer."""

    consumers: tuple[Consumer, ...]
    rows: tuple[Row, ...]


def table(parts: Sequence[Part], within: str = "") -> Table:
    """Return the table of all interfaces.

    Args:
        parts: The interfaces.
        within: The element whose parts are shown; everything if empty.
    """
    consumers = tuple(sorted({one for part in parts for one in part.consumers}, key=lambda one: one.name))
    rows = [row for part in parts for row in _rows(part, consumers, within)]
    order = {group: index for index, group in enumerate(dict.fromkeys(row.element.group for row in rows))}
    return Table(consumers, tuple(sorted(rows, key=lambda row: order[row.element.group])))


def _rows(part: Part, consumers: tuple[Consumer, ...], within: str) -> Iterator[Row]:
    silent = {each.element.name: each for each in idle(part.inventory, part.consumers)}
    for element in part.inventory.elements:
        if not within or element.is_within(within):
            cells = tuple(_cell(element.name, one, part) for one in consumers)
            yield Row(element, cells, silent.get(element.name))


def _cell(element: str, consumer: Consumer, part: Part) -> Cell:
    if consumer not in part.consumers:
        return Cell(Knowledge.ELSEWHERE)
    usage = part.inventory.usage
    ways = tuple(_ways(usage.of([element], consumer.name)))
    if ways:
        is_possible = all(way.possible for way in ways)
        return Cell(Knowledge.POSSIBLE if is_possible else Knowledge.USED, ways)
    return _unused(element, consumer, part.inventory)


def _unused(element: str, consumer: Consumer, inventory: Inventory) -> Cell:
    usage = inventory.usage
    observed = usage.observations.get(consumer.name)
    if observed is None:
        return Cell(Knowledge.UNKNOWN, why="no proof of use, no observation")
    seen = f"observed on {observed.date} ({observed.document})"
    if observed.outdated:
        return Cell(Knowledge.UNKNOWN, why=f"{seen}, {OUTDATED}")
    if usage.may_use(consumer.name, element, ()):
        return Cell(Knowledge.UNKNOWN, why=f"{seen}, {OPEN}")
    around = element.rpartition(".")[0]
    if element in inventory.silent and usage.of([around], consumer.name):
        return Cell(Knowledge.UNKNOWN, why=f"uses {around}, and the provider decides which of its values come")
    return Cell(Knowledge.NOT_USED, why=f"not used, {seen}")


def _ways(uses: Iterable[Use]) -> Iterator[Way]:
    grouped: dict[tuple[str, str], list[Use]] = {}
    for use in uses:
        grouped.setdefault((str(use.access), str(use.transport)), []).append(use)
    for (access, transport), found in sorted(grouped.items()):
        # A log of tests holds calls among what is sent.
        if access == Access.WRITE and (str(Access.CALL), transport) in grouped:
            continue
        proofs = [use.evidence for use in found]
        date = max(proof.date for proof in proofs)
        possible, outdated = (all(getattr(proof, name) for proof in proofs) for name in ("possible", "outdated"))
        yield Way(access, transport, date, possible, outdated)


def interface_uses(found: Table) -> tuple[InterfaceUse, ...]:
    """Return the table as facts: one for each interface, with the consumers that may use it."""
    return tuple(
        _interface(name, list(rows), found) for name, rows in groupby(found.rows, lambda row: row.element.group)
    )


def _interface(name: str, rows: list[Row], found: Table) -> InterfaceUse:
    named = [one.name for one in found.consumers]
    elsewhere = {
        one for row in rows for one, cell in zip(named, row.cells, strict=True) if cell.knowledge is Knowledge.ELSEWHERE
    }
    elements = (_element(row, named) for row in rows)
    return InterfaceUse(name, tuple(one for one in named if one not in elsewhere), tuple(elements))


def _element(row: Row, named: list[str]) -> ElementUse:
    cells = dict(zip(named, row.cells, strict=True))
    uses = {name: tuple(map(told, cell.ways)) for name, cell in cells.items() if cell.ways}
    unknown = tuple(name for name, cell in cells.items() if cell.knowledge is Knowledge.UNKNOWN)
    return ElementUse(row.element.label, uses, unknown, row.nobody is not None and row.nobody.status is Status.UNUSED)


def told(way: Way) -> str:
    """Tell an act in a few words, without its day."""
    return f"{'may ' if way.possible else ''}{way.access} {way.transport}"


def nobody(row: Row) -> str:
    """Tell whether nobody uses an element; nothing if somebody does."""
    if row.nobody is None:
        return ""
    if row.nobody.status is Status.UNUSED:
        return "nobody"
    return f"not known: {', '.join(row.nobody.missing) or 'no known consumers'}"


def csv_text(found: Table, today: dt.date) -> str:
    """Return the table as CSV (RFC 4180): a line for each element, a column for each consumer, and who is missing."""
    del today  # a program reckons from the days themselves
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["interface", "element", *(_safe(one.name) for one in found.consumers), "nobody"])
    for row in found.rows:
        cells = (_safe(_csv_cell(cell)) for cell in row.cells)
        writer.writerow([_safe(row.element.group), _safe(row.element.label), *cells, _safe(nobody(row))])
    return out.getvalue()


def _csv_cell(cell: Cell) -> str:
    if not cell.ways:
        return "" if cell.knowledge is Knowledge.ELSEWHERE else str(cell.knowledge)
    return "; ".join(" ".join(filter(None, (told(way), way.date))) for way in cell.ways)


def _safe(text: str) -> str:
    shown = escaped(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
