"""Places of consumers, providers and the arrows between them: columns from left to right, the same for the same facts.

The steps are those of Sugiyama, Tagawa and Toda (1981): arrows that close a circle are turned, each party gets a column
right of everybody who calls it, long arrows get a place in each column that they cross, and the order within a column
follows the neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from servanda.verdict import Arrow

SLOT = 26
"""Distance of two arrows at the side of a box, in pixels."""
_MARGIN, _SPACE, _LEAST, _SWEEPS = 12, 14, 34, 6
_CROSSING = 4
"""Height of the place that a long arrow has in a column which it crosses."""

Place: TypeAlias = tuple[int, str]
"""A box, with the number -1, or the place of a long arrow, with the number of that arrow; and a name."""


@dataclass(frozen=True, slots=True)
class Box:
    """A party, with its place in pixels."""

    name: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Line:
    """An arrow, with the points that it leads through from left to right: where it leaves or enters a column.

    Attributes:
        turned: Whether the consumer is on the right.
    """

    arrow: Arrow
    points: tuple[tuple[int, int], ...]
    turned: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes and lines, and the size of all, in pixels."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: int
    height: int


@dataclass(slots=True)
class _Drawn:
    arrow: Arrow
    left: str
    right: str
    places: list[Place] = field(default_factory=list)

    @property
    def turned(self) -> bool:
        return self.left != self.arrow.consumer


def lay_out(arrows: Iterable[Arrow], width_of: Callable[[str], int], gap: int) -> Layout:
    """Find a place for everybody.

    Args:
        arrows: What leads from a consumer to a provider; what leads from a party to itself has no place.
        width_of: Width of the box of a name.
        gap: Space between two columns.
    """
    told = sorted(
        (each for each in arrows if each.consumer != each.provider),
        key=lambda each: (each.consumer, each.provider, each.transport),
    )
    drawn = _directed(told)
    columns = _columns(drawn)
    _order(columns, drawn)
    return _placed(columns, drawn, width_of, gap)


def _directed(arrows: Sequence[Arrow]) -> list[_Drawn]:
    """Turn the arrows that close a circle, so that every column can be right of those that call it."""
    callees: dict[str, list[str]] = {}
    for arrow in arrows:
        callees.setdefault(arrow.consumer, []).append(arrow.provider)
    called = {arrow.provider for arrow in arrows}
    number: dict[str, int] = {}
    # Who is called by nobody comes first, so that fewest arrows are turned.
    for start in sorted(callees, key=lambda name: (name in called, name)):
        _visit(start, callees, number)
    return [
        _Drawn(each, each.consumer, each.provider)
        if number[each.consumer] > number[each.provider]
        else _Drawn(each, each.provider, each.consumer)
        for each in arrows
    ]


def _visit(start: str, callees: Mapping[str, list[str]], number: dict[str, int]) -> None:
    """Number parties after everybody that they call, without those that are being visited."""
    seen, path = {*number, start}, [(start, iter(callees.get(start, ())))]
    if start in number:
        return
    while path:
        name, rest = path[-1]
        for callee in rest:
            if callee not in seen:
                seen.add(callee)
                path.append((callee, iter(callees.get(callee, ()))))
                break
        else:
            number[name] = len(number)
            path.pop()


def _columns(drawn: Sequence[_Drawn]) -> list[list[Place]]:
    column = dict.fromkeys(sorted({name for each in drawn for name in (each.left, each.right)}), 0)
    for _ in column:  # at most as often as there are parties: nothing leads back
        for each in drawn:
            column[each.right] = max(column[each.right], column[each.left] + 1)
    columns: list[list[Place]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for name, place in column.items():
        columns[place].append((-1, name))
    for number, each in enumerate(drawn):
        between = range(column[each.left] + 1, column[each.right])
        each.places = [(-1, each.left), *((number, str(place)) for place in between), (-1, each.right)]
        for place in between:
            columns[place].append((number, str(place)))
    return columns


def _order(columns: list[list[Place]], drawn: Sequence[_Drawn]) -> None:
    """Sort each column by the middle of its neighbours, from the left and from the right in turn."""
    before: dict[Place, list[Place]] = {}
    after: dict[Place, list[Place]] = {}
    for each in drawn:
        for left, right in zip(each.places, each.places[1:], strict=False):
            after.setdefault(left, []).append(right)
            before.setdefault(right, []).append(left)
    for sweep in range(_SWEEPS):
        neighbours, order = (before, columns) if sweep % 2 == 0 else (after, columns[::-1])
        rank = {place: index for column in columns for index, place in enumerate(column)}
        for column in order:
            middles = {place: _middle(neighbours.get(place, []), rank, rank[place]) for place in column}
            column.sort(key=lambda place, middles=middles: middles[place])  # type: ignore[misc]
            rank.update({place: index for index, place in enumerate(column)})


def _middle(places: Sequence[Place], rank: Mapping[Place, int], own: int) -> float:
    return sum(rank[place] for place in places) / len(places) if places else own


def _placed(
    columns: Sequence[Sequence[Place]], drawn: Sequence[_Drawn], width_of: Callable[[str], int], gap: int
) -> Layout:
    rank = {place: index for column in columns for index, place in enumerate(column)}
    leaving, entering = _sides(drawn, rank)
    heights = {
        place: _CROSSING
        if place[0] >= 0
        else max(_LEAST, SLOT * max(len(leaving.get(place, ())), len(entering.get(place, ()))))
        for column in columns
        for place in column
    }
    whole = [sum(heights[place] + _SPACE for place in column) - _SPACE for column in columns]
    height = max(whole, default=0) + 2 * _MARGIN
    boxes: dict[Place, Box] = {}
    x = _MARGIN
    for column, total in zip(columns, whole, strict=True):
        width = max((width_of(name) for number, name in column if number < 0), default=0)
        y = (height - total) // 2
        for place in column:
            boxes[place] = Box(place[1], x, y, width, heights[place])
            y += heights[place] + _SPACE
        x += width + gap
    shown = tuple(box for place, box in boxes.items() if place[0] < 0)
    return Layout(shown, _lines(drawn, boxes, leaving, entering), max(x - gap + _MARGIN, 0), height)


_Sides: TypeAlias = dict[Place, list[tuple[int, int]]]


def _sides(drawn: Sequence[_Drawn], rank: Mapping[Place, int]) -> tuple[_Sides, _Sides]:
    """Return, for each place, the arrows at its right and at its left by the place at their other end."""
    leaving: _Sides = {}
    entering: _Sides = {}
    for number, each in enumerate(drawn):
        for left, right in zip(each.places, each.places[1:], strict=False):
            leaving.setdefault(left, []).append((rank[right], number))
            entering.setdefault(right, []).append((rank[left], number))
    for sides in (leaving, entering):
        for slots in sides.values():
            slots.sort()
    return leaving, entering


def _lines(drawn: Sequence[_Drawn], boxes: Mapping[Place, Box], leaving: _Sides, entering: _Sides) -> tuple[Line, ...]:
    lines = []
    for number, each in enumerate(drawn):
        points = []
        for left, right in zip(each.places, each.places[1:], strict=False):
            points.append((boxes[left].x + boxes[left].width, _slot(boxes[left], leaving[left], number)))
            points.append((boxes[right].x, _slot(boxes[right], entering[right], number)))
        lines.append(Line(each.arrow, tuple(points), each.turned))
    return tuple(lines)


def _slot(box: Box, slots: Sequence[tuple[int, int]], number: int) -> int:
    index = [each for _, each in slots].index(number)
    return box.y + box.height // 2 + round((index - (len(slots) - 1) / 2) * SLOT)
