"""The picture of the system: who calls whom over which transport, and which of these arrows do not hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

from servanda.escaping import line as escaped
from servanda.escaping.documents import html_text
from servanda.report.system_layout import SLOT, Box, Layout, Line, lay_out
from servanda.verdict import Arrow, Outcome

MOST_PARTIES = 30
MOST_ARROWS = 60
_CHARACTER, _SMALL, _BEND, _ROOM, _LONGEST = 8, 7, 76, 20, 28
_WIDTHS = {Outcome.BROKEN: "3", Outcome.UNKNOWN: "2.5", Outcome.PENDING: "1.5", Outcome.HELD: "1.5"}
_DASHES = {Outcome.UNKNOWN: "7 5", Outcome.PENDING: "2 5"}
_LEGEND = {
    Outcome.HELD: "holds",
    Outcome.BROKEN: "broken",
    Outcome.UNKNOWN: "could not be told",
    Outcome.PENDING: "pending",
}
_LEGEND_STEP, _LEGEND_LINE, _LEGEND_HEIGHT = 150, 40, 34


def draw(arrows: Iterable[Arrow]) -> str:
    """Draw the arrows as SVG, or say why not; nothing if there are none. The same arrows give the same picture."""
    told = tuple(arrows)
    parties = {name for each in told for name in (each.consumer, each.provider)}
    if not told:
        return ""
    if len(parties) > MOST_PARTIES or len(told) > MOST_ARROWS:
        return (
            f"<p>{len(parties)} parties with {len(told)} arrows are too many for a picture; the table has them all.</p>"
        )
    drawn = [each for each in told if each.consumer != each.provider]
    alone = sorted({each.consumer for each in told if each.consumer == each.provider})
    own = [f"<p>Not in the picture: what {html_text(name)} expects of itself.</p>" for name in alone]
    return "\n".join([*([_svg(drawn)] if drawn else []), *own])


def _svg(drawn: list[Arrow]) -> str:
    gap = _ROOM + _SMALL * max(len(_label(each)) for each in drawn) + _BEND
    layout = lay_out(drawn, _width, gap)
    outcomes = [outcome for outcome in _LEGEND if any(each.outcome is outcome for each in drawn)]
    width = max(layout.width, _LEGEND_STEP * len(outcomes) + _ROOM)
    height = layout.height + _LEGEND_HEIGHT
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        '<div class="wide" role="region" tabindex="0" aria-label="Picture of consumers and providers">',
        f'<svg class="system" role="img" aria-label="{html_text(_told(drawn))}" {size}>',
        *(part for each in sorted(layout.lines, key=_weight) for part in _line(each)),
        *(part for box in layout.boxes for part in _box(box)),
        *_legend(outcomes, layout),
        "</svg></div>",
    ]
    return "\n".join(parts)


def _told(drawn: list[Arrow]) -> str:
    """Tell the picture in words, for those who cannot see it."""
    counts = {outcome: sum(each.outcome is outcome for each in drawn) for outcome in _LEGEND}
    told = ", ".join(f"{count} {_LEGEND[outcome]}" for outcome, count in counts.items() if count)
    return f"Arrows from consumers to providers: {told}; the table below lists them"


def _weight(line: Line) -> int:
    return list(_WIDTHS)[::-1].index(line.arrow.outcome)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _width(name: str) -> int:
    # Characters of East Asia take the room of two (Unicode Standard Annex 11).
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in _short(name))
    return 2 * _ROOM + _CHARACTER * (len(escaped(_short(name))) + wide)


def _label(arrow: Arrow) -> str:
    return f"{escaped(_short(arrow.transport))} {arrow.held}/{len(arrow.results)}"


def _box(box: Box) -> Iterator[str]:
    yield f'<rect class="party" x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="6"/>'
    yield (
        f'<text class="name" x="{box.x + box.width // 2}" y="{box.y + box.height // 2 + 5}" text-anchor="middle">'
        f"{html_text(_short(box.name))}<title>{html_text(box.name)}</title></text>"
    )


def _line(line: Line) -> Iterator[str]:
    """Draw a curve in each gap and a straight line across each column between, with the head at the provider."""
    outcome, (start, end) = line.arrow.outcome, (line.points[0], line.points[-1])
    lead = start[0] + _ROOM + _SMALL * len(_label(line.arrow))
    path = [f"M{start[0]} {start[1]}H{lead}"]
    for number, ((left, top), (right, bottom)) in enumerate(pairwise(line.points)):
        if number % 2:
            path.append(f"H{right}")
        else:
            middle = ((lead if number == 0 else left) + right) // 2
            path.append(f"C{middle} {top} {middle} {bottom} {right} {bottom}")
    title = html_text(f"{line.arrow.consumer} -> {line.arrow.provider}: {_label(line.arrow)}, {_LEGEND[outcome]}")
    yield f'<g class="{outcome}"><title>{title}</title>'
    yield f'<path class="line" d="{"".join(path)}" {_stroke(outcome)}/>'
    x, y, step = (start[0], start[1], 9) if line.turned else (end[0], end[1], -9)
    yield f'<path class="head" d="M{x} {y}l{step} -5v10z"/>'
    (_, top), (right, bottom) = line.points[0], line.points[1]
    yield from _sign(outcome, (lead + right) // 2, (top + bottom) // 2)
    room = 12 if line.turned else 6
    yield f'<text x="{start[0] + room}" y="{start[1] - 6}">{html_text(_label(line.arrow))}</text></g>'


def _stroke(outcome: Outcome) -> str:
    dashes = f' stroke-dasharray="{_DASHES[outcome]}"' if outcome in _DASHES else ""
    return f'stroke-width="{_WIDTHS[outcome]}"{dashes}'


def _sign(outcome: Outcome, x: int, y: int) -> Iterator[str]:
    """Mark what does not hold by more than a colour."""
    if outcome is Outcome.BROKEN:
        yield f'<circle class="ground" cx="{x}" cy="{y}" r="10"/>'
        yield f'<path class="line" d="M{x - 5} {y - 5}l10 10m0 -10l-10 10" stroke-width="3"/>'
    elif outcome is Outcome.UNKNOWN:
        yield f'<circle class="ground" cx="{x}" cy="{y}" r="10"/>'
        yield f'<text class="sign" x="{x}" y="{y + 5}" text-anchor="middle">?</text>'


def _legend(outcomes: list[Outcome], layout: Layout) -> Iterator[str]:
    y = layout.height + SLOT // 2
    for index, outcome in enumerate(outcomes):
        x = _ROOM + index * _LEGEND_STEP
        yield f'<g class="{outcome}"><path class="line" d="M{x} {y}h{_LEGEND_LINE}" {_stroke(outcome)}/>'
        yield from _sign(outcome, x + _LEGEND_LINE // 2, y)
        yield f'<text x="{x + _LEGEND_LINE + 8}" y="{y + 5}">{_LEGEND[outcome]}</text></g>'
