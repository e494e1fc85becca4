"""Record of an HTTP request: its span and its numbers (https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span).

A path holds identifiers, and whatever else a stranger puts into it, so that a span has the template of the route alone,
and a number the rpc behind it.
"""

from __future__ import annotations

from typing import Final

from platformkit.telemetry import OTHER, Counter, Histogram, Kind, Span, span
from platformkit.telemetry.conventions import HTTP_METHOD, HTTP_ROUTE, HTTP_STATUS
from platformkit.transcoding.edge_request import EdgeRequest
from platformkit.transcoding.message import HttpResponse

REQUESTS: Final = Counter("plt_http_server_requests_total", "HTTP requests that an edge answered", ("rpc", "status"))
REQUEST_SECONDS: Final = Histogram("plt_http_server_seconds", "Time in which an edge answered", ("rpc",))

# RFC 9110 and RFC 5789; the convention asks for one word in place of all others, which anybody may make up.
_METHODS: Final = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})


def request_span(request: EdgeRequest) -> Span:
    """Begin the span in which a request is answered, named by its method and, if there is one, its route."""
    verb = request.verb if request.verb in _METHODS else OTHER
    facts = {HTTP_METHOD: verb}
    if request.match is not None:
        facts[HTTP_ROUTE] = request.match.route.template.text
    name = "HTTP" if verb == OTHER else verb
    return span(f"{name} {facts[HTTP_ROUTE]}" if HTTP_ROUTE in facts else name, Kind.SERVER, facts)


def answered(recorded: Span, response: HttpResponse) -> None:
    """Note how a request was answered: to refuse is no failure of whoever refuses."""
    recorded.set(HTTP_STATUS, int(response.status))
    if response.status >= 500:
        recorded.fail(str(int(response.status)))


def counted(request: EdgeRequest, response: HttpResponse, seconds: float) -> None:
    """Count a request that was answered; all that no route answers are one."""
    rpc = OTHER if request.match is None else request.match.route.rpc.removeprefix("/")
    REQUESTS.add(rpc, str(int(response.status)))
    REQUEST_SECONDS.observe(seconds, rpc)
