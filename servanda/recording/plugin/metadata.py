"""Metadata between the pact, where every value is text, and the wire, where names in ``-bin`` hold bytes."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any


def pairs(metadata: Mapping[str, tuple[str, ...]]) -> Iterable[tuple[str, str | bytes]]:
    """Metadata of a pact as it is sent."""
    for name, texts in metadata.items():
        key = name.lower()
        for text in texts:
            yield key, base64.b64decode(text) if key.endswith("-bin") else text


def values(*received: Any) -> Mapping[str, tuple[str, ...]]:
    """Received metadata as a pact has it."""
    found: dict[str, list[str]] = defaultdict(list)
    for source in received:
        for key, value in source or ():
            found[key].append(base64.b64encode(value).decode() if isinstance(value, bytes) else value)
    return {key: tuple(texts) for key, texts in found.items()}
