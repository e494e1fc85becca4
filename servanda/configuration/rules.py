"""The levels of rules and categories, as a repository chooses them."""

from __future__ import annotations

import enum
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, Final

from servanda.configuration.forms import TEXTS, tables
from servanda.configuration.shape import Form, Key, Reading, Shape, described
from servanda.documents import Table, Value

_OVERRIDES: Final = "overrides"


class Level(enum.StrEnum):
    """Weight of a rule: a severity, or none at all."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Override:
    """Levels for a part of the interfaces.

    Attributes:
        rules: Level by rule or category.
        paths: Files and folders from the folder of the configuration, ``*`` stands for anything; every one if empty.
        packages: Protobuf packages, with those beneath them; every one if empty.
    """

    rules: Mapping[str, Level]
    paths: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()

    def covers(self, path: str, element: str, package: str = "") -> bool:
        """Tell whether it is about an element in a file of a package."""
        if self.paths and not self._has_path(path):
            return False
        return not self.packages or self._has_package(element) or self._has_package(package)

    def _has_path(self, path: str) -> bool:
        places = (path, *map(str, PurePosixPath(path).parents))
        return any(fnmatchcase(place, posixpath.normpath(pattern)) for pattern in self.paths for place in places)

    def _has_package(self, element: str) -> bool:
        return any(element == package or element.startswith(f"{package}.") for package in self.packages)


@dataclass(frozen=True, slots=True)
class RuleLevels:
    """All that a repository chose.

    Attributes:
        overrides: In the order of rising precedence; the first one is that for everything.
        named: Every rule and category that is named, with its place: whether it exists, only those can say who know all
            kinds of interfaces.
    """

    overrides: tuple[Override, ...] = ()
    named: tuple[tuple[str, Value], ...] = ()

    def level(self, rule: str, category: str, path: str, element: str, package: str = "") -> Level | None:
        """Return the level that was chosen for a finding; ``None`` if nobody chose one.

        The last override that covers it counts, and in each the rule more than its category.

        Args:
            rule: Identifier of its rule.
            category: Category under which it was examined.
            path: Its file, from the folder of the configuration.
            element: Full name of the element; of a file as a whole its path.
            package: Package of its file; empty if it has none or nobody knows it.
        """
        for each in reversed(self.overrides):
            name = next((name for name in (rule, category) if name in each.rules), None)
            if name is not None and each.covers(path, element, package):
                return each.rules[name]
        return None


NO_LEVELS: Final = RuleLevels()
"""What a repository chose that says nothing."""


def _level(value: Value) -> Level:
    text = value.text()
    if text not in list(Level):
        raise value.error(f"unknown level '{text}'", f"known: {', '.join(Level)}")
    return Level(text)


LEVEL: Final = Form({"enum": list(Level)}, lambda value, _: _level(value))
_LEVELS: Final = Form(
    {"type": "object", "additionalProperties": LEVEL.schema, "minProperties": 1},
    lambda value, _: tuple(value.table().entries()),
    lambda *_: (),
)


@dataclass(frozen=True, slots=True)
class _Part:
    """An override, with the places of its levels."""

    override: Override
    named: tuple[tuple[str, Value], ...]


def _part(paths: tuple[str, ...], packages: tuple[str, ...], rules: tuple[tuple[str, Value], ...]) -> _Part:
    return _Part(Override(_levels(rules), paths, packages), rules)


def _covers_something(values: Mapping[str, Any], table: Table) -> None:
    if not values["rules"] or not (values["paths"] or values["packages"]):
        raise table.error(
            "expected 'rules', and 'paths' or 'packages'",
            'write paths = ["proto/legacy"] and rules = { HTTP = "warning" }',
        )


OVERRIDE: Final = Shape(
    _part,
    (
        Key(
            "paths",
            TEXTS,
            "files and folders, relative to the folder of the configuration; `*` matches any characters",
            default=(),
        ),
        Key(
            "packages",
            TEXTS,
            "protobuf packages, with their subpackages; if there are `paths` too, both must match. A finding about a "
            "whole file has the package that the file has in the base",
            default=(),
        ),
        Key("rules", _LEVELS, "level by rule or category"),
    ),
    check=_covers_something,
)
"""Levels for a part of the interfaces."""
_PARTS: Final = Key(
    _OVERRIDES,
    tables(OVERRIDE),
    "levels for parts of the interfaces; the last one that covers a finding applies, before the default level",
)


def _read(table: Table, reading: Reading) -> RuleLevels:
    named, levels = list(_own(table)), dict[str, Level]()
    for name, value in named:
        with reading.noting():
            levels[name] = _level(value)
    before = len(reading.mistakes)
    parts: tuple[_Part, ...] = _PARTS.value(table, reading)
    if len(reading.mistakes) > before:
        return NO_LEVELS
    overrides = (Override(MappingProxyType(levels)), *(part.override for part in parts))
    return RuleLevels(overrides, (*named, *(each for part in parts for each in part.named)))


def _own(table: Table) -> Iterator[tuple[str, Value]]:
    yield from ((name, value) for name, value in table.entries() if name != _OVERRIDES)


def _levels(entries: Iterable[tuple[str, Value]]) -> Mapping[str, Level]:
    return MappingProxyType({name: _level(value) for name, value in entries})


RULES: Final = Form(
    {"type": "object", "properties": {_OVERRIDES: described(_PARTS)}, "additionalProperties": LEVEL.schema},
    lambda value, reading: _read(value.table(), reading),
    lambda table, key, reading: _read(table.table(key.name), reading),
    Shape(dict, (_PARTS,)),
)
"""Level by rule or category, and ``overrides`` for parts of the interfaces."""
