"""The aspects of a value that a rule of buf.validate can be about."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final


class Aspect(enum.StrEnum):
    """The aspect of a value that a rule is about; changes of each are told under a row of their own."""

    PRESENCE = "PRESENCE"
    LENGTH = "LENGTH"
    RANGE = "RANGE"
    FORMAT = "FORMAT"
    VALUES = "VALUES"
    ENUM = "ENUM"
    ITEMS = "ITEMS"
    CEL = "CEL"


WHOLE_MESSAGE: Final = "MESSAGE"
"""The aspect of what is demanded of a message as a whole."""

PARTS: Final = frozenset({"items", "keys", "values"})
"""Names of rules that hold the rules of what a list or a map is made of."""

_NAMED: Final[Mapping[str, Aspect]] = MappingProxyType(
    {
        **dict.fromkeys(
            ("len", "len_bytes", "min_len", "max_len", "min_bytes", "max_bytes"),
            Aspect.LENGTH,
        ),
        **dict.fromkeys(("min_items", "max_items", "min_pairs", "max_pairs", "unique"), Aspect.ITEMS),
        **dict.fromkeys(("lt", "lte", "gt", "gte", "within", "lt_now", "gt_now", "finite"), Aspect.RANGE),
        **dict.fromkeys(("const", "in", "not_in"), Aspect.VALUES),
        "required": Aspect.PRESENCE,
    }
)


def aspect_of(path: Sequence[str]) -> Aspect:
    """Return what a rule is about, by the names that lead to it: ``repeated``, ``items``, ``string``, ``max_len``.

    A rule that somebody predefined as an extension, with its name in brackets, is a CEL expression.
    """
    name = path[-1]
    if not {"cel", "cel_expression"}.isdisjoint(path) or name.startswith("["):
        return Aspect.CEL
    if "enum" in path:
        return Aspect.ENUM
    return _NAMED.get(name, Aspect.FORMAT)
