"""Which HTTP requests a JSON pointer into an OpenAPI document is about."""

from __future__ import annotations

import re
from typing import Final

_VERBS: Final = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_VARIABLE: Final = re.compile(r"\{[^}]*\}")


def request_pattern(pointer: str) -> re.Pattern[str] | None:
    """What matches requests, written as ``GET /v1/users/7``, to the operation or path that a pointer leads into.

    Args:
        pointer: A JSON pointer (RFC 6901), as ``#/paths/~1v1~1users~1{user_id}/get/parameters/0``.

    Returns:
        ``None`` if the pointer leads to something that operations share.
    """
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.removeprefix("#").split("/")[1:]]
    if len(parts) < 2 or parts[0] != "paths":
        return None
    verb = parts[2].upper() if len(parts) > 2 and parts[2] in _VERBS else "[A-Z]+"
    texts = [re.escape(text) for text in _VARIABLE.split(parts[1])]
    return re.compile(f"{verb} {'[^/]+'.join(texts)}")
