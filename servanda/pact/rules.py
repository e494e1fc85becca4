"""Matching rules of a pact: what a value may be instead of the example."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from servanda.errors import ContractError, LimitError, PatternError
from servanda.pact import paths
from servanda.pact.paths import Path
from servanda.patterns import understood

_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "array-contains": "arrayContains",
        "content-type": "contentType",
        "datetime": "timestamp",
        "each-key": "eachKey",
        "each-value": "eachValue",
        "ignore-order": "ignoreOrder",
        "not-empty": "notEmpty",
        "real": "decimal",
        "status-code": "statusCode",
        "max": "type",
        "max-type": "type",
        "min": "type",
        "min-type": "type",
        "min-max-type": "type",
    }
)
"""Names under which some writers know a matcher."""

MATCHERS: Final = frozenset(
    {
        *("arrayContains", "boolean", "contentType", "date", "decimal", "eachKey", "eachValue", "equality", "include"),
        *(
            "ignoreOrder",
            "integer",
            "notEmpty",
            "null",
            "number",
            "regex",
            "semver",
            "statusCode",
            "time",
            "timestamp",
            "type",
            "values",
        ),
    }
)

_DIGITS: Final = 10

_CASCADING: Final = frozenset({"equality", "notEmpty", "type"})

_OF_A_RULE: Final = frozenset({"match", "regex", "min", "max", "timestamp", "time", "date"})
"""Attributes of which each tells that an object is a matcher."""

_NOT_VALUES: Final = frozenset({"match", "rules", "variants"})

_ARRAY_INDEX = re.compile(r"\[(?:\*|\d+)\]$")


@dataclass(frozen=True, slots=True)
class Rule:
    """One matcher with its attributes.

    Attributes:
        match: Name of the matcher as the Pact specification writes it, for example ``regex``.
        values: Its attributes, for example ``regex``, ``min``, ``max``, ``format``, ``value``.
        rules: Matchers within this one: those of each key or each value.
        variants: Of ``arrayContains``: index of the example and the rules that hold below it.
    """

    match: str
    values: Mapping[str, object]
    rules: tuple[Rule, ...] = ()
    variants: tuple[tuple[int, Rules], ...] = ()

    def integer(self, name: str) -> int | None:
        """Return an attribute that is a number of elements, also if it is written as text."""
        value = self.values.get(name)
        if isinstance(value, str) and value.isdecimal() and len(value) < _DIGITS:
            return int(value)
        if isinstance(value, float) and value.is_integer():
            return int(value)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def text(self, name: str) -> str:
        """Return an attribute that is text; empty if it is not there."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class RuleList:
    """The matchers of one path.

    Attributes:
        any_of: Whether one of them is enough; else all have to hold.
    """

    rules: tuple[Rule, ...]
    any_of: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of one part of an interaction: of a body, of the headers, of the metadata."""

    entries: tuple[tuple[Path, RuleList], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.entries)

    def at(self, path: Path) -> RuleList | None:
        """Return the rules that decide on this path: the most specific expression wins, then the longest.

        A rule for an ancestor counts if it is one that passes on to what it contains; of ``type`` its limits do not.
        """
        best: tuple[tuple[int, int], Path, RuleList] | None = None
        for expression, found in self.entries:
            specific = paths.weight(expression, path)
            if specific == 0 or (len(expression) < len(path) and not _cascades(found)):
                continue
            rank = (specific, len(expression))
            if best is None or rank > best[0]:
                best = (rank, expression, found)
        if best is None:
            return None
        _, expression, found = best
        return found if len(expression) == len(path) else _cascade(found)

    def exactly(self, path: Path) -> RuleList | None:
        """Return the rules for this path that do not come from an ancestor; ``None`` if those decide, or none do."""
        found = self.at(path)
        return found if found is not None and any(found is own for _, own in self.entries) else None

    def within(self, name: str) -> Rules:
        """Return the rules for what stands below a name, with their paths from there."""
        return Rules(tuple((path[1:], found) for path, found in self.entries if path[:1] == (name,)))

    def as_at(self, place: Path, other: Path) -> Rules:
        """Return these rules, with those for a place and what it contains holding for another place as well."""
        count = len(place)
        alike = tuple((other + path[count:], found) for path, found in self.entries if path[:count] == place)
        return Rules((*self.entries, *alike)) if alike else self

    def below(self, path: Path) -> bool:
        """Tell whether a rule exists for something within the value at this path."""
        return any(
            len(expression) > len(path) and paths.weight(expression[: len(path)], path)
            for expression, _ in self.entries
        )

    def adding(self, path: Path, rules: RuleList) -> Rules:
        """Return these rules, with those of one more path."""
        return Rules((*self.entries, (path, rules)))


NO_RULES: Final = Rules()


def _cascades(found: RuleList) -> bool:
    return any(rule.match in _CASCADING for rule in found.rules)


def _cascade(found: RuleList) -> RuleList:
    passed = tuple(replace(rule, values={}) for rule in found.rules if rule.match in _CASCADING)
    return RuleList(passed, found.any_of)


def parse(document: Mapping[str, object], *, named: bool) -> Rules:
    """Return the rules of one category of ``matchingRules``.

    Args:
        document: Rule lists by path; or one rule list, which then is about the whole. A list without matchers says
            nothing.
        named: Whether the keys are names, as of headers, and not paths.

    Raises:
        ContractError: A path, a matcher or one of its attributes cannot be understood.
    """
    if "matchers" in document:
        document = {"$": document}
    found = ((_place(key, named=named), _rule_list(value, key)) for key, value in sorted(document.items()))
    return Rules(tuple((path, rules) for path, rules in found if rules.rules))


def _place(key: str, *, named: bool) -> Path:
    if named:
        path = paths.parse(key) if key.startswith("$") else (_ARRAY_INDEX.sub("", key),)
        return (str(path[0]).lower(),) if path else paths.ROOT
    if key and not key.startswith("$"):
        raise ContractError(f"matching rule '{key}': expected a path that starts with '$'")
    return paths.parse(key or "$")


def _rule_list(value: object, where: str) -> RuleList:
    """Read the rules of one place: a list of matchers since version 3, one matcher in version 2."""
    if isinstance(value, Mapping) and "matchers" not in value and (value.keys() & _OF_A_RULE):
        return RuleList((rule(value, where),))
    if not isinstance(value, Mapping) or not isinstance(value.get("matchers"), list):
        raise ContractError(f"matching rule '{where}': expected 'matchers' with a list, found {value!r:.200}")
    combine = str(value.get("combine") or "AND").upper()
    if combine not in ("AND", "OR"):
        raise ContractError(f"matching rule '{where}': 'combine' is {combine!r:.80}, expected AND or OR")
    return RuleList(tuple([rule(entry, where) for entry in value["matchers"]]), any_of=combine == "OR")


def rule(value: object, where: str) -> Rule:
    """Return one matcher, from ``{"match": "regex", "regex": "..."}``.

    Raises:
        ContractError: It is unknown, or an attribute is missing or wrong.
    """
    if not isinstance(value, Mapping):
        raise ContractError(f"matching rule '{where}': expected an object, found {value!r}")
    written = value.get("match", _implied(value))
    name = _NAMES.get(str(written), str(written))
    if name not in MATCHERS:
        raise ContractError(f"matching rule '{where}': the matcher '{written}' is unknown")
    _check_expression(name, value, where)
    return Rule(
        name,
        MappingProxyType({key: entry for key, entry in value.items() if key not in _NOT_VALUES}),
        tuple([rule(entry, where) for entry in _entries(value, "rules")]),
        tuple([_variant(entry, where) for entry in _entries(value, "variants")]),
    )


def _implied(value: Mapping[str, object]) -> str:
    """Version 2 of the specification leaves the name out where an attribute tells it."""
    if "min" in value or "max" in value:
        return "type"
    return next((name for name in ("regex", "timestamp", "time", "date") if name in value), "")


def _entries(value: Mapping[str, object], name: str) -> Iterable[object]:
    entries = value.get(name)
    return entries if isinstance(entries, list) else ()


def _variant(value: object, where: str) -> tuple[int, Rules]:
    index = value.get("index") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(index, int) or index < 0:
        raise ContractError(f"matching rule '{where}': a variant without 'index': {value!r:.200}")
    rules = value.get("rules")
    return index, parse(rules, named=False) if isinstance(rules, Mapping) else NO_RULES


def _check_expression(name: str, value: Mapping[str, object], where: str) -> None:
    if name == "regex":
        if "regex" not in value:
            raise ContractError(f"matching rule '{where}': 'regex' is missing")
        try:
            understood(str(value["regex"]))
        except (PatternError, LimitError) as error:
            raise ContractError(f"matching rule '{where}': {error.what}", hint=error.hint) from error
    if name == "include" and not isinstance(value.get("value"), str):
        raise ContractError(f"matching rule '{where}': 'include' needs a 'value', found {value.get('value')!r}")
