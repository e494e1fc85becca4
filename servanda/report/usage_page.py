"""Elements x consumers as one page of HTML that needs nothing else, for the screen and for paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from servanda.escaping.documents import html_text
from servanda.impact.census import Status
from servanda.report.page_style import content_policy
from servanda.report.usage_table import Cell, Knowledge, Row, Table, Way, nobody, told

STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --page: #fff; --text: #1c1f23; --quiet: #5b6168; --band: #f3f4f6; }
:root { --used: #1565c0; --possible: #b45f06; --free: #2e7d32; }
@media (prefers-color-scheme: dark) {
  :root { --page: #16181c; --text: #e4e6ea; --quiet: #9aa1aa; --band: #23262c; }
  :root { --used: #7db4f5; --possible: #e0a458; --free: #6cc07a; }
}
* { box-sizing: border-box; }
body { font: 14px/1.45 system-ui, sans-serif; margin: 1.5rem; background: var(--page); color: var(--text); }
h1 { font-size: 1.3rem; margin: 0 0 .3rem; }
p { margin: .3rem 0 .8rem; color: var(--quiet); max-width: 60rem; }
table { border-collapse: separate; border-spacing: 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .7rem; border-bottom: 1px solid var(--line); }
thead th { position: sticky; top: 0; background: var(--page); border-bottom: 2px solid var(--line); z-index: 1; }
thead small { display: block; font-weight: 400; color: var(--quiet); }
tbody th { font: 13px/1.45 ui-monospace, monospace; font-weight: 400; overflow-wrap: anywhere; min-width: 16rem; }
tbody th[scope=rowgroup] { font: 600 14px/1.45 system-ui, sans-serif; background: var(--band); padding: .4rem .7rem; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
tbody th[scope=row] { position: sticky; left: 0; background: var(--page); }
td { white-space: nowrap; }
td:last-child { white-space: normal; }
td small { color: var(--quiet); }
.used { color: var(--used); } .possible { color: var(--possible); } .quiet { color: var(--quiet); }
.free { color: var(--free); font-weight: 600; } .outdated { text-decoration: line-through; }
@page { size: A4 landscape; margin: 12mm; }
@media print {
  :root { --page: #fff; --text: #000; --quiet: #444; --band: #eee; }
  :root { --used: #003c8f; --possible: #7a4000; --free: #1b5e20; }
  body { margin: 0; font-size: 9pt; }
  thead { display: table-header-group; }
  thead th, tbody th[scope=row] { position: static; }
  tbody th { font-size: 8pt; min-width: 0; }
  tr { break-inside: avoid; }
  tbody th[scope=rowgroup] { break-after: avoid; print-color-adjust: exact; }
}
"""
_LEGEND: Final = (
    "What each consumer does with each element, over which transport, and how many days ago that was shown last. "
    "“may”: nothing shows it for certain. “no”: observed without it. “?”: not known, "
    "assumed to be in use. Empty: no known consumer of that interface."
)


def render(found: Table, today: dt.date) -> str:
    """Write the table, its rows by interface."""
    groups = "\n".join(
        _group(name, list(rows), found, today) for name, rows in groupby(found.rows, lambda row: row.element.group)
    )
    heads = "".join(f'<th scope="col">{html_text(one.name)}{_small(one.owner)}</th>' for one in found.consumers)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{content_policy(STYLE)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Servanda: who uses what</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<header>\n<h1>Who uses what</h1>\n<p>{today.isoformat()}. {_LEGEND}</p>\n</header>\n"
        "<main>\n<table>\n<caption>Elements and consumers</caption>\n"
        f'<thead><tr><th scope="col">element</th>{heads}<th scope="col">nobody</th></tr></thead>\n'
        f"{groups}\n</table>\n</main>\n</body>\n</html>\n"
    )


def _group(name: str, rows: list[Row], found: Table, today: dt.date) -> str:
    wide = len(found.consumers) + 2
    shown = f"events on {name}" if any(row.element.alias == name for row in rows) else name
    head = f'<tr><th scope="rowgroup" colspan="{wide}">{html_text(shown)}</th></tr>'
    return "\n".join(["<tbody>", head, *(_row(row, today) for row in rows), "</tbody>"])


def _row(row: Row, today: dt.date) -> str:
    cells = "".join(_cell(cell, today) for cell in row.cells)
    is_free = row.nobody is not None and row.nobody.status is Status.UNUSED
    last = f'<td class="{"free" if is_free else "quiet"}">{html_text(nobody(row))}</td>'
    name = row.element.alias if " " in row.element.alias else row.element.label.removeprefix(row.element.group)
    shown = name.removeprefix(".")
    return f'<tr><th scope="row" title="{html_text(row.element.label)}">{html_text(shown)}</th>{cells}{last}</tr>'


def _cell(cell: Cell, today: dt.date) -> str:
    if cell.ways:
        return f"<td>{'<br>'.join(_way(way, today) for way in cell.ways)}</td>"
    sign = {Knowledge.NOT_USED: "no", Knowledge.UNKNOWN: "?"}.get(cell.knowledge, "")
    return f'<td class="quiet" title="{html_text(cell.why)}">{sign}</td>' if sign else "<td></td>"


def _way(way: Way, today: dt.date) -> str:
    classes = " ".join(["possible" if way.possible else "used", *(["outdated"] if way.outdated else [])])
    return "".join(_parts(way, classes, today))


def _parts(way: Way, classes: str, today: dt.date) -> Iterator[str]:
    yield f'<span class="{classes}">{html_text(told(way))}</span>'
    if way.date:
        days = (today - dt.date.fromisoformat(way.date)).days
        yield f' <small title="{html_text(way.date)}">{max(days, 0)} d</small>'


def _small(text: str) -> str:
    return f"<small>{html_text(text)}</small>" if text else ""
