"""Pages of a listing in the order of a time, and the cursor at which the next one starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Place of the last item of a page: the next page starts after it.

    Attributes:
        time: What the listing is ordered by; aware.
        id: Identifier of the item, which orders those of one time.
    """

    time: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items of a listing.

    Attributes:
        items: In the order of the listing.
        next: Where the next page starts; None after the last one.
    """

    items: Sequence[T]
    next: Cursor | None


def page_of(found: Sequence[T], limit: int, cursor_of: Callable[[T], Cursor]) -> Page[T]:
    """Make a page of up to ``limit`` items from what a store found.

    Args:
        found: Up to ``limit + 1`` items: one more than asked for tells that there is a next page.
        limit: How many items a page has at most.
        cursor_of: Place of an item.
    """
    items = found[:limit]
    return Page(items, cursor_of(items[-1]) if items and len(found) > limit else None)
