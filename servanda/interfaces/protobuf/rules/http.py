"""Rules about google.api.http: an rpc stays where its HTTP callers find it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from google.protobuf.descriptor_pb2 import MethodDescriptorProto

from servanda.interfaces.effect import (
    BREAKS_USERS,
    BREAKS_USERS_IF_REPLAY_FAILS,
    MAY_AFFECT_USERS,
    OVER_HTTP,
    Scope,
    When,
)
from servanda.interfaces.protobuf.options import HTTP
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.overlaps import overlapping
from servanda.interfaces.protobuf.rules.routes import Place, Route, Routes, routes
from servanda.interfaces.protobuf.rules.subject import Comparison, Pair, Subject, at_element, at_option
from servanda.interfaces.protobuf.schema import Element, State
from servanda.interfaces.rule import Objection, Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS_IF_READ, BOTH_WAYS_IF_WRITTEN, REFUSAL, SOURCE_ONLY
from servanda.verdict import Severity

Method = Element[MethodDescriptorProto]

_ALL = {"", "*"}


def rule_no_delete(pair: Pair[Method]) -> Iterator[Objection]:
    """Object to an rpc that cannot be called over HTTP any more."""
    before, after = _both(pair)
    lost = [] if after else [route for route in before if _heir(pair, route) is None]
    if lost:
        yield at_element(pair, f"The route {lost[0]} of RPC {pair.current.name!r} was deleted.")


def same_verb(pair: Pair[Method]) -> Iterator[Objection]:
    """Object to another verb for the main route, whose former requests no other route takes."""
    yield from _same_main(pair, "HTTP verb", lambda route: route.verb)


def same_path(pair: Pair[Method]) -> Iterator[Objection]:
    """Object to another path for the main route, whose former requests no other route takes."""
    yield from _same_main(pair, "HTTP path", lambda route: route.address[1])


def same_body(pair: Pair[Method]) -> Iterator[Objection]:
    """Object to a route whose body is made of something else."""
    for route, other in _counterparts(pair):
        if route.body != other.body and not (_has_no_fields_left(pair, route) and {route.body, other.body} <= _ALL):
            text = f"The request body of {other} changed from {_shown(route.body)} to {_shown(other.body)}."
            yield at_option(pair, HTTP, text)


def same_response_body(pair: Pair[Method]) -> Iterator[Objection]:
    """Object to a route that answers with another part of the response."""
    for route, other in _counterparts(pair):
        if route.response_body != other.response_body:
            before, after = _shown(route.response_body), _shown(other.response_body)
            yield at_option(pair, HTTP, f"The response body of {other} changed from {before} to {after}.")


def same_path_variable(pair: Pair[Method]) -> Iterator[Objection]:
    """Object to a path that fills another field with what the same request has in it."""
    for route in _both(pair)[0]:
        heir = _heir(pair, route)
        if heir is not None and not _fills_the_same(pair, route, heir):
            before, after = (_listed(each.variables) for each in (route, heir))
            yield at_option(pair, HTTP, f"The path of {heir} fills {after} with what {route.path} put into {before}.")


def additional_binding_no_delete(pair: Pair[Method]) -> Iterator[Objection]:
    """Object to an additional binding whose requests no route takes any more."""
    before, after = _both(pair)
    for route in before[1:] if after else ():
        if _heir(pair, route) is None:
            yield at_option(pair, HTTP, f"The additional binding {route} of RPC {pair.current.name!r} was deleted.")


def no_shadow(comparison: Comparison) -> Iterator[Objection]:
    """Object to a new route that takes requests which went to another rpc of the same host."""
    new = list(_new_routes(comparison))
    if not new:
        return
    before, after = comparison.routes
    present: dict[str, list[Route]] = {}
    for method, route in after:
        present.setdefault(method.full_name, []).append(route)
    old = (
        (owner, route)
        for owner, route in before
        if any(each.includes(route) for each in present.get(owner.full_name, ()))
    )
    for (method, route), (owner, other) in overlapping(new, old):
        if method.full_name == owner.full_name or not _may_be_one(after.host(method), before.host(owner)):
            continue
        if not (route.is_written_like(other) and after.types(method).are_those_of(before.types(owner))):
            text = f"The route {route} of RPC {method.name!r} takes requests of {owner.full_name} ({other})."
            span = comparison.options[1].span(method, HTTP)
            yield Objection(method.file.path, span, method.full_name, text, owner.file.path)


def _new_routes(comparison: Comparison) -> Iterator[tuple[Method, Route]]:
    """Yield routes that take requests which no route of the same rpc took before."""
    known: dict[str, list[Route]] = {}
    previous, current = comparison.differing
    before, after = comparison.options
    for method, route in Routes(previous, before):
        known.setdefault(method.full_name, []).append(route)
    for method, route in Routes(current, after):
        if not any(each.includes(route) for each in known.get(method.full_name, ())):
            yield method, route


def _both(pair: Pair[Method]) -> tuple[tuple[Route, ...], tuple[Route, ...]]:
    before, after = pair.comparison.options
    return routes(pair.previous, before), routes(pair.current, after)


def _same_main(pair: Pair[Method], what: str, read: Callable[[Route], str]) -> Iterator[Objection]:
    before, after = _both(pair)
    if before and after and read(before[0]) != read(after[0]) and _heir(pair, before[0]) is None:
        text = f"The {what} of RPC {pair.current.name!r} changed from {read(before[0])} to {read(after[0])}."
        yield at_option(pair, HTTP, text)


def _heir(pair: Pair[Method], route: Route) -> Route | None:
    """Return the route that takes all requests of a former one: of the same rpc, or of one that answers alike."""
    own = _both(pair)[1]
    if found := next((each for each in own if each.address == route.address), None):
        return found
    if found := next((each for each in own if each.includes(route)), None):
        return found
    before, after = pair.comparison.routes
    host = before.host(pair.previous)
    same_types = after.of_types(before.types(pair.previous))
    return next((each for of, each in same_types if each.includes(route) and _may_be_one(after.host(of), host)), None)


def _may_be_one(host: str, other: str) -> bool:
    """Tell whether two hosts may be the same; of a service that names none nobody knows."""
    return not host or not other or host == other


def _counterparts(pair: Pair[Method]) -> Iterator[tuple[Route, Route]]:
    """Yield former routes with those that take their requests; a main route that moved with the one in its place."""
    before, after = _both(pair)
    for index, route in enumerate(before):
        other = _heir(pair, route) or (after[0] if after and index == 0 else None)
        if other is not None:
            yield route, other


def _has_no_fields_left(pair: Pair[Method], route: Route) -> bool:
    """Tell whether the path holds the whole request, so that there is nothing that a body could be made of."""
    request = pair.comparison.current.find_message(
        pair.current.proto.input_type.removeprefix("."), pair.current.file.path
    )
    return request is not None and {field.name for field in request.proto.field} <= route.variables.keys()


def _fills_the_same(pair: Pair[Method], route: Route, heir: Route) -> bool:
    """Tell whether both paths put the same segments into fields with the same numbers, whatever these are called."""
    previous, current = pair.comparison.previous, pair.comparison.current
    before = {_numbers(previous, pair.previous, name): place for name, place in route.variables.items()}
    after = {_numbers(current, pair.current, name): place for name, place in heir.variables.items()}
    return before.keys() == after.keys() and all(_may_equal(before[field], after[field]) for field in before)


def _may_equal(place: Place, other: Place) -> bool:
    return place.first == other.first and (place.end == other.end or None in (place.end, other.end))


def _numbers(state: State, method: Method, path: str) -> tuple[int | str, ...]:
    """Return the numbers of the fields on a path; names of those that the state does not have."""
    found: list[int | str] = []
    message = state.find_message(method.proto.input_type.removeprefix("."), method.file.path)
    for name in path.split("."):
        field = next((each for each in message.proto.field if each.name == name), None) if message else None
        found.append(field.number if field is not None else name)
        inside = field.type_name.removeprefix(".") if field is not None else ""
        message = state.find_message(inside, method.file.path) if inside else None
    return tuple(found)


def _shown(body: str) -> str:
    return {"": "none", "*": "all fields"}.get(body, repr(body))


def _listed(names: Iterable[str]) -> str:
    return " and ".join(map(repr, names)) or "no field"


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
        effect=replace(BREAKS_USERS_IF_REPLAY_FAILS, transports=OVER_HTTP),
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
        id="HTTP_SAME_PATH_VARIABLE",
        purpose="Checks that what a request has in its path fills the same fields.",
        why=(
            "The address stays what it is, but the provider finds the value of its path in another field, and code "
            "that is generated for HTTP takes it from there."
        ),
        categories=(Category.HTTP,),
        subject=Subject.METHOD,
        handler=same_path_variable,
        severity=Severity.WARNING,
        breaks=SOURCE_ONLY,
        effect=replace(MAY_AFFECT_USERS, transports=OVER_HTTP),
        remedy=Remedy(
            expand="Let $name read the value from the new field, and from the old one where that is set.",
            migrate=(
                "Let every consumer that is generated from $routes be generated again; 'servanda usage $element' names "
                "the callers."
            ),
            contract="Stop reading the old field of $name.",
            before="$bindings",
            after="$new_bindings",
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
        effect=replace(MAY_AFFECT_USERS, transports=OVER_HTTP, when=When.IF_ADDRESS_GONE),
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
