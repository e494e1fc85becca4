"""Matching rules by category."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from servanda.documents import Table
from servanda.errors import ContractError
from servanda.pact import paths
from servanda.pact.parts.categories import category
from servanda.pact.parts.tables import table
from servanda.pact.rules import Rules, parse

_NAMED = frozenset({"header", "metadata", "query"})
_KEYS: Final = ("matchingRules", "requestMatchingRules", "responseMatchingRules")
"""The first one is that of the specification; pact-jvm once wrote the others."""

_NONE: Final[Mapping[str, Rules]] = MappingProxyType({})


def of(part: Table) -> Mapping[str, Rules]:
    """Return the rules of a part of an interaction by category, in the form of any version of the specification.

    Raises:
        ContractError: A rule cannot be understood.
    """
    key = next((key for key in _KEYS if key in part.raw), None)
    if key is None:
        return _NONE
    written = table(part, key)
    document: dict[str, dict[str, Any]] = {}
    for name in written.raw:
        if name.startswith("$"):
            owner, place = _of_version_2(name)
            document.setdefault(owner, {})[place] = written.raw[name]
        else:
            document.setdefault(category(name), {}).update(table(written, name).raw)
    return MappingProxyType({name: parse(rules, named=name in _NAMED) for name, rules in document.items()})


def _of_version_2(key: str) -> tuple[str, str]:
    """Return category and place of a rule whose path begins with its category: ``$.body.id``, ``$.headers.X-Id``."""
    path = paths.parse(key)
    if not path or not isinstance(path[0], str):
        raise ContractError(f"matching rule '{key}': expected a path that begins with a category, such as '$.body'")
    owner = category(path[0])
    if owner not in _NAMED:
        return owner, paths.render(path[1:])
    return owner, str(path[1]) if len(path) > 1 else ""
