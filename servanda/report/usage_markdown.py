"""Elements x consumers as Markdown: how many elements are used, then a table for each interface."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import groupby
from typing import Final

from servanda.escaping.markdown import code, prose
from servanda.impact.census import Status
from servanda.report.usage_table import Cell, Knowledge, Row, Table, nobody, told

_LEGEND: Final = (
    "`may`: nothing shows it for certain. `no`: observed without it. `?`: not known, assumed to be in use. "
    "Empty: no known consumer of that interface."
)


class _Answer(StrEnum):
    """Answers to whether an element is used."""

    USED = "used"
    NOBODY = "nobody"
    UNKNOWN = "not known"


def render(found: Table, today: dt.date) -> str:
    """Write the counts of each interface, then its table."""
    groups = [(name, list(rows)) for name, rows in groupby(found.rows, lambda row: row.element.group)]
    blocks = [
        f"# Elements and consumers, {today.isoformat()}",
        _table(("interface", "elements", *_Answer), _counts(groups)),
        _LEGEND,
    ]
    head = ("element", *(code(one.name, cell=True) for one in found.consumers), "nobody")
    for name, rows in groups:
        blocks += [f"## {code(name)}", _table(head, map(_cells, rows))]
    return "\n\n".join(blocks) + "\n"


def _counts(groups: Iterable[tuple[str, list[Row]]]) -> Iterator[Sequence[str]]:
    total = Counter[_Answer]()
    for name, rows in groups:
        counts = Counter(map(_answer, rows))
        total += counts
        yield _numbers(code(name, cell=True), counts)
    yield _numbers("all", total)


def _numbers(name: str, counts: Counter[_Answer]) -> Sequence[str]:
    return name, str(counts.total()), *(str(counts[answer]) for answer in _Answer)


def _answer(row: Row) -> _Answer:
    if any(cell.ways for cell in row.cells):
        return _Answer.USED
    is_free = row.nobody is not None and row.nobody.status is Status.UNUSED
    return _Answer.NOBODY if is_free else _Answer.UNKNOWN


def _cells(row: Row) -> Sequence[str]:
    name = code(row.element.alias or row.element.label, cell=True)
    return name, *map(_cell, row.cells), prose(nobody(row), cell=True)


def _cell(cell: Cell) -> str:
    if cell.ways:
        return ", ".join(prose(told(way), cell=True) for way in cell.ways)
    return {Knowledge.NOT_USED: "no", Knowledge.UNKNOWN: "?"}.get(cell.knowledge, "")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
