"""Headers that are taken away, renamed or given a default on their way in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from platformkit.transcoding import EdgeRequest, Handler, HttpResponse
from services.gateway.configuration import Headers


@dataclass(frozen=True, slots=True)
class HeaderChanges:
    """Changes the headers of requests and of responses.

    Attributes:
        request: Changes on the way in.
        response: Changes on the way out.
    """

    request: Headers
    response: Headers

    async def __call__(self, request: EdgeRequest, handler: Handler) -> HttpResponse:
        """Hand the request on, changed, and return the response, changed."""
        response = await handler(replace(request, headers=changed(request.headers, self.request)))
        return replace(response, headers=changed(response.headers, self.response))


def changed(headers: Mapping[str, str], changes: Headers) -> dict[str, str]:
    """Return headers after their changes: what is taken away goes first, and defaults come last.

    A header that is renamed to one that is there already takes its place: the old name is the one that callers know.
    """
    kept = {name: value for name, value in headers.items() if name not in changes.strip}
    renamed = {changes.rename[name]: value for name, value in kept.items() if name in changes.rename}
    kept = {name: value for name, value in kept.items() if name not in changes.rename}
    return {**changes.default, **kept, **renamed}
