"""Matchers for single values: the table of the Pact specification."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from servanda.pact.matching import times
from servanda.pact.matching.protobuf_values import EnumName, Omissible
from servanda.pact.paths import ROOT
from servanda.pact.rules import Rule, RuleList
from servanda.patterns import understood

Check = Callable[[Rule, object, object], bool]
"""Whether the rule accepts an actual value (third) in place of the example (second)."""

_SEMVER = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(-(0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*)?"
    r"(\+[\da-zA-Z-]+(\.[\da-zA-Z-]+)*)?"
)

_CLASSES: Final[Mapping[str, range]] = {
    "info": range(100, 200),
    "success": range(200, 300),
    "redirect": range(300, 400),
    "clientError": range(400, 500),
    "serverError": range(500, 600),
    "nonError": range(100, 400),
    "error": range(400, 600),
}


def accepts(found: RuleList, expected: object, actual: object) -> bool:
    """Tell whether these rules accept the actual value in place of the example."""
    verdicts = (_CHECKS[rule.match](rule, expected, actual) for rule in found.rules)
    return any(verdicts) if found.any_of else all(verdicts)


def accepts_text(found: RuleList, expected: str, actual: str) -> bool:
    """Do the same where every value is text, as in headers: numbers are read from it."""
    verdicts = (
        _CHECKS[rule.match](rule, expected, _read(actual) if rule.match in _SCALARS else actual) for rule in found.rules
    )
    return any(verdicts) if found.any_of else all(verdicts)


def accepts_each(found: RuleList, expected: Sequence[str | None], actual: Sequence[str | None]) -> bool:
    """Tell whether these rules accept every one of several texts, as the values of a header or of a parameter.

    ``eachValue`` is about each of them, ``arrayContains`` about some; ``min`` and ``max`` are about their number.
    """
    verdicts = (_accepts_each(rule, expected, actual) for rule in found.rules)
    return any(verdicts) if found.any_of else all(verdicts)


def _accepts_each(rule: Rule, expected: Sequence[str | None], actual: Sequence[str | None]) -> bool:
    examples = [example or "" for example in expected] or [""]
    values = [value or "" for value in actual]
    if rule.match == "arrayContains":
        return all(
            index < len(examples)
            and any(accepts_text(rules.at(ROOT) or _EXACT, examples[index], value) for value in values)
            for index, rules in rule.variants
        )
    least, most = rule.integer("min"), rule.integer("max")
    if not values or (least is not None and len(values) < least) or (most is not None and len(values) > most):
        return False
    inner = RuleList(rule.rules) if rule.match in _OF_EACH else RuleList((rule,))
    return all(
        accepts_text(inner, examples[min(index, len(examples) - 1)], value) for index, value in enumerate(values)
    )


def describe(found: RuleList | None, expected: object) -> str:
    """Return what is expected, for a person."""
    if found is None or not found.rules:
        return render(expected)
    phrases = dict.fromkeys(_describe(rule, expected) for rule in found.rules)
    return (" or " if found.any_of else " and ").join(phrases)


def render(value: object) -> str:
    """Return a value as JSON; bytes as hexadecimal."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: object) -> object:
    return (
        value.value if isinstance(value, Omissible) else f"0x{value.hex()}" if isinstance(value, bytes) else str(value)
    )


_WORDS: Final[Mapping[str, bool | None]] = MappingProxyType({"true": True, "false": False, "null": None})


def kind(value: object) -> str:
    """Return the JSON type of a value; ``bytes`` for what JSON does not have."""
    return next((name for types, name in _KINDS if isinstance(value, types)), "object")


_KINDS: Final[tuple[tuple[tuple[type, ...], str], ...]] = (
    ((type(None),), "null"),
    ((bool,), "boolean"),
    ((int, float), "number"),
    ((str,), "string"),
    ((bytes,), "bytes"),
    ((list, tuple), "array"),
)
"""In this order: a bool is an int to Python."""

_EXACT: Final = RuleList((Rule("equality", {}),))
_OF_EACH: Final = frozenset({"eachValue", "values"})

_INTEGER = re.compile(r"[+-]?\d{1,4000}")
_DECIMAL = re.compile(r"[+-]?\d{1,4000}\.\d{1,4000}([eE][+-]?\d{1,4})?")
_SCALARS: Final = frozenset({"integer", "decimal", "number", "boolean", "null"})


def _read(text: str) -> object:
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return _WORDS.get(text, text)


def _text(value: object) -> str | None:
    """Return the text that a textual matcher looks at; structures have none."""
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, str):
        return value
    return render(value) if isinstance(value, bool | int | float) else None


def _is_regex(rule: Rule, _expected: object, actual: object) -> bool:
    text = _text(actual)
    return text is not None and understood(rule.text("regex")).fullmatch(text) is not None


def _includes(rule: Rule, _expected: object, actual: object) -> bool:
    text = _text(actual)
    return text is not None and rule.text("value") in text


def _is_time(rule: Rule, _expected: object, actual: object) -> bool:
    return isinstance(actual, str) and times.is_written(rule.match, form_of(rule), actual)


def form_of(rule: Rule) -> str:
    """Return the format of a date or time, under any of the names that it has in the versions of the specification."""
    names = ("format", rule.match, "datetime") if rule.match == "timestamp" else ("format", rule.match)
    return next((rule.text(name) for name in names if rule.text(name)), "")


def _is_equal(_rule: Rule, expected: object, actual: object) -> bool:
    if isinstance(expected, float) and isinstance(actual, float) and math.isnan(expected):
        return math.isnan(actual)
    return kind(expected) == kind(actual) and expected == actual


def _is_like(_rule: Rule, expected: object, actual: object) -> bool:
    return kind(expected) == kind(actual)


def _is_integer(_rule: Rule, _expected: object, actual: object) -> bool:
    return isinstance(actual, int) and not isinstance(actual, bool)


def _is_decimal(_rule: Rule, _expected: object, actual: object) -> bool:
    return isinstance(actual, float)


def _is_number(_rule: Rule, _expected: object, actual: object) -> bool:
    return isinstance(actual, int | float) and not isinstance(actual, bool)


def _is_boolean(_rule: Rule, _expected: object, actual: object) -> bool:
    return isinstance(actual, bool)


def _is_null(_rule: Rule, _expected: object, actual: object) -> bool:
    return actual is None


def _is_semver(_rule: Rule, _expected: object, actual: object) -> bool:
    return isinstance(actual, str) and _SEMVER.fullmatch(actual) is not None


def _is_not_empty(_rule: Rule, expected: object, actual: object) -> bool:
    filled = bool(actual) if isinstance(actual, str | bytes | list | dict) else actual is not None
    return filled and (expected is None or kind(expected) == kind(actual))


def _is_status(rule: Rule, expected: object, actual: object) -> bool:
    wanted = rule.values.get("status")
    if isinstance(wanted, list):
        return actual in wanted
    return actual in _CLASSES[wanted] if isinstance(wanted, str) and wanted in _CLASSES else actual == expected


def _is_structural(_rule: Rule, expected: object, actual: object) -> bool:
    """Matchers of whole objects and lists accept what is of their type; the comparison of values looks inside."""
    return kind(expected) == kind(actual)


_CHECKS: Final[Mapping[str, Check]] = {
    "arrayContains": _is_structural,
    "boolean": _is_boolean,
    "contentType": _is_structural,
    "date": _is_time,
    "decimal": _is_decimal,
    "eachKey": _is_structural,
    "eachValue": _is_structural,
    "equality": _is_equal,
    "ignoreOrder": _is_structural,
    "include": _includes,
    "integer": _is_integer,
    "notEmpty": _is_not_empty,
    "null": _is_null,
    "number": _is_number,
    "regex": _is_regex,
    "semver": _is_semver,
    "statusCode": _is_status,
    "time": _is_time,
    "timestamp": _is_time,
    "type": _is_like,
    "values": _is_structural,
}

_PHRASES: Final[Mapping[str, str]] = {
    "boolean": "a boolean",
    "decimal": "a decimal number",
    "integer": "an integer",
    "notEmpty": "a non-empty value",
    "null": "null",
    "number": "a number",
    "semver": "a semantic version",
}


def _describe(rule: Rule, expected: object) -> str:
    match rule.match:
        case "regex":
            return f"a string matching '{rule.text('regex')}'"
        case "include":
            return f"a string containing '{rule.text('value')}'"
        case "date" | "time" | "timestamp":
            form = form_of(rule)
            return f"a {rule.match} in the format '{form}'" if form else f"a {rule.match} in ISO 8601 format"
        case "type":
            known = isinstance(expected, EnumName)
            wanted = "an enum value that the consumer knows" if known else f"a value of type {kind(expected)}"
            return f"{wanted}, such as {render(expected)}"
        case "statusCode":
            return f"a status out of {render(rule.values.get('status'))}"
    return _PHRASES.get(rule.match, render(expected))
