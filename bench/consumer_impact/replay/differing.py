"""Differences between JSON and what a contract expects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def difference(expected: Any, actual: Any, like: Sequence[str] = (), path: str = "$") -> str:
    """Say where a value is not what is expected; what is not named may be anything.

    Args:
        expected: What the contract names.
        actual: What comes.
        like: Places where the type is enough, with all that is below.
        path: Where the value is.
    """
    if isinstance(expected, dict):
        return _in_object(expected, actual, like, path)
    if isinstance(expected, list):
        return _in_list(expected, actual, like, path)
    if is_like(path, like):
        return "" if type_of(expected) == type_of(actual) else f"{path} is {actual!r}, not a {type_of(expected)}"
    # For Python true is 1; for a consumer of JSON it is not. 2 and 2.0 are one number for both.
    if isinstance(expected, bool) != isinstance(actual, bool) or expected != actual:
        return f"{path} is {actual!r}, not {expected!r}"
    return ""


def is_like(path: str, like: Sequence[str]) -> bool:
    """Tell whether the type is enough at a place."""
    return any(path == place or path.startswith((f"{place}.", f"{place}[")) for place in like)


def type_of(value: Any) -> str:
    """Return the type of a value; for JSON all numbers have the same."""
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def _in_object(expected: dict[str, Any], actual: Any, like: Sequence[str], path: str) -> str:
    if not isinstance(actual, dict):
        return f"{path} is no object"
    for name, value in expected.items():
        found = difference(value, actual[name], like, f"{path}.{name}") if name in actual else f"{path}.{name} is gone"
        if found:
            return found
    return ""


def _in_list(expected: list[Any], actual: Any, like: Sequence[str], path: str) -> str:
    is_open = is_like(path, like)
    if not isinstance(actual, list) or (len(expected) != len(actual) and not is_open):
        return f"{path} is not the same list"
    pairs = enumerate(zip(expected, actual, strict=not is_open))
    return next(filter(None, (difference(one, two, like, f"{path}[{index}]") for index, (one, two) in pairs)), "")
