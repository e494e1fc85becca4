"""What every request passes on its way from the outside to a route, outermost first.

The edge around it gives the request its id, refuses a body that is too long, and turns every error into the one error
document. The order for what joins the list: CORS, authentication, rate limits, then what changes requests.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from platformkit.transcoding import Handler, HttpRequest, HttpResponse, Middleware

PROTECTION: Final = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}
"""Nothing that the platform answers may be kept by a shared cache or be taken for something other than it says."""


async def protect(request: HttpRequest, handler: Handler) -> HttpResponse:
    """Adds the headers that keep browsers and proxies from misusing an answer."""
    response = await handler(request)
    return replace(response, headers={**PROTECTION, **response.headers})


PIPELINE: Final[tuple[Middleware, ...]] = (protect,)
