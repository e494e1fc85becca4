"""Pairs of routes that some request fits both of, found without comparing every route with every other.

Both sides become trees of segments, which are walked together: what does not fit is left behind at the first segment
that differs, for all routes that begin alike at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Generic, TypeVar

from servanda.interfaces.protobuf.rules.routes import ANY_VERB, ONE, REST, Route

Item = TypeVar("Item")
Owner = TypeVar("Owner")


@dataclass(slots=True)
class _Node(Generic[Item]):
    """A place in a tree: what ends there, what takes all that may follow, and where to go by the next segment."""

    ending: list[Item] = field(default_factory=list)
    rest: list[Item] = field(default_factory=list)
    following: dict[str, _Node[Item]] = field(default_factory=dict)


def overlapping(
    ones: Iterable[tuple[Owner, Route]], others: Iterable[tuple[Owner, Route]]
) -> Iterator[tuple[tuple[Owner, Route], tuple[Owner, Route]]]:
    """Yield the pairs of a route from either side that some request fits both of, each with its owner."""
    left, right = _trees(ones), _trees(others)
    for suffix in left.keys() & right.keys():
        for (verb, tree), (other_verb, other) in product(left[suffix].items(), right[suffix].items()):
            if verb == other_verb or ANY_VERB in (verb, other_verb):
                # A tree ends at "**"; what a path has behind it remains to be compared.
                yield from (pair for pair in _met(tree, other) if _fit(pair[0][1].pattern[0], pair[1][1].pattern[0]))


def _is_pair(pair: tuple[tuple[Owner, Route], tuple[Owner, Route]]) -> bool:
    """Tell whether some path fits both; the trees say nothing of what a pattern has behind ``**``."""
    one, other = (route.pattern[0] for _, route in pair)
    return (REST not in one[:-1] and REST not in other[:-1]) or _fit(one, other)


def _fit(one: Sequence[str], other: Sequence[str]) -> bool:
    if not one or not other:
        return not one and not other
    if REST in (one[0], other[0]):
        rest, fixed = (one, other) if one[0] == REST else (other, one)
        return _fit(rest[1:], fixed[1:]) or _fit(rest, fixed[1:]) or (fixed[0] == REST and _fit(rest[1:], fixed))
    return (one[0] == other[0] or ONE in (one[0], other[0])) and _fit(one[1:], other[1:])


def _trees(routes: Iterable[tuple[Owner, Route]]) -> dict[str, dict[str, _Node[tuple[Owner, Route]]]]:
    """Return a tree for each verb, by what follows a colon in the path."""
    trees: dict[str, dict[str, _Node[tuple[Owner, Route]]]] = {}
    for owner, route in routes:
        segments, suffix = route.pattern
        _plant(trees.setdefault(suffix, {}).setdefault(route.verb, _Node()), segments, (owner, route))
    return trees


def _plant(tree: _Node[Item], segments: Iterable[str], item: Item) -> None:
    node = tree
    for segment in segments:
        if segment == REST:
            node.rest.append(item)
            return
        node = node.following.setdefault(segment, _Node())
    node.ending.append(item)


def _met(one: _Node[Item], other: _Node[Item]) -> Iterator[tuple[Item, Item]]:
    waiting = [(one, other)]
    while waiting:
        left, right = waiting.pop()
        yield from product(left.ending, right.ending)
        yield from product(left.rest, right.rest)
        if left.rest:
            yield from product(left.rest, _beneath(right))
        if right.rest:
            yield from product(_beneath(left), right.rest)
        for segment, node in left.following.items():
            waiting += ((node, facing) for facing in _facing(segment, right.following))


def _facing(segment: str, following: dict[str, _Node[Item]]) -> Iterable[_Node[Item]]:
    """Return where the other side may go on at this segment."""
    if segment == ONE:
        return following.values()
    return (following[each] for each in (segment, ONE) if each in following)


def _beneath(node: _Node[Item]) -> Iterator[Item]:
    waiting = list(node.following.values())
    while waiting:
        each = waiting.pop()
        yield from each.ending
        yield from each.rest
        waiting += each.following.values()
