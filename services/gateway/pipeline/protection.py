"""Headers that keep browsers and proxies from misusing an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from platformkit.transcoding import EdgeRequest, Handler, HttpResponse

PROTECTION: Final = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}
"""Nothing that the platform answers may be kept by a shared cache or be taken for something other than it says."""


async def protect(request: EdgeRequest, handler: Handler) -> HttpResponse:
    """Add the headers to the answer, unless it has them already."""
    response = await handler(request)
    return replace(response, headers={**PROTECTION, **response.headers})
