"""Rules about google.api.http: an rpc stays where its HTTP callers find it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from google.protobuf.descriptor_pb2 import MethodDescriptorProto

from servanda.interfaces.effect import BREAKS_USERS, MAY_AFFECT_USERS, OVER_HTTP, Scope, When
from servanda.interfaces.protobuf.options import HTTP, Options
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.overlaps import overlapping
from servanda.interfaces.protobuf.rules.routes import Route, routes
from servanda.interfaces.protobuf.rules.subject import Comparison, Pair, Subject, at_element, at_option
from servanda.interfaces.protobuf.schema import Element, State
from servanda.interfaces.protobuf.schema.element import methods
from servanda.interfaces.rule import Objection, Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS_IF_READ, BOTH_WAYS_IF_WRITTEN, REFUSAL

Method = Element[MethodDescriptorProto]


def rule_no_delete(pair: Pair[Method]) -> Iterator[Objection]:
    """Object to an rpc that cannot be called over HTTP any more."""
    before, after = _both(pair)
    if before and not after:
        yield at_element(pair, f"The route {before[0]} of RPC {pair.current.name!r} was deleted.")


def same_verb(pair: Pair[Method]) -> Iterator[Objection]:
    """Object to another verb for the main route, whose former address is not kept as an additional binding."""
    yield from _same_main(pair, "HTTP verb", lambda route: route.verb)


def same_path(pair: Pair[Method]) -> Iterator[Objection]:
    """Object to another path for the main route, whose former address is not kept as an additional binding."""
    yield from _same_main(pair, "HTTP path", lambda route: route.address[1])


def same_body(pair: Pair[Method]) -> Iterator[Objection]:
    """Object to a route whose body is made of something else."""
    yield from _same_at_each(pair, "request body", lambda route: route.body)


def same_response_body(pair: Pair[Method]) -> Iterator[Objection]:
    """Object to a route that answers with another part of the response."""
    yield from _same_at_each(pair, "response body", lambda route: route.response_body)


def additional_binding_no_delete(pair: Pair[Method]) -> Iterator[Objection]:
    """Object to an additional binding that is gone."""
    before, after = _both(pair)
    left = {route.address for route in after}
    for route in before[1:] if after else ():
        if route.address not in left:
            yield at_option(pair, HTTP, f"The additional binding {route} of RPC {pair.current.name!r} was deleted.")


def no_shadow(comparison: Comparison) -> Iterator[Objection]:
    """Object to a new route that takes requests which went to another rpc."""
    new = list(_new_routes(comparison))
    if not new:
        return
    kept = {(method.full_name, route.address) for method, route in _routes(comparison.current, comparison.options[1])}
    old = (
        (owner, route)
        for owner, route in _routes(comparison.previous, comparison.options[0])
        if (owner.full_name, route.address) in kept
    )
    for (method, route), (owner, other) in overlapping(new, old):
        if method.full_name != owner.full_name:
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


RULES: tuple[Rule, ...] = (
    Rule(
        id="HTTP_RULE_NO_DELETE",
        purpose="Checks that rpcs that can be called over HTTP stay so.",
        why="Callers over HTTP get 404 on every address of the rpc; callers over gRPC notice nothing.",
        categories=(Category.HTTP,),
        subject=Subject.METHOD,
        handler=rule_no_delete,
        breaks=REFUSAL,
        effect=replace(BREAKS_USERS, transports=OVER_HTTP, when=When.IF_ADDRESS_GONE),
        remedy=Remedy(
            expand="Keep $routes for $name, and say in its comment that HTTP is to end.",
            migrate=(
                "Let every consumer over HTTP call $name over gRPC; 'servanda usage $element' names those that use "
                "HTTP."
            ),
            contract="Remove google.api.http from $name in a release of a new major version.",
            before="$bindings",
            after="$bindings  // unchanged",
        ),
    ),
    Rule(
        id="HTTP_SAME_VERB",
        purpose="Checks that rpcs keep their HTTP verb.",
        why=(
            "Requests with the old verb get 405 or 404, and caches and proxies that know GET as safe treat the new "
            "verb differently."
        ),
        categories=(Category.HTTP,),
        subject=Subject.METHOD,
        handler=same_verb,
        breaks=BOTH_WAYS_IF_WRITTEN,
        effect=replace(BREAKS_USERS, transports=OVER_HTTP, when=When.IF_ADDRESS_GONE),
        remedy=Remedy(
            expand="Keep $routes for $name, and add the new verb under additional_bindings.",
            migrate=(
                "Let every consumer over HTTP send $new_routes; the access log shows who still sends the old verb to "
                "$name."
            ),
            contract="Make the new verb the main binding of $name, and delete the old one.",
            before="$bindings",
            after="$bindings\n$new_bindings",
        ),
    ),
    Rule(
        id="HTTP_SAME_PATH",
        purpose="Checks that rpcs keep their HTTP path.",
        why="Requests to the old path get 404, or reach whatever rpc has a pattern that fits.",
        categories=(Category.HTTP,),
        subject=Subject.METHOD,
        handler=same_path,
        breaks=BOTH_WAYS_IF_WRITTEN,
        effect=replace(BREAKS_USERS, transports=OVER_HTTP, when=When.IF_ADDRESS_GONE),
        remedy=Remedy(
            expand="Keep $routes for $name, and add the new path under additional_bindings.",
            migrate=(
                "Let every consumer over HTTP request $new_routes; the access log shows who still requests the old "
                "path of $name."
            ),
            contract="Make the new path the main binding of $name, and delete the old one.",
            before="$bindings",
            after="$bindings\n$new_bindings",
        ),
    ),
    Rule(
        id="HTTP_SAME_BODY",
        purpose="Checks that routes keep what their body is made of.",
        why=(
            "The provider parses the old JSON body as another message, or reads the fields from the query: callers "
            "get 400, or their values are lost."
        ),
        categories=(Category.HTTP,),
        subject=Subject.METHOD,
        handler=same_body,
        breaks=BOTH_WAYS_IF_WRITTEN,
        effect=replace(BREAKS_USERS, transports=OVER_HTTP),
        remedy=Remedy(
            expand=(
                "Keep the body of $name at $routes, and bind the new body to a path of its own under "
                "additional_bindings."
            ),
            migrate=(
                "Let every consumer over HTTP send the new body to the new path; 'servanda usage $element' names the "
                "callers of $name."
            ),
            contract="Delete the binding of $name with the old body.",
            before="$bindings",
            after="$bindings\n// and additional_bindings with the new body, on a path of its own",
        ),
    ),
    Rule(
        id="HTTP_SAME_RESPONSE_BODY",
        purpose="Checks that routes keep what they answer with.",
        why=(
            "The JSON of the response starts one level higher or lower, so callers over HTTP find none of the keys "
            "that they look for."
        ),
        categories=(Category.HTTP,),
        subject=Subject.METHOD,
        handler=same_response_body,
        breaks=BOTH_WAYS_IF_READ,
        effect=replace(BREAKS_USERS, transports=OVER_HTTP),
        remedy=Remedy(
            expand=(
                "Keep the response body of $name at $routes, and answer the new way on a path of its own under "
                "additional_bindings."
            ),
            migrate=(
                "Let every consumer over HTTP read from the new path; 'servanda usage $element' names the callers of "
                "$name."
            ),
            contract="Delete the binding of $name with the old response body.",
            before="$bindings",
            after="$bindings\n// and additional_bindings with the new response_body, on a path of its own",
        ),
    ),
    Rule(
        id="HTTP_ADDITIONAL_BINDING_NO_DELETE",
        purpose="Checks that additional bindings are not deleted.",
        why="Callers that use the additional address get 404, while callers of the main address notice nothing.",
        categories=(Category.HTTP,),
        subject=Subject.METHOD,
        handler=additional_binding_no_delete,
        breaks=REFUSAL,
        effect=replace(MAY_AFFECT_USERS, transports=OVER_HTTP),
        remedy=Remedy(
            expand="Keep $routes among the bindings of $name.",
            migrate=(
                "Let every consumer over HTTP use the main address of $name; the access log shows requests to the "
                "other one."
            ),
            contract=(
                "Delete the additional binding of $name when its address has had no request for a whole business cycle."
            ),
            before="$bindings",
            after="$bindings  // unchanged",
        ),
    ),
    Rule(
        id="HTTP_ROUTE_NO_SHADOW",
        purpose="Checks that no new route takes requests that went to another rpc.",
        why=(
            "Requests that went to one rpc now reach another one: callers get an answer of another type, with status "
            "200 and no error."
        ),
        categories=(Category.HTTP,),
        subject=Subject.STATE,
        handler=no_shadow,
        breaks=REFUSAL,
        effect=replace(MAY_AFFECT_USERS, transports=OVER_HTTP, scope=Scope.SURROUNDINGS),
        remedy=Remedy(
            expand="Give $name a path that no older pattern matches instead of $new_routes.",
            migrate=(
                "Where that path is wanted, let the consumers of the older rpc show that none of their requests fits "
                "it; the access log tells."
            ),
            contract="Take $new_routes for $name in a new version of the API, where no older pattern matches.",
            before="$new_bindings",
            after="$new_bindings  // only in a new version of the path, such as /v2",
        ),
    ),
)
