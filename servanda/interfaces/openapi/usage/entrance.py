"""Server and credentials of a request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servanda.interfaces.effect import Access
from servanda.interfaces.openapi import security
from servanda.interfaces.openapi.document import Node
from servanda.interfaces.openapi.usage.both import Touch
from servanda.interfaces.openapi.usage.operations import Call, serves
from servanda.interfaces.openapi.usage.parameters import cookies
from servanda.transports.http.interaction import HttpRequest


def servers(call: Call) -> Iterator[Touch]:
    """Yield all servers of the operation: of several one does not know which one the consumer uses."""
    left = ", ".join(server.url for server in call.operation.servers(now=True))
    refused = "" if call.operation.is_served(call.path) else f"servers: {left}"
    for server in call.operation.servers():
        is_used = bool(call.base) and serves(server, call.base)
        yield Touch(server.element, Access.CALL, refused=refused if is_used else "")


def credentials(call: Call, request: HttpRequest, *, judged: bool) -> Iterator[Touch]:
    """Yield the demands for credentials, and those of the schemes that the request serves."""
    own = call.operation.own
    if own.before is None:
        return
    ways, _ = security.ways(own.before)
    refused = ""
    if own.after is not None and judged and _is_let_in(ways, request, own.before):
        demanded, _ = security.ways(own.after)
        if not _is_let_in(demanded, request, own.after):
            refused = f"security: {' or '.join(map(security.shown, demanded))}"
    yield Touch(f"{own.before.shown}/security", Access.CALL, refused=refused)
    if any("security" not in state.object() for state in (own.before, own.after) if state is not None):
        yield Touch(f"{own.before.document.entry.root.shown}/security", Access.CALL, refused=refused)
    names = {name for way in ways for name in way}
    carried = {name for name in names if _is_carried(name, request, own.before)}
    for name in sorted(carried or names):
        scheme = _scheme(name, own.before)
        if scheme is not None:
            yield Touch(scheme.shown, Access.CALL)


def _is_let_in(ways: list[security.Way], request: HttpRequest, operation: Node) -> bool:
    """Tell whether a request carries what one of the ways needs; whether that is enough no document can say."""
    return any(all(_is_carried(name, request, operation) for name in way) for way in ways)


def _scheme(name: str, operation: Node) -> Node | None:
    return operation.document.entry.root.get("components", "securitySchemes", name)


def _is_carried(name: str, request: HttpRequest, operation: Node) -> bool:
    scheme = _scheme(name, operation)
    said: Mapping[str, object] = scheme.object() if scheme is not None else {}
    match said.get("type"), said.get("in"):
        case "apiKey", "query":
            return str(said.get("name")) in request.query
        case "apiKey", "cookie":
            return str(said.get("name")) in cookies(request)
        case "apiKey", _:
            return request.first(str(said.get("name"))) is not None
        case "mutualTLS", _:
            return True  # a certificate is no part of a request
    return request.first("authorization") is not None
