"""Differences between JSON and what a contract expects."""

from __future__ import annotations

from typing import Any


def difference(expected: Any, actual: Any, path: str = "$") -> str:
    """Say where a value is not what is expected; what is not named may be anything."""
    if isinstance(expected, dict):
        return _in_object(expected, actual, path)
    if isinstance(expected, list):
        return _in_list(expected, actual, path)
    # For Python true is 1; for a consumer of JSON it is not. 2 and 2.0 are one number for both.
    if isinstance(expected, bool) != isinstance(actual, bool) or expected != actual:
        return f"{path} is {actual!r}, not {expected!r}"
    return ""


def _in_object(expected: dict[str, Any], actual: Any, path: str) -> str:
    if not isinstance(actual, dict):
        return f"{path} is no object"
    for name, value in expected.items():
        found = difference(value, actual[name], f"{path}.{name}") if name in actual else f"{path}.{name} is gone"
        if found:
            return found
    return ""


def _in_list(expected: list[Any], actual: Any, path: str) -> str:
    if not isinstance(actual, list) or len(expected) != len(actual):
        return f"{path} is not the same list"
    pairs = enumerate(zip(expected, actual, strict=True))
    return next(filter(None, (difference(one, other, f"{path}[{index}]") for index, (one, other) in pairs)), "")
