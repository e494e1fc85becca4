"""Cross-origin requests of browsers (https://fetch.spec.whatwg.org/#http-cors-protocol)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from platformkit.transcoding import EdgeRequest, Handler, HttpResponse
from services.gateway.configuration import Cors, Origin

ORIGIN: Final = "origin"
REQUEST_METHOD: Final = "access-control-request-method"
REQUEST_HEADERS: Final = "access-control-request-headers"
_PREFLIGHT_VARY: Final = f"{ORIGIN}, {REQUEST_METHOD}, {REQUEST_HEADERS}"


@dataclass(frozen=True, slots=True)
class CrossOrigin:
    """Answers preflights, and tells browsers which pages may read an answer.

    An origin is allowed if it is listed, letter by letter; ``null``, which every sandboxed page can send, never is. A
    request of another origin is answered like any other, only without permission to read the answer: it is the
    browser that keeps it from the page.

    Attributes:
        cors: What is allowed to whom.
    """

    cors: Cors

    async def __call__(self, request: EdgeRequest, handler: Handler) -> HttpResponse:
        """Answer a preflight, or add the permission to the answer of what is behind."""
        origin = self._allowed(request.headers.get(ORIGIN))
        if request.verb == "OPTIONS" and ORIGIN in request.headers and REQUEST_METHOD in request.headers:
            return self._preflight(request, origin)
        response = await handler(request)
        headers = {**response.headers, "vary": _joined(response.headers.get("vary", ""), ORIGIN)}
        if origin is not None:
            headers |= _permission(origin)
            if self.cors.expose:
                headers["access-control-expose-headers"] = ", ".join(self.cors.expose)
        return replace(response, headers=headers)

    def _allowed(self, sent: str | None) -> Origin | None:
        return next((origin for origin in self.cors.origins if origin.origin == sent), None)

    def _preflight(self, request: EdgeRequest, origin: Origin | None) -> HttpResponse:
        headers = {"vary": _PREFLIGHT_VARY}
        wanted = {name.strip().lower() for name in request.headers.get(REQUEST_HEADERS, "").split(",")} - {""}
        if (
            origin is not None
            and request.headers[REQUEST_METHOD] in self.cors.methods
            and wanted <= set(self.cors.headers)
        ):
            headers |= _permission(origin) | {
                "access-control-allow-methods": ", ".join(self.cors.methods),
                "access-control-allow-headers": ", ".join(self.cors.headers),
                "access-control-max-age": str(self.cors.max_age_seconds),
            }
        # Without permission in it, the answer is a refusal to the browser.
        return HttpResponse(HTTPStatus.NO_CONTENT, headers)


def _permission(origin: Origin) -> dict[str, str]:
    headers = {"access-control-allow-origin": origin.origin}
    return headers | ({"access-control-allow-credentials": "true"} if origin.credentials else {})


def _joined(vary: str, name: str) -> str:
    return f"{vary}, {name}" if vary else name
