"""Bodies in fewer bytes, for callers that read them (RFC 9110, section 12.5.3)."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from typing import Final

from platformkit.transcoding import EdgeRequest, Handler, HttpResponse

ACCEPT_ENCODING: Final = "accept-encoding"
CONTENT_ENCODING: Final = "content-encoding"
SMALLEST: Final = 1024
"""Bytes of a body below which nothing is won."""

_LEVEL: Final = 5
_REFUSED: Final = re.compile(r"q=0(\.0{0,3})?")


async def compress(request: EdgeRequest, handler: Handler) -> HttpResponse:
    """Return the response with gzip, if its caller accepts that and its body is worth it."""
    response = await handler(request)
    if len(response.body) < SMALLEST or CONTENT_ENCODING in response.headers:
        return response
    vary = response.headers.get("vary", "")
    headers = {**response.headers, "vary": f"{vary}, {ACCEPT_ENCODING}" if vary else ACCEPT_ENCODING}
    if not accepts_gzip(request.headers.get(ACCEPT_ENCODING, "")):
        return replace(response, headers=headers)
    # Without a time in it: one body has one form.
    body = gzip.compress(response.body, _LEVEL, mtime=0)
    return HttpResponse(response.status, {**headers, CONTENT_ENCODING: "gzip"}, body)


def accepts_gzip(header: str) -> bool:
    """Tell whether the value of ``accept-encoding`` lets gzip through: what is named counts, else what ``*`` says."""
    weights: dict[str, bool] = {}
    for part in header.split(","):
        coding, _, weight = part.partition(";")
        weights[coding.strip().lower()] = _REFUSED.fullmatch(weight.strip().lower().replace(" ", "")) is None
    return weights.get("gzip", weights.get("*", False))
