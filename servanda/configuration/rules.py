"""The levels of rules and categories, as a repository chooses them."""

from __future__ import annotations

import enum
import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final

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


def rule_levels(table: Table) -> RuleLevels:
    """Return what the table ``[rules]`` says.

    Raises:
        ServandaError: A level is unknown, or an override is incomplete; of the reader's kind.
    """
    parts = [each.table() for each in table.items(_OVERRIDES)]
    named = [(name, value) for name, value in table.entries() if name != _OVERRIDES]
    overrides = [Override(_levels(named))]
    for part in parts:
        chosen = list(part.table("rules").entries())
        paths, packages = part.texts("paths"), part.texts("packages")
        part.close()
        if not chosen or not (paths or packages):
            raise part.error(
                "expected 'rules', and 'paths' or 'packages'",
                'write paths = ["proto/legacy"] and rules = { HTTP = "warning" }',
            )
        overrides.append(Override(_levels(chosen), paths, packages))
        named += chosen
    return RuleLevels(tuple(overrides), tuple(named))


def _levels(entries: Iterable[tuple[str, Value]]) -> Mapping[str, Level]:
    return MappingProxyType({name: level_of(value) for name, value in entries})


def level_of(value: Value) -> Level:
    """Read a level.

    Raises:
        ServandaError: There is no such level; of the reader's kind.
    """
    text = value.text()
    if text not in list(Level):
        raise value.error(f"unknown level '{text}'", f"known: {', '.join(Level)}")
    return Level(text)
