"""A request and a response of HTTP, as the edge and its middlewares see them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

JSON_CONTENT_TYPE: Final = "application/json"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request whose body has been read.

    Attributes:
        verb: Method, in capitals.
        path: Path as it stands in the request line, still percent-encoded, without the query.
        query: Query string without "?", still percent-encoded.
        headers: By name in small letters; of a repeated header the values are joined with ", ".
        body: The whole body.
    """

    verb: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A whole response.

    Attributes:
        status: HTTP status.
        headers: By name in small letters.
        body: The whole body.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def json_response(document: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return a response that carries a JSON document."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return HttpResponse(status, {"content-type": JSON_CONTENT_TYPE, **(headers or {})}, body)
