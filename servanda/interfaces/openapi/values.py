"""JSON values: their types, and the form in which equal ones are equal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def as_json(value: Any) -> str:
    """Return a value in the one form in which equal values are equal: 1.0 is 1."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, default=str)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def is_alike(one: Any, other: Any) -> bool:
    """Tell whether two values that are equal to Python are so in JSON: there a truth value is no number."""
    waiting = [(one, other)]
    while waiting:
        these, those = waiting.pop()
        if isinstance(these, bool) != isinstance(those, bool):
            return False
        if isinstance(these, Mapping):
            waiting += [(each, those[name]) for name, each in these.items()]
        elif isinstance(these, list):
            waiting += zip(these, those, strict=True)
    return True


def type_of(value: object) -> str:
    """Return the JSON type of a value; numbers without a fraction are ``integer``."""
    if isinstance(value, float) and value.is_integer():
        return "integer"
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "null")


# In this order, for a truth value is a number to Python.
_TYPES: tuple[tuple[Any, str], ...] = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (str, "string"),
    (Mapping, "object"),
    (list, "array"),
)
