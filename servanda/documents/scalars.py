"""Values of YAML's scalars, by the core schema of YAML 1.2.2 (section 10.3.2).

OpenAPI asks for YAML 1.2. In it ``NO`` and ``on`` are texts, ``012`` and ``0o14`` are twelve, ``1_000`` and ``1:30``
are texts; YAML 1.1, which PyYAML resolves by itself, reads each of them otherwise.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from servanda.documents.limits import DocumentLimits

_TAG = "tag:yaml.org,2002:"
# Dates stay texts, as in JSON.
_TEXTS = frozenset({f"{_TAG}str", f"{_TAG}timestamp", f"{_TAG}value", f"{_TAG}merge"})
_BITS_OF_A_DIGIT = math.log2(10)
_NULL = re.compile(r"(?:null|Null|NULL|~)?")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_BASES = MappingProxyType({"0o": 8, "0x": 16})


class Scalars:
    """Converts scalars; those that are written alike are converted once.

    Args:
        limits: How long a number may be.
    """

    def __init__(self, limits: DocumentLimits) -> None:
        self._limits = limits
        self._plain: dict[str, Any] = {}

    def value(self, event: Any) -> Any:
        """Return the value of a scalar.

        Raises:
            ValueError: It is none that JSON has, or is beyond a limit; the message says which.
        """
        text: str = event.value
        if event.tag is not None or not event.implicit[0]:
            return self._tagged(event)
        if text not in self._plain:
            self._plain[text] = self._converted(_kind(text), text)
        return self._plain[text]

    def _tagged(self, event: Any) -> Any:
        tag: str | None = event.tag
        # Without a tag it stands in quotes; "!" says that it is a text.
        if tag is None or tag == "!" or tag in _TEXTS:
            return event.value
        kind = tag.removeprefix(_TAG)
        if kind not in _KINDS or kind == tag:
            raise ValueError(f"a value of type '{tag}', which JSON does not have")
        if not _KINDS[kind].fullmatch(event.value):
            raise ValueError(f"'{event.value}' is not a value of type '{kind}'")
        return self._converted(kind, event.value)

    def _converted(self, kind: str, text: str) -> Any:
        limit = self._limits.digits
        if kind in ("int", "float") and len(text) > limit:
            raise ValueError(f"a number of {len(text):,} characters, the limit is {limit:,} digits")
        value = _READERS[kind](text)
        if kind == "int" and value.bit_length() > limit * _BITS_OF_A_DIGIT:
            raise ValueError(f"an integer of more than {limit:,} digits")
        if kind == "float" and not math.isfinite(value):
            raise ValueError(f"'{text}' is not a JSON number")
        return value


def _kind(text: str) -> str:
    """Return the kind of a scalar that has no tag and no quotes."""
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(text)), "str")


def _whole(text: str) -> int:
    base = _BASES.get(text[:2])
    return int(text[2:], base) if base else int(text)


def _real(text: str) -> float:
    # Python writes infinity and "not a number" without the point.
    return float(text.replace(".", "", 1) if text[-1] in "fFnN" else text)


# In this order, for every integer is written as a float may be.
_KINDS: Mapping[str, re.Pattern[str]] = MappingProxyType({"null": _NULL, "bool": _BOOL, "int": _INT, "float": _FLOAT})
_READERS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "null": lambda _: None,
        "bool": lambda text: text.lower() == "true",
        "int": _whole,
        "float": _real,
        "str": str,
    }
)
