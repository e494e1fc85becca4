"""Matching rules by category."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from servanda.documents import Table
from servanda.pact.rules import Rules, parse

_NAMED = frozenset({"header", "metadata", "query"})


def of(part: Table) -> Mapping[str, Rules]:
    """Return the rules of a part of an interaction by category.

    Raises:
        ContractError: A rule cannot be understood.
    """
    document = part.table("matchingRules")
    return MappingProxyType(
        {category: parse(document.table(category).raw, named=category in _NAMED) for category in document.raw}
    )
