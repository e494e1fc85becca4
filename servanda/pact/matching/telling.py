"""As many mismatches, and as much of each, as anybody reads."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from servanda.verdict import Mismatch

_MOST = 1_000
_CHARACTERS = 16_384


def told(mismatches: Iterator[Mismatch]) -> tuple[Mismatch, ...]:
    """Return the first thousand mismatches, shortened: an answer of 60 MB can differ at ten million places."""
    first = tuple(replace(each, **_shortened(each)) for each in itertools.islice(mismatches, _MOST))
    if next(mismatches, None) is None:
        return first
    return (*first, Mismatch("", None, None, f"more than {_MOST:,} differences; the others are not shown"))


def _shortened(mismatch: Mismatch) -> dict[str, str]:
    texts = {name: getattr(mismatch, name) for name in ("path", "expected", "actual", "message")}
    return {
        name: f"{text[:_CHARACTERS]} [... {len(text) - _CHARACTERS} characters more]"
        for name, text in texts.items()
        if text is not None and len(text) > _CHARACTERS
    }
