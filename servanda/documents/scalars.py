"""Values of YAML's scalars, by the rules of YAML 1.1 that its library follows."""

from __future__ import annotations

import math
from typing import Any

import yaml

from servanda.documents.limits import DocumentLimits

_TAG = "tag:yaml.org,2002:"
# Dates stay texts, as in JSON.
_TEXTS = frozenset({f"{_TAG}str", f"{_TAG}timestamp", f"{_TAG}value", f"{_TAG}merge"})
_OTHERS = frozenset({"int", "float", "bool", "null"})
_BITS_OF_A_DIGIT = math.log2(10)


class Scalars:
    """Converts scalars; those that are written alike are converted once.

    Args:
        loader: Knows how plain scalars are read.
        limits: How long a number may be.
    """

    def __init__(self, loader: Any, limits: DocumentLimits) -> None:
        self._loader, self._limits = loader, limits
        self._plain: dict[str, Any] = {}

    def value(self, event: Any) -> Any:
        """Return the value of a scalar.

        Raises:
            ValueError: It is none that JSON has, or is beyond a limit; the message says which.
            OverflowError: A number is too large.
        """
        text: str = event.value
        if event.tag is not None or not event.implicit[0]:
            return self._tagged(event)
        if text not in self._plain:
            self._plain[text] = self._tagged(event)
        return self._plain[text]

    def _tagged(self, event: Any) -> Any:
        tag: str | None = event.tag
        if tag is None or tag == "!":
            tag = self._loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        if tag is None or tag in _TEXTS:
            return event.value
        kind = tag.removeprefix(_TAG)
        if kind not in _OTHERS or kind == tag:
            raise ValueError(f"a value of type '{tag}', which JSON does not have")
        return self._converted(kind, event.value)

    def _converted(self, kind: str, text: str) -> Any:
        limit = self._limits.digits
        if kind in ("int", "float") and len(text) > limit:
            raise ValueError(f"a number of {len(text):,} characters, the limit is {limit:,} digits")
        try:
            value = getattr(self._loader, f"construct_yaml_{kind}")(yaml.ScalarNode(f"{_TAG}{kind}", text))
        except OverflowError:
            value = math.inf
        except (ValueError, KeyError, IndexError):
            raise ValueError(f"'{text}' is not a value of type '{kind}'") from None
        if kind == "int" and value.bit_length() > limit * _BITS_OF_A_DIGIT:
            raise ValueError(f"an integer of more than {limit:,} digits")
        if kind == "float" and not math.isfinite(value):
            raise ValueError(f"'{text}' is not a JSON number")
        return value
