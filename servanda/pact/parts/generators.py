"""Generators by category and path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from servanda.documents import Table
from servanda.pact.document import Generator
from servanda.pact.parts.categories import category
from servanda.pact.parts.tables import table

_NONE: Final[Mapping[str, Mapping[str, Generator]]] = MappingProxyType({})


def of(part: Table) -> Mapping[str, Mapping[str, Generator]]:
    """Return the generators of a part of an interaction; the one of a whole category stands under the empty path."""
    of_rules = _of_variants(part.raw.get("matchingRules"))
    if "generators" not in part.raw and not of_rules:
        return _NONE
    document = table(part, "generators")
    found = {category(name): _category(table(document, name)) for name in document.raw}
    if of_rules or "body" in found:
        of_body = {_rooted(path): generator for path, generator in found.get("body", {}).items()}
        found["body"] = MappingProxyType({**of_rules, **of_body})
    return MappingProxyType(found)


def _of_variants(rules: object) -> Mapping[str, Generator]:
    """Return the generators that stand within ``arrayContains``: each variant is an example with an index."""
    found = {}
    body = rules.get("body") if isinstance(rules, dict) else None
    for path, matcher in _matchers(body):
        for variant in matcher.get("variants") or ():
            inner = variant.get("generators") if isinstance(variant, Mapping) else None
            for place, generator in inner.items() if isinstance(inner, Mapping) else ():
                if isinstance(generator, Mapping) and isinstance(generator.get("type"), str):
                    whole = f"{path}[{variant.get('index')}]{place.removeprefix('$')}"
                    values = {key: value for key, value in generator.items() if key != "type"}
                    found[whole] = Generator(generator["type"], MappingProxyType(values))
    return found


def _matchers(body: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, written in body.items() if isinstance(body, dict) else ():
        matchers = written.get("matchers") if isinstance(written, dict) else None
        for matcher in matchers if isinstance(matchers, list) else ():
            if isinstance(matcher, dict) and isinstance(matcher.get("variants"), list):
                yield path, matcher


def _category(written: Table) -> Mapping[str, Generator]:
    if isinstance(written.raw.get("type"), str):
        return MappingProxyType({"": _generator(written)})
    return MappingProxyType({path: _generator(written.table(path)) for path in written.raw})


def _rooted(path: str) -> str:
    """Return the path of something in a body; pact-jvm once wrote it without the root."""
    return path if path.startswith("$") or not path else f"${path}" if path.startswith("[") else f"$.{path}"


def _generator(entry: Table) -> Generator:
    values = {key: value for key, value in entry.raw.items() if key != "type"}
    return Generator(entry.name("type"), MappingProxyType(values))
