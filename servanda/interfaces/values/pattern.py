"""Patterns of keys: texts with named parts, such as ``{namespace}:user:{user_id}``."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

NAMESPACE: Final = "namespace"
"""Name of the part that is the same in all keys of a deployment."""
_PART: Final = re.compile(r"\{([a-z][a-z0-9_]*)(\.\.\.)?\}")
_BRACES: Final = re.compile(r"[{}]")
# A symbol of its own, which no key has: the namespace is nothing but a text without a colon.
_NAMESPACE_SYMBOL: Final = "\0"


class _Any(enum.Enum):
    """Characters that a named part may hold."""

    NO_COLON = enum.auto()
    ANYTHING = enum.auto()


_Symbol: TypeAlias = str | _Any


@dataclass(frozen=True)
class Pattern:
    """A pattern of keys.

    A part is any text without a colon, one that ends with ``...`` any text; neither is empty.

    Attributes:
        text: How it is written.
    """

    text: str

    @property
    def flaw(self) -> str:
        """Return what is wrong with it; empty if nothing is."""
        if not self.text:
            return "a key cannot be empty"
        if _BRACES.search(_PART.sub("", self.text)):
            return "a part is written as {name}, or as {name...} where it may hold colons"
        if _PART.search(self.text) and re.search(r"\}\{", self.text):
            return "between two parts there has to be a text that tells where the first one ends"
        names = [name for name, _ in _PART.findall(self.text)]
        return "" if len(names) == len(set(names)) else "two parts have the same name"

    @property
    def prefix(self) -> str:
        """Return the text before the first part, the namespace apart."""
        first = next((found for found in _PART.finditer(self.text) if found[1] != NAMESPACE), None)
        return self.text[: first.start()] if first is not None else self.text

    @property
    def shape(self) -> str:
        """Return the pattern without the names of its parts: two of the same shape have the same keys."""
        return _PART.sub(lambda found: found[0] if found[1] == NAMESPACE else f"{{{found[2] or ''}}}", self.text)

    def matches(self, key: str, namespace: str = "") -> bool:
        """Tell whether a key is one of these, in a deployment of this namespace."""
        return self._expression(namespace).fullmatch(key) is not None

    def overlaps(self, other: Pattern) -> bool:
        """Tell whether some key would match both."""
        seen, waiting = set[tuple[int, int]](), [(0, 0)]
        goal = (len(self._symbols), len(other._symbols))
        while waiting:
            state = waiting.pop()
            if state == goal:
                return True
            if state not in seen:
                seen.add(state)
                waiting += [
                    (mine, theirs)
                    for one, mine in self._steps(state[0])
                    for another, theirs in other._steps(state[1])
                    if _meet(one, another)
                ]
        return False

    def _expression(self, namespace: str) -> re.Pattern[str]:
        written, end = "", 0
        for found in _PART.finditer(self.text):
            written += re.escape(self.text[end : found.start()])
            written += re.escape(namespace) if found[1] == NAMESPACE else ".+" if found[2] else "[^:]+"
            end = found.end()
        return re.compile(written + re.escape(self.text[end:]), re.DOTALL)

    @cached_property
    def _symbols(self) -> tuple[_Symbol, ...]:
        return tuple(self._read())

    def _read(self) -> Iterator[_Symbol]:
        end = 0
        for found in _PART.finditer(self.text):
            yield from self.text[end : found.start()]
            rest = _Any.ANYTHING if found[2] else _Any.NO_COLON
            yield _NAMESPACE_SYMBOL if found[1] == NAMESPACE else rest
            end = found.end()
        yield from self.text[end:]

    def _steps(self, state: int) -> Iterator[tuple[_Symbol, int]]:
        """Yield what may come after so many symbols, with how many there are then: a part can go on."""
        if state and isinstance(self._symbols[state - 1], _Any):
            yield self._symbols[state - 1], state
        if state < len(self._symbols):
            yield self._symbols[state], state + 1


def _meet(one: _Symbol, other: _Symbol) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    return _Any.NO_COLON not in (one, other) or ":" not in (one, other)
