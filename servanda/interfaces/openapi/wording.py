"""Values of examples as a person reads them."""

from __future__ import annotations

import json
from typing import Any, Final

from servanda.interfaces.openapi.difference import Difference, Edit, Side

_LONGEST: Final = 100
_NAMED: Final = 5
_HAPPENS: Final = {Side.REQUEST: "is refused now", Side.RESPONSE: "can come now"}


def example(difference: Difference) -> str:
    """Return the example of a difference as a part of a sentence; empty if there is none."""
    if difference.example is None or difference.side is None:
        return ""
    happens = "comes no more" if difference.edit is Edit.VALUES_GONE else _HAPPENS[difference.side]
    return f"for example {_written(difference.example.value)} {happens}"


def _written(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= _LONGEST:
        return text
    match value:
        case str():
            return f"a string of {len(value)} characters"
        case list():
            return f"an array of {len(value)} items"
        case dict():
            return f"an object with {', '.join(list(value)[:_NAMED])}{' and more' if len(value) > _NAMED else ''}"
    return f"{text[:_LONGEST]}..."
