"""Limits on values that can be compared: which of two accepts less."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


class Order(enum.Enum):
    """The way in which two values of a limit compare."""

    LOWER = enum.auto()
    UPPER = enum.auto()
    ALLOWED = enum.auto()
    FORBIDDEN = enum.auto()
    EXACT = enum.auto()
    MULTIPLE = enum.auto()


@dataclass(frozen=True, slots=True)
class Limit:
    """One demand on a value.

    Attributes:
        aspect: What it is about.
        name: Its name; of a part of the field with ``items.``, ``keys.`` or ``values.`` in front.
        order: How two values of it compare.
        value: Comparable by ``order``.
        shown: The value as it is written.
        path: Its place within the option, as a source path.
    """

    aspect: str
    name: str
    order: Order
    value: Any
    shown: str
    path: tuple[int, ...]


Limits = Mapping[str, Limit]


def accepts_less(before: Limit | None, after: Limit | None) -> bool:
    """Tell whether something that was accepted is refused; ``None`` accepts everything."""
    if after is None:
        return False
    if before is None:
        return True
    return _LESS[after.order](before.value, after.value)


_LESS: Mapping[Order, Callable[[Any, Any], bool]] = {
    Order.LOWER: lambda before, after: bool(after > before),
    Order.UPPER: lambda before, after: bool(after < before),
    Order.ALLOWED: lambda before, after: not before <= after,
    Order.FORBIDDEN: lambda before, after: not after <= before,
    Order.EXACT: lambda before, after: bool(before != after),
    Order.MULTIPLE: lambda before, after: bool(before % after),
}
