"""The picture of who is hit: changed elements on the left, consumers on the right, a line for each impact."""

from __future__ import annotations

from servanda.escaping.documents import html_text
from servanda.verdict import Check, Consumer, Finding, Impact

_ROW, _TOP, _LEFT, _RIGHT, _WIDTH = 34, 28, 470, 700, 960
_LONGEST = 62
_STROKES = {
    Impact.BROKEN: "4",
    Impact.POTENTIALLY_AFFECTED: "2.5",
    Impact.UNKNOWN: "1.5",
    Impact.UNAFFECTED: "1",
}
_DASHES = {Impact.UNKNOWN: "5 4", Impact.UNAFFECTED: "1 5"}


def draw(check: Check) -> str:
    """The picture as SVG; nothing if no consumer is known."""
    findings = [finding for finding in check.findings if finding.consumers]
    elements = list(dict.fromkeys(finding.element for finding in findings))
    consumers = sorted({hit.consumer for finding in findings for hit in finding.consumers}, key=lambda each: each.name)
    if not findings:
        return ""
    height = _TOP + _ROW * max(len(elements), len(consumers)) + 34
    parts = [
        f'<svg role="img" aria-label="Who is hit by which change" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}">',
        *_lines(findings, elements, consumers),
        *_elements(findings, elements),
        *_consumers(consumers),
        *_legend(height - 12),
        "</svg>",
    ]
    return "\n".join(parts)


def _y(index: int) -> int:
    return _TOP + _ROW * index


def _lines(findings: list[Finding], elements: list[str], consumers: list[Consumer]) -> list[str]:
    worst: dict[tuple[int, int], Impact] = {}
    ranks = list(Impact)
    for finding in findings:
        for hit in finding.consumers:
            key = elements.index(finding.element), consumers.index(hit.consumer)
            known = worst.setdefault(key, hit.impact)
            worst[key] = min(known, hit.impact, key=ranks.index)
    drawn = sorted(worst.items(), key=lambda entry: (-ranks.index(entry[1]), entry[0]))
    return [_curve(_y(element), _y(consumer), impact) for (element, consumer), impact in drawn]


def _curve(start: int, end: int, impact: Impact) -> str:
    dashes = f' stroke-dasharray="{_DASHES[impact]}"' if impact in _DASHES else ""
    middle = (_LEFT + _RIGHT) // 2
    return (
        f'<path d="M{_LEFT} {start}C{middle} {start} {middle} {end} {_RIGHT} {end}" fill="none" '
        f'stroke="var(--{impact})" stroke-width="{_STROKES[impact]}"{dashes}><title>{impact}</title></path>'
    )


def _elements(findings: list[Finding], elements: list[str]) -> list[str]:
    first = {finding.element: finding for finding in reversed(findings)}
    return [
        f'<a href="#{html_text(first[element].fingerprint)}"><text x="{_LEFT - 12}" y="{_y(index) + 5}" '
        f'text-anchor="end">{html_text(_short(element))}<title>{html_text(element)}</title></text></a>'
        f'<circle cx="{_LEFT}" cy="{_y(index)}" r="4" fill="currentColor"/>'
        for index, element in enumerate(elements)
    ]


def _short(element: str) -> str:
    return element if len(element) <= _LONGEST else f"…{element[-_LONGEST + 1 :]}"


def _consumers(consumers: list[Consumer]) -> list[str]:
    return [
        f'<circle cx="{_RIGHT}" cy="{_y(index)}" r="4" fill="currentColor"/>'
        f'<text x="{_RIGHT + 12}" y="{_y(index) + 5}">{html_text(consumer.name)}'
        f"{html_text(f' ({consumer.owner})') if consumer.owner else ''}</text>"
        for index, consumer in enumerate(consumers)
    ]


def _legend(y: int) -> list[str]:
    parts = []
    for index, impact in enumerate(Impact):
        x = 20 + index * 190
        dashes = f' stroke-dasharray="{_DASHES[impact]}"' if impact in _DASHES else ""
        parts.append(
            f'<path d="M{x} {y}h28" stroke="var(--{impact})" stroke-width="{_STROKES[impact]}"{dashes}/>'
            f'<text x="{x + 36}" y="{y + 5}">{impact.replace("-", " ")}</text>'
        )
    return parts
