"""Places of the parts of a document: an outline of tables and lists beside the value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

Pointer: TypeAlias = tuple[str, ...]
"""A place within a value, as the parts of a JSON pointer (RFC 6901)."""

Extent: TypeAlias = tuple[int, int]
"""Offsets of the first character of a part and of the one after its last."""


@dataclass(slots=True)
class Outline:
    """Place and members of a table or a list.

    Attributes:
        start: Offset of its first character.
        end: Offset after its last character.
        members: By key where the key is, and the part of its value.
        items: Parts of the items of a list.
        rest: Finds the next member or item each time, if not all of them are there from the start.
    """

    start: int
    end: int = 0
    members: dict[str, tuple[Extent, Part]] = field(default_factory=dict)
    items: list[Part] = field(default_factory=list)
    rest: Iterator[None] = field(default_factory=lambda: iter(()))

    def member(self, name: str) -> tuple[Extent, Part] | None:
        """Return where a key is and the part of its value; ``None`` if there is no such key."""
        while name not in self.members:
            if next(self.rest, self) is self:
                return None
        return self.members[name]

    def item(self, index: int) -> Part | None:
        """Return an item of a list; ``None`` if it has fewer."""
        while index >= len(self.items):
            if next(self.rest, self) is self:
                return None
        return self.items[index]

    @property
    def extent(self) -> Extent:
        """Return the offsets of its first character and of the one after its last."""
        return self.start, self.end


Part: TypeAlias = Outline | Extent


def extent_of(part: Part) -> Extent:
    """Return where a part is written."""
    return part.extent if isinstance(part, Outline) else part


def find(root: Part, pointer: Pointer) -> tuple[Extent, Extent, int]:
    """Find a part, or the innermost part around it that is written.

    Returns:
        Where its key is (of an item, the item; of the root, its start); where its value is; how many parts of the
        pointer led to it.
    """
    start, _ = extent_of(root)
    key, part = (start, start), root
    for count, name in enumerate(pointer):
        inside = _inside(part, name)
        if inside is None:
            return key, extent_of(part), count
        key, part = inside
    return key, extent_of(part), len(pointer)


def _inside(part: Part, name: str) -> tuple[Extent, Part] | None:
    if not isinstance(part, Outline):
        return None
    if (found := part.member(name)) is not None:
        return found
    if name.isdecimal() and name.isascii() and len(name) < 10 and (item := part.item(int(name))) is not None:
        return extent_of(item), item
    return None
