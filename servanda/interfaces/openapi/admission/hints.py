"""Values that are told by keywords which have no cases of their own: such a keyword may be why one is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, Final

from servanda.interfaces.openapi.admission.case import Case, Term

_WHOLE: Final = ("not", "if", "then", "else")
# A pattern that is a text between anchors.
_PLAIN: Final = re.compile(r"\^?([\w:/ -]+)\$?")


def wholes(cases: Sequence[Case]) -> Iterator[Term]:
    """Yield the schemas that are about the same value as some cases, and are not looked into to write them out."""
    for case in cases:
        for name in _WHOLE if case.opaque else ():
            found = case.node.raw(name)
            if found is not None:
                yield (found,)


def texts(cases: Sequence[Case]) -> Iterator[str]:
    """Yield texts that patterns speak of."""
    denied = (term[0] for term in wholes(cases))
    patterns = (node.value.get("pattern") for node in denied if isinstance(node.value, dict))
    limits = (pattern for case in cases if (limit := case.limits.get("pattern")) for pattern in sorted(limit.value))
    for pattern in chain(limits, patterns):
        found = _PLAIN.fullmatch(pattern) if isinstance(pattern, str) else None
        if found is not None:
            yield found[1]


def arrays(cases: Sequence[Case], some: Callable[[Term], Sequence[Any]]) -> Iterator[list[Any]]:
    """Yield arrays as their first items are described, and with what they have to contain.

    Args:
        cases: The cases.
        some: Returns some values that a term admits; none if none is known.
    """
    for case in cases:
        first, contained = (case.node.raw(name) for name in ("prefixItems", "contains"))
        items = [some((item,)) for item in first.items()] if first is not None else []
        if items and all(items):
            yield [each[0] for each in items]
            yield from ([each[0] for each in items[:count]] for count in range(1, len(items)))
        for value in some((contained,))[:2] if contained is not None else ():
            yield [value]
            yield [value, value]


def members(cases: Sequence[Case], some: Callable[[Term], Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Yield properties whose names patterns, or schemas of names, speak of."""
    for case in cases:
        patterns, names = (case.node.raw(keyword) for keyword in ("patternProperties", "propertyNames"))
        for pattern in patterns.object() if patterns is not None else ():
            found, wanted = _PLAIN.fullmatch(pattern), patterns.raw(pattern) if patterns is not None else None
            if found is not None and wanted is not None:
                yield from ({found[1]: value} for value in (*some((wanted,))[:2], *_OF_EACH_TYPE))
        if names is not None:
            yield from ({name: 0} for name in (*some((names,)), "A", "a", "a1", "a-b", "a" * 40))


_OF_EACH_TYPE: Final[tuple[Any, ...]] = ("a", 0, None, [], {})
