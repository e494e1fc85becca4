"""A browser between a page and a server: what it asks before it sends, and what it lets the page read.

As far as the clients here need it, see https://fetch.spec.whatwg.org/#http-cors-protocol.
"""

from __future__ import annotations

import httpx2

SAFE_METHODS = frozenset({"GET", "HEAD", "POST"})
SAFE_HEADERS = frozenset({"accept", "accept-language", "content-language", "range"})
SIMPLE_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})
# The browser writes these itself.
OWN_HEADERS = frozenset({"accept-encoding", "connection", "content-length", "host", "origin", "user-agent"})
READABLE = frozenset({"cache-control", "content-encoding", "content-language", "content-length", "content-type"})


class BlockedError(Exception):
    """The browser kept a request from being sent, or an answer from being read."""


class Browser(httpx2.BaseTransport):
    """The way of the requests of a page.

    Args:
        origin: Where the page is from.
    """

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._network = httpx2.HTTPTransport()

    def close(self) -> None:
        """Close the connections."""
        self._network.close()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request if the server permits it, and give what of the answer the page may read."""
        asked = sorted(_names_to_ask_for(request))
        if asked or request.method not in SAFE_METHODS:
            self._ask_before(request, asked)
        request.headers["origin"] = self._origin
        response = self._network.handle_request(request)
        if response.headers.get("access-control-allow-origin") not in {self._origin, "*"}:
            response.close()
            raise BlockedError(f"{self._origin} may not read the answer of {request.url}")
        readable = READABLE | _listed(response, "access-control-expose-headers")
        response.headers = httpx2.Headers([pair for pair in response.headers.items() if pair[0] in readable])
        return response

    def _ask_before(self, request: httpx2.Request, names: list[str]) -> None:
        headers = {"origin": self._origin, "access-control-request-method": request.method}
        if names:
            headers["access-control-request-headers"] = ",".join(names)
        with httpx2.Client(transport=httpx2.HTTPTransport()) as client:
            answer = client.options(request.url, headers=headers)
        methods = {name.upper() for name in _listed(answer, "access-control-allow-methods")} | SAFE_METHODS
        if (
            not answer.is_success
            or answer.headers.get("access-control-allow-origin") not in {self._origin, "*"}
            or request.method not in methods
            or not set(names) <= _listed(answer, "access-control-allow-headers")
        ):
            raise BlockedError(f"{self._origin} may not send {request.method} {request.url}")


def _names_to_ask_for(request: httpx2.Request) -> set[str]:
    names = set(request.headers) - SAFE_HEADERS - OWN_HEADERS
    if request.headers.get("content-type", "").partition(";")[0] in SIMPLE_TYPES:
        names -= {"content-type"}
    return names


def _listed(response: httpx2.Response, name: str) -> set[str]:
    return {each.strip().lower() for each in response.headers.get_list(name, split_commas=True)} - {""}
