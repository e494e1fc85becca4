"""Parts of a document that have become others: neither the old side nor the new one understands both."""

from __future__ import annotations

from typing import Any, Final

from servanda.documents import Pointer
from servanda.interfaces.openapi.document import METHODS, Document, pointed

_SUCCESS: Final = "2"


class Switches:
    """Parts that took the place of others, in two states of a document.

    Args:
        previous: The document that was.
        current: The document that is.
    """

    def __init__(self, previous: Document, current: Document) -> None:
        self._previous, self._current = previous.root.value, current.root.value

    def has(self, element: str) -> bool:
        """Tell whether a part has become another one: a media type, a status of success, a method, or another type.

        Args:
            element: The part as it was, by JSON pointer.
        """
        pointer = pointed(element)
        if not pointer:
            return False
        before, after = pointed_at(self._previous, pointer), pointed_at(self._current, pointer)
        if before is not None and after is not None:
            return _is_another_type(before, after)
        *around, name = pointer
        siblings = (pointed_at(each, tuple(around)) for each in (self._previous, self._current))
        was, now = (set(each) if isinstance(each, dict) else set[str]() for each in siblings)
        return bool(_alike(tuple(around), str(name), now - was))


def _alike(container: Pointer, name: str, new: set[str]) -> set[str]:
    """Return what may have taken the place of a member."""
    if container[-1:] == ("content",):
        return new
    if container[-1:] == ("responses",) and name.startswith(_SUCCESS):
        return {status for status in new if status.startswith(_SUCCESS)}
    if len(container) == 2 and container[0] == "paths":
        return new & set(METHODS)
    return set()


def _is_another_type(before: Any, after: Any) -> bool:
    """Tell whether two schemas have no type in common."""
    were, are = (_types(each) for each in (before, after))
    return bool(were and are) and not were & are


def _types(schema: Any) -> set[str]:
    found = schema.get("type") if isinstance(schema, dict) else None
    listed = found if isinstance(found, list) else [found]
    types = {each for each in listed if isinstance(each, str)} - {"null"}
    return types | {"number"} if "integer" in types else types


def pointed_at(value: Any, pointer: Pointer) -> Any:
    """Return what stands at a place of a document, references not followed; ``None`` if nothing does."""
    for part in pointer:
        if isinstance(value, list) and str(part).isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return value
