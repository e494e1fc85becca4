"""Statuses of responses: the entry that describes a status is its own one, else that of its class, else the default.

Source: OpenAPI 3.1.1 "Responses Object".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

_DEFAULT: Final = "default"
_CLASS: Final = re.compile(r"[1-5]XX", re.IGNORECASE)


def is_success(key: str) -> bool:
    """Tell whether an entry says something else than an error."""
    return key[:1] in {"1", "2", "3"}


def has_body(key: str) -> bool:
    """Tell whether answers with a status may have a body (RFC 9110, sections 6.4.1, 15.3.6)."""
    return key not in {"204", "205", "304"} and key[:1] != "1"


def describing(status: str, keys: Collection[str]) -> str | None:
    """Return the entry that describes a status or a class of statuses; ``None`` if none does.

    The default means errors where successes have entries of their own.
    """
    if status in keys:
        return status  # it may be written in both cases
    wanted = status.upper()
    by_name = {key.upper(): key for key in keys}
    ranges = [wanted, f"{wanted[:1]}XX"]
    if not is_success(status) or not any(map(is_success, keys)):
        ranges.append(_DEFAULT.upper())
    return next((by_name[each] for each in ranges if each in by_name), None)


def pairs(before: Collection[str], after: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the entries that describe the same answers in both states, each pair once."""
    # A default that was there beside a success meant errors, and still does when the success is gone.
    errors = [each for each in after if each != _DEFAULT or _DEFAULT not in before]
    found = dict.fromkeys(
        (old, new) for old in before if (new := describing(old, errors if is_success(old) else after)) is not None
    )
    found |= dict.fromkeys((old, new) for new in after if (old := describing(new, before)) is not None)
    yield from found


def left_out(before: Collection[str], after: Collection[str]) -> Iterator[str]:
    """Yield the classes of errors that the default described and nothing describes any more."""
    if _DEFAULT in before and _DEFAULT not in after:
        for each in ("4", "5"):
            if not any(key[:1] == each for key in (*before, *after)):
                yield f"{each}XX"


def narrowed(before: Collection[str], after: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield classes of successes of which single statuses are left, with those."""
    for key in before:
        if _CLASS.fullmatch(key) and is_success(key) and describing(key, after) is None:
            left = sorted(each for each in after if each[:1] == key[:1])
            if left:
                yield key, ", ".join(left)


def is_broader(one: str, other: str) -> bool:
    """Tell whether an entry describes what the other one describes, and more."""
    return _breadth(one) > _breadth(other)


def _breadth(key: str) -> int:
    return 2 if key == _DEFAULT else 1 if _CLASS.fullmatch(key) else 0
