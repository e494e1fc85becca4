"""Which routes take the same requests, and which changes HTTP callers notice."""

from collections import Counter
from itertools import chain, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.interfaces.protobuf.rules.overlaps import overlapping
from servanda.interfaces.protobuf.rules.routes import Route
from tests.unit.interfaces.protobuf.rules.conftest import Found

METHOD = "message M {{ string f = 1; string g = 2; }} service S {{ rpc Do(M) returns (M) {{ {} }} }}"
SEGMENTS = st.lists(st.sampled_from(["a", "b", "{x}", "{x=a/*}", "{x=**}"]), min_size=1, max_size=3)
# Every path that tells two patterns of these segments apart: "c" is none of their names.
REQUESTS = [list(each) for each in chain.from_iterable(product("abc", repeat=length) for length in range(1, 7))]


def route(path: str, verb: str = "GET") -> Route:
    return Route(verb, path, "", "")


def overlap(one: Route, other: Route) -> bool:
    return any(overlapping([("one", one)], [("other", other)]))


def fits(request: list[str], pattern: list[str]) -> bool:
    """Tell whether the segments of a request fit a pattern; nothing that a route has may follow ``**``."""
    for index, segment in enumerate(pattern):
        if segment == "**":
            return len(request) > index
        if index >= len(request) or segment not in ("*", request[index]):
            return False
    return len(request) == len(pattern)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param("/v1/users/{id}", "/v1/users/me", True, id="a name among identifiers"),
        pytest.param("/v1/users/{id}", "/v1/users/{id}/roles", False, id="another length"),
        pytest.param("/v1/users/{id}", "/v1/orders/{id}", False, id="another collection"),
        pytest.param("/v1/users/{id}", "/v1/users/{id}:block", False, id="a custom verb"),
        pytest.param("/v1/users/{id}:block", "/v1/users/{name}:block", True, id="the same custom verb"),
        pytest.param("/v1/{name=users/*}", "/v1/users/{id}", True, id="a pattern over two segments"),
        pytest.param("/v1/{name=**}", "/v1/users/{id}/roles", True, id="a pattern over the rest"),
    ],
)
def test_routes_that_some_request_fits_overlap(one: str, other: str, expected: bool) -> None:
    assert overlap(route(one), route(other)) is expected
    assert overlap(route(other), route(one)) is expected


def test_routes_of_different_verbs_never_overlap() -> None:
    assert not overlap(route("/a", "GET"), route("/a", "POST"))


@given(st.lists(SEGMENTS, max_size=6), st.lists(SEGMENTS, max_size=6))
def test_of_many_routes_exactly_those_overlap_that_some_request_fits(
    ones: list[list[str]], others: list[list[str]]
) -> None:
    left, right = (
        [(str(number), route("/" + "/".join(segments))) for number, segments in enumerate(side)]
        for side in (ones, others)
    )

    found = Counter((one, other) for (one, _), (other, _) in overlapping(left, right))

    assert found == Counter(
        (one, other)
        for (one, first), (other, second) in product(left, right)
        if any(fits(request, first.pattern[0]) and fits(request, second.pattern[0]) for request in REQUESTS)
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param('get: "/a/{f}"', 'get: "/a/{f=*}"', set(), id="the same path in other words"),
        pytest.param('get: "/a/{f}"', 'get: "/a/{g}"', {"HTTP_SAME_PATH"}, id="another field"),
        pytest.param('get: "/a"', 'post: "/b" body: "*"', {"SAME_VERB", "SAME_PATH", "SAME_BODY"}, id="all at once"),
        pytest.param(
            'get: "/a"', 'get: "/b" additional_bindings {get: "/a"}', set(), id="the old address as additional binding"
        ),
        pytest.param(
            'get: "/a" additional_bindings {get: "/b"}',
            'get: "/b" additional_bindings {get: "/a"}',
            set(),
            id="bindings that changed places",
        ),
        pytest.param(
            'custom: {kind: "HEAD" path: "/a"}', 'custom: {kind: "HEAD" path: "/b"}', {"SAME_PATH"}, id="custom verb"
        ),
    ],
)
def test_callers_notice_what_moved(found: Found, before: str, after: str, expected: set[str]) -> None:
    sources = (METHOD.format(f"option (google.api.http) = {{{rule}}};") for rule in (before, after))

    assert found(*sources) == {f"HTTP_{rule.removeprefix('HTTP_')}" for rule in expected}


def test_a_route_that_moves_to_another_rpc_shadows_nothing(found: Found) -> None:
    source = "message M {{}} service S {{ rpc One(M) returns (M) {{ {} }} rpc Two(M) returns (M) {{ {} }} }}"
    option = 'option (google.api.http).get = "/a";'

    assert found(source.format(option, ""), source.format("", option)) == {"HTTP_RULE_NO_DELETE"}
