"""Running rules over two states of a workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from treaty.compatibility.rules.rule import NO_CONVENTIONS, Comparison, Conventions, Kind, Objection, Pair, Rule
from treaty.compatibility.schema import Element, State
from treaty.compatibility.schema.element import fields, methods, values

Key = TypeVar("Key")
Side = TypeVar("Side")


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule with one of its objections to a comparison."""

    rule: Rule
    objection: Objection
    comparison: Comparison


def compare(
    previous: State, current: State, rules: Iterable[Rule], conventions: Conventions = NO_CONVENTIONS
) -> list[Breach]:
    """All that the rules object to, in the order of paths, places and rules."""
    comparison = Comparison(previous, current, conventions)
    by_kind: dict[Kind, list[Rule]] = {}
    for rule in rules:
        by_kind.setdefault(rule.kind, []).append(rule)
    breaches = [
        Breach(rule, objection, comparison)
        for kind, members in by_kind.items()
        for subject in _subjects(kind, comparison)
        for rule in members
        for objection in rule.handler(subject)
    ]
    return sorted(breaches, key=_order)


def _order(breach: Breach) -> tuple[object, ...]:
    objection = breach.objection
    span = objection.span
    place = (span.start_line, span.start_column) if span else (0, 0)
    return (objection.path, *place, breach.rule.id, objection.element, objection.message)


def _subjects(kind: Kind, comparison: Comparison) -> Iterator[Comparison | Pair[Any]]:
    if kind is Kind.STATE:
        yield comparison
        return
    if kind in _PAIRS:
        yield from _PAIRS[kind](comparison)


def _files(comparison: Comparison) -> Iterator[Pair[Any]]:
    previous, current = comparison.differing
    yield from _common(comparison, previous.files, current.files)


def _messages(comparison: Comparison) -> Iterator[Pair[Any]]:
    previous, current = comparison.differing
    yield from _changed(comparison, previous.messages, current.messages)


def _enums(comparison: Comparison) -> Iterator[Pair[Any]]:
    previous, current = comparison.differing
    yield from _changed(comparison, previous.enums, current.enums)


def _services(comparison: Comparison) -> Iterator[Pair[Any]]:
    previous, current = comparison.differing
    yield from _changed(comparison, previous.services, current.services)


def _fields(comparison: Comparison) -> Iterator[Pair[Any]]:
    for pair in _messages(comparison):
        yield from _common(comparison, fields(pair.previous), fields(pair.current))
    previous, current = comparison.differing
    yield from _common(comparison, previous.extensions, current.extensions)


def _field_options(comparison: Comparison) -> Iterator[Pair[Any]]:
    return (pair for pair in _fields(comparison) if pair.previous.proto.options != pair.current.proto.options)


def _enum_values(comparison: Comparison) -> Iterator[Pair[Any]]:
    for pair in _enums(comparison):
        yield from _common(comparison, values(pair.previous), values(pair.current))


def _methods(comparison: Comparison) -> Iterator[Pair[Any]]:
    for pair in _services(comparison):
        yield from _common(comparison, methods(pair.previous), methods(pair.current))


_PAIRS: Mapping[Kind, Callable[[Comparison], Iterator[Pair[Any]]]] = {
    Kind.FILE: _files,
    Kind.MESSAGE: _messages,
    Kind.FIELD: _fields,
    Kind.FIELD_OPTIONS: _field_options,
    Kind.ENUM: _enums,
    Kind.ENUM_VALUE: _enum_values,
    Kind.SERVICE: _services,
    Kind.METHOD: _methods,
}


def _changed(
    comparison: Comparison, previous: Mapping[str, Element[Any]], current: Mapping[str, Element[Any]]
) -> Iterator[Pair[Any]]:
    for pair in _common(comparison, previous, current):
        if comparison.difference.concerns(pair.previous, pair.current):
            yield pair


def _common(comparison: Comparison, previous: Mapping[Key, Side], current: Mapping[Key, Side]) -> Iterator[Pair[Side]]:
    for key, side in previous.items():
        if key in current:
            yield Pair(side, current[key], comparison)
