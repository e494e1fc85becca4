"""The picture of who is hit: changed elements on the left, consumers on the right, a line for each impact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from servanda.escaping.documents import html_text
from servanda.report.grouping import ChangedElement
from servanda.verdict import Consumer, Impact

_ROW, _TOP, _CHARACTER, _GAP, _LEGEND = 34, 28, 7.5, 190, 180
_LONGEST = 62
_DRAWN = 40
_STROKES = {
    Impact.BROKEN: "4",
    Impact.POTENTIALLY_AFFECTED: "2.5",
    Impact.UNKNOWN: "1.5",
    Impact.UNAFFECTED: "1",
}
_DASHES = {Impact.UNKNOWN: "5 4", Impact.UNAFFECTED: "1 5"}


@dataclass(frozen=True, slots=True)
class _Columns:
    """Columns of elements and consumers, in pixels, and the width of all."""

    left: int
    right: int
    width: int


def draw(elements: Iterable[ChangedElement]) -> str:
    """Draw the picture as SVG; nothing if no consumer is known. Of many elements the first are drawn."""
    changed = [element for element in elements if element.consumers]
    drawn = changed[:_DRAWN]
    if not drawn:
        return ""
    consumers = sorted({hit.consumer for element in drawn for hit in element.consumers}, key=lambda each: each.name)
    impacts = [impact for impact in Impact if any(impact is hit.impact for each in drawn for hit in each.consumers)]
    columns = _columns(drawn, consumers, impacts)
    height = _TOP + _ROW * max(len(drawn), len(consumers)) + 34
    size = f'viewBox="0 0 {columns.width} {height}" width="{columns.width}"'
    parts = [
        f'<svg class="hits" role="group" aria-label="Consumers affected by each change" {size}>',
        *_lines(drawn, consumers, columns),
        *_elements(drawn, columns),
        *_consumers(consumers, columns),
        *_legend(impacts, height - 12),
        "</svg>",
    ]
    left = len(changed) - len(drawn)
    return "\n".join(parts) + (f"\n<p>{left} more are not shown.</p>" if left else "")


def _columns(elements: list[ChangedElement], consumers: list[Consumer], impacts: list[Impact]) -> _Columns:
    left = 24 + round(_CHARACTER * max(len(_short(element.name)) for element in elements))
    right = left + _GAP
    width = right + 24 + round(_CHARACTER * max(len(_named(consumer)) for consumer in consumers))
    return _Columns(left, right, max(width, 20 + _LEGEND * len(impacts)))


def _y(index: int) -> int:
    return _TOP + _ROW * index


def _lines(elements: list[ChangedElement], consumers: list[Consumer], columns: _Columns) -> list[str]:
    ranks = list(Impact)
    hits = [
        (-ranks.index(hit.impact), number, consumers.index(hit.consumer), hit.impact)
        for number, element in enumerate(elements)
        for hit in element.consumers
    ]
    return [_curve(_y(element), _y(consumer), impact, columns) for _, element, consumer, impact in sorted(hits)]


def _curve(start: int, end: int, impact: Impact, columns: _Columns) -> str:
    dashes = f' stroke-dasharray="{_DASHES[impact]}"' if impact in _DASHES else ""
    middle = (columns.left + columns.right) // 2
    return (
        f'<path d="M{columns.left} {start}C{middle} {start} {middle} {end} {columns.right} {end}" fill="none" '
        f'stroke="var(--{impact})" stroke-width="{_STROKES[impact]}"{dashes}><title>{impact}</title></path>'
    )


def _elements(elements: list[ChangedElement], columns: _Columns) -> list[str]:
    return [
        f'<a href="#{html_text(element.findings[0].fingerprint)}"><text x="{columns.left - 12}" y="{_y(index) + 5}" '
        f'text-anchor="end">{html_text(_short(element.name))}<title>{html_text(element.name)}</title></text></a>'
        f'<circle cx="{columns.left}" cy="{_y(index)}" r="4" fill="currentColor"/>'
        for index, element in enumerate(elements)
    ]


def _short(element: str) -> str:
    return element if len(element) <= _LONGEST else f"…{element[-_LONGEST + 1 :]}"


def _consumers(consumers: list[Consumer], columns: _Columns) -> list[str]:
    return [
        f'<circle cx="{columns.right}" cy="{_y(index)}" r="4" fill="currentColor"/>'
        f'<text x="{columns.right + 12}" y="{_y(index) + 5}">{html_text(_named(consumer))}</text>'
        for index, consumer in enumerate(consumers)
    ]


def _named(consumer: Consumer) -> str:
    return f"{consumer.name} ({consumer.owner})" if consumer.owner else consumer.name


def _legend(impacts: list[Impact], y: int) -> list[str]:
    parts = []
    for index, impact in enumerate(impacts):
        x = 20 + index * _LEGEND
        dashes = f' stroke-dasharray="{_DASHES[impact]}"' if impact in _DASHES else ""
        parts.append(
            f'<path d="M{x} {y}h28" stroke="var(--{impact})" stroke-width="{_STROKES[impact]}"{dashes}/>'
            f'<text x="{x + 36}" y="{y + 5}">{impact.replace("-", " ")}</text>'
        )
    return parts
