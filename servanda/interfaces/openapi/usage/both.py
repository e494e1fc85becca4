"""A part of a document in both states, and what an interaction has to do with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from servanda.interfaces.effect import Access
from servanda.interfaces.openapi.document import Node


@dataclass(frozen=True, slots=True)
class Both:
    """A part of a document as it was and as it is; one of them is missing if the part is new or gone."""

    before: Node | None
    after: Node | None

    def __bool__(self) -> bool:
        return self.before is not None or self.after is not None

    def get(self, *keys: str) -> Both:
        """Return what is further inside, references followed on the way."""
        before, after = self.before, self.after
        return Both(before.get(*keys) if before else None, after.get(*keys) if after else None)

    def raw(self, key: str) -> Both:
        """Return the member as it stands, its reference not followed."""
        return Both(self.before.raw(key) if self.before else None, self.after.raw(key) if self.after else None)

    def names(self) -> Iterator[str]:
        """Members of an object, each once; those that were there come first."""
        before, after = (dict(each.object()) if each else {} for each in (self.before, self.after))
        yield from {**before, **after}

    @property
    def places(self) -> tuple[str, ...]:
        """Return both places: a finding names a part by its earlier place, if it had one, else by its present place."""
        return tuple(sorted({each.shown for each in (self.before, self.after) if each is not None}))


@dataclass(frozen=True, slots=True)
class Touch:
    """One part of a document that an interaction has to do with.

    Attributes:
        element: The part, by JSON pointer as findings name it.
        example: The value that is sent there, as JSON, if one is.
        refused: What was accepted there and is not any more: a keyword of the document, with what it says now.
    """

    element: str
    access: Access
    example: str = ""
    refused: str = ""


def touches(part: Both, access: Access, *, inside: str = "", refused: str = "") -> Iterator[Touch]:
    """Yield a part in all places that findings may call it by.

    Args:
        part: The part, or what contains it.
        access: What the consumer does with it.
        inside: The rest of its pointer, if only what contains it is in the document.
        refused: What is not accepted there any more.
    """
    for place in part.places:
        yield Touch(f"{place}/{inside}" if inside else place, access, refused=refused)
