"""Rules about google.api.http: an rpc stays where its HTTP callers find it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from google.protobuf.descriptor_pb2 import MethodDescriptorProto

from servanda.compatibility.options import HTTP, Options
from servanda.compatibility.rules.routes import Route, routes
from servanda.compatibility.rules.rule import Comparison, Objection, Pair, at_element, at_option
from servanda.compatibility.schema import Element, State
from servanda.compatibility.schema.element import methods

Method = Element[MethodDescriptorProto]


def rule_no_delete(pair: Pair[Method]) -> Iterator[Objection]:
    """An rpc that cannot be called over HTTP any more."""
    before, after = _both(pair)
    if before and not after:
        yield at_element(pair, f"The route {before[0]} of RPC {pair.current.name!r} was deleted.")


def same_verb(pair: Pair[Method]) -> Iterator[Objection]:
    """Another verb for the main route, whose former address is not kept as an additional binding."""
    yield from _same_main(pair, "HTTP verb", lambda route: route.verb)


def same_path(pair: Pair[Method]) -> Iterator[Objection]:
    """Another path for the main route, whose former address is not kept as an additional binding."""
    yield from _same_main(pair, "HTTP path", lambda route: route.address[1])


def same_body(pair: Pair[Method]) -> Iterator[Objection]:
    """A route whose body is made of something else."""
    yield from _same_at_each(pair, "request body", lambda route: route.body)


def same_response_body(pair: Pair[Method]) -> Iterator[Objection]:
    """A route that answers with another part of the response."""
    yield from _same_at_each(pair, "response body", lambda route: route.response_body)


def additional_binding_no_delete(pair: Pair[Method]) -> Iterator[Objection]:
    """An additional binding that is gone."""
    before, after = _both(pair)
    left = {route.address for route in after}
    for route in before[1:] if after else ():
        if route.address not in left:
            yield at_option(pair, HTTP, f"The additional binding {route} of RPC {pair.current.name!r} was deleted.")


def no_shadow(comparison: Comparison) -> Iterator[Objection]:
    """A new route that takes requests which went to another rpc."""
    new = list(_new_routes(comparison))
    if not new:
        return
    kept = {(method.full_name, route.address) for method, route in _routes(comparison.current, comparison.options[1])}
    for owner, other in _routes(comparison.previous, comparison.options[0]):
        if (owner.full_name, other.address) not in kept:
            continue
        for method, route in new:
            if method.full_name != owner.full_name and route.takes_requests_of(other):
                text = f"The route {route} of RPC {method.name!r} takes requests of {owner.full_name} ({other})."
                span = comparison.options[1].span(method, HTTP)
                yield Objection(method.file.path, span, method.full_name, text, owner.file.path)


def _new_routes(comparison: Comparison) -> Iterator[tuple[Method, Route]]:
    previous, current = comparison.differing
    before, after = comparison.options
    known = {(method.full_name, route.address) for method, route in _routes(previous, before)}
    for method, route in _routes(current, after):
        if (method.full_name, route.address) not in known:
            yield method, route


def _routes(state: State, options: Options) -> Iterator[tuple[Method, Route]]:
    for service in state.services.values():
        for method in methods(service).values():
            for route in routes(method, options):
                yield method, route


def _both(pair: Pair[Method]) -> tuple[tuple[Route, ...], tuple[Route, ...]]:
    before, after = pair.comparison.options
    return routes(pair.previous, before), routes(pair.current, after)


def _same_main(pair: Pair[Method], what: str, read: Callable[[Route], str]) -> Iterator[Objection]:
    before, after = _both(pair)
    if not before or not after or before[0].address in {route.address for route in after}:
        return
    if read(before[0]) != read(after[0]):
        text = f"The {what} of RPC {pair.current.name!r} changed from {read(before[0])} to {read(after[0])}."
        yield at_option(pair, HTTP, text)


def _same_at_each(pair: Pair[Method], what: str, read: Callable[[Route], str]) -> Iterator[Objection]:
    before, after = _both(pair)
    # A main route that moved is compared with the one that took its place.
    counterparts: Mapping[tuple[str, str], Route] = {
        **{route.address: other for route, other in zip(before[:1], after[:1], strict=False)},
        **{route.address: route for route in after},
    }
    for route in before:
        other = counterparts.get(route.address)
        if other is not None and read(route) != read(other):
            text = f"The {what} of {other} changed from {_shown(read(route))} to {_shown(read(other))}."
            yield at_option(pair, HTTP, text)


def _shown(body: str) -> str:
    return {"": "none", "*": "all fields"}.get(body, repr(body))
