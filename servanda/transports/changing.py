"""Checks of the requests that a request filter made, before they are sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from servanda.errors import VerificationError


def require_keys(changed: Mapping[str, object], known: Collection[str]) -> None:
    """Refuse a request with something that no request of its transport has.

    Raises:
        VerificationError: It has.
    """
    for key in sorted(changed.keys() - known):
        raise VerificationError(f"the request filter returned '{key}', expected none but {', '.join(sorted(known))}")


def text_by_name(changed: Mapping[str, object], key: str) -> dict[str, tuple[str, ...]]:
    """Return headers or metadata: a text or a list of texts for each name.

    Raises:
        VerificationError: It is something else.
    """
    found = values_by_name(changed, key)
    return {name: tuple(value or "" for value in values) for name, values in found.items()}


def values_by_name(changed: Mapping[str, object], key: str) -> dict[str, tuple[str | None, ...]]:
    """Return the parameters of a query: a text or a list of texts for each name; ``None`` is no value.

    Raises:
        VerificationError: It is something else.
    """
    found = changed.get(key)
    if not isinstance(found, Mapping):
        raise made_wrong(key, "values by name")
    lists = {str(name): each if isinstance(each, list) else [each] for name, each in found.items()}
    if not all(value is None or isinstance(value, str) for each in lists.values() for value in each):
        raise made_wrong(key, "a text or a list of texts for each name")
    return {name: tuple(each) for name, each in lists.items()}


def made_wrong(key: str, expected: str) -> VerificationError:
    """Return the error that a part of a request became something else."""
    return VerificationError(f"the request filter made '{key}' something else, expected {expected}")
