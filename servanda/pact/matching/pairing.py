"""Pairing the elements of two lists whose order is no matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache


def pairs(
    examples: int, values: int, fits: Callable[[int, int], bool], hints: Sequence[Sequence[int]] = ()
) -> Mapping[int, int]:
    """Return the value of each example, by their numbers, so that as many examples as possible have one of their own.

    Whoever takes the first value that fits can leave none for the next example: ``a|b, a`` fits ``a, b``.

    Args:
        examples: How many examples there are.
        values: How many values there are.
        fits: Whether a value (second) is what an example (first) stands for; asked at most once for each two.
        hints: For each example, the values that are likely to fit.
    """
    known, taken = cache(fits), dict[int, int]()
    for example in range(examples):
        _give(example, values, known, hints, taken)
    return {example: value for value, example in taken.items()}


def _give(
    first: int,
    values: int,
    fits: Callable[[int, int], bool],
    hints: Sequence[Sequence[int]],
    taken: dict[int, int],
) -> None:
    """Give an example a value; a chain of others may have to move on to another one of theirs."""
    came_from: dict[int, int] = {}
    waiting = [first]
    while waiting:
        example = waiting.pop()
        for value in _in_order(values, hints[example] if hints else (), taken):
            if value in came_from or not fits(example, value):
                continue
            came_from[value] = example
            if value in taken:
                waiting.append(taken[value])
                continue
            _move(first, value, came_from, taken)
            return


def _in_order(values: int, likely: Iterable[int], taken: Mapping[int, int]) -> Iterable[int]:
    """Yield the values in the order in which they are tried: each of them costs a comparison."""
    yield from (value for value in likely if value not in taken)
    yield from (value for value in range(values) if value not in taken)
    yield from list(taken)


def _move(first: int, free: int, came_from: Mapping[int, int], taken: dict[int, int]) -> None:
    value, example = free, came_from[free]
    while example != first:
        left = next(held for held, by in taken.items() if by == example)
        taken[value] = example
        value, example = left, came_from[left]
    taken[value] = first
