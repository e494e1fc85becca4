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
    """Tell whether the segments of a request fit a pattern; ``**`` takes one or more."""
    if not pattern or not request:
        return not pattern and not request
    if pattern[0] == "**":
        return any(fits(request[taken:], pattern[1:]) for taken in range(1, len(request) + 1))
    return pattern[0] in ("*", request[0]) and fits(request[1:], pattern[1:])


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
        pytest.param("/v1/{name=**}/roles", "/v1/users/{id}/roles", True, id="a pattern over the middle"),
        pytest.param("/v1/{name=**}/roles", "/v1/users/{id}/keys", False, id="another name behind the middle"),
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
        pytest.param('get: "/a/{f}"', 'get: "/a/{g}"', {"SAME_PATH_VARIABLE"}, id="another field"),
        pytest.param(
            'get: "/a/{f}/b/{g}"', 'get: "/a/{g}/b/{f}"', {"SAME_PATH_VARIABLE"}, id="fields that changed places"
        ),
        pytest.param('get: "/a/{f=b/*}"', 'get: "/a/{f=b/**}"', set(), id="any number of segments instead of one"),
        pytest.param('get: "/a/{f=b/*}"', 'get: "/a/{f=**}"', set(), id="any path instead of one that begins with b"),
        pytest.param('get: "/a/{f=b/**}"', 'get: "/a/{f=b/*}"', {"SAME_PATH"}, id="one segment instead of any number"),
        pytest.param('get: "/a/{f}"', 'get: "/a/{f=b/*}"', {"SAME_PATH"}, id="a segment more"),
        pytest.param('get: "/a/{f=*}"', 'get: "/a/b"', {"SAME_PATH"}, id="one of all segments"),
        pytest.param(
            'get: "/a/{f=b/*}"', 'get: "/a/b/{f}"', {"SAME_PATH_VARIABLE"}, id="a shorter name in the same path"
        ),
        pytest.param('post: "/a/{f}:b"', 'post: "/a/{f}:c"', {"SAME_PATH"}, id="another custom verb"),
        pytest.param('post: "/a/{f}:b"', 'post: "/a/{f=**}:b"', set(), id="the same custom verb"),
        pytest.param('post: "/a/{f}"', 'post: "/a/{f=**}:b"', {"SAME_PATH"}, id="a custom verb that was not there"),
        pytest.param('get: "/a"', 'custom: {kind: "*" path: "/a"}', set(), id="any verb"),
        pytest.param('get: "/a"', 'post: "/a"', {"SAME_VERB"}, id="another verb"),
        pytest.param('post: "/a" body: "*"', 'post: "/a" body: "f"', {"SAME_BODY"}, id="one field as body"),
        pytest.param('post: "/a" body: "*"', 'post: "/a"', {"SAME_BODY"}, id="no body, but fields for it"),
        pytest.param('post: "/{f}/{g}" body: "*"', 'post: "/{f}/{g}"', set(), id="no body, and nothing for it"),
        pytest.param(
            'get: "/a" additional_bindings {get: "/b/{f=c/*}"}',
            'get: "/a" additional_bindings {get: "/b/{f=**}"}',
            set(),
            id="an additional binding that takes more",
        ),
        pytest.param(
            'get: "/a" additional_bindings {get: "/b/c"}',
            'get: "/{f=**}"',
            {"SAME_PATH_VARIABLE"},
            id="two bindings that became one",
        ),
        pytest.param(
            'get: "/a" additional_bindings {get: "/b"} additional_bindings {get: "/c"}',
            'get: "/c" additional_bindings {get: "/a"} additional_bindings {get: "/b"}',
            set(),
            id="another order",
        ),
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


@pytest.mark.parametrize(
    ("two", "option", "expected"),
    [
        pytest.param("rpc Two(M) returns (M)", 'get: "/a"', set(), id="the same types"),
        pytest.param("rpc Two(M) returns (M)", 'get: "/{f=**}"', {"SAME_PATH_VARIABLE"}, id="that takes more"),
        pytest.param("rpc Two(M) returns (M)", 'get: "/b"', {"RULE_NO_DELETE"}, id="another address"),
        pytest.param(
            "rpc Two(M) returns (M)", 'get: "/a" response_body: "f"', {"SAME_RESPONSE_BODY"}, id="another body"
        ),
        pytest.param("rpc Two(M) returns (N)", 'get: "/a"', {"RULE_NO_DELETE"}, id="another answer"),
        pytest.param("rpc Two(M) returns (stream M)", 'get: "/a"', {"RULE_NO_DELETE"}, id="many answers"),
        pytest.param("rpc Two(Same) returns (Same)", 'get: "/a"', set(), id="messages of one form"),
        pytest.param("rpc Two(Same) returns (Number)", 'get: "/a"', {"RULE_NO_DELETE"}, id="a field of another type"),
    ],
)
def test_a_route_may_move_to_an_rpc_that_takes_and_answers_the_same(
    found: Found, two: str, option: str, expected: set[str]
) -> None:
    source = """message M {{ string f = 1; }} message N {{}} message Same {{ string f = 2; }}
    message Number {{ int64 f = 1; }}
    service S {{ rpc One(M) returns (M) {{ {} }} {} {{ {} }} }}"""
    before = source.format('option (google.api.http).get = "/a";', two, "")
    after = source.format("", two, f"option (google.api.http) = {{{option}}};")

    assert found(before, after) == {f"HTTP_{rule}" for rule in expected}


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        pytest.param("a.example", "b.example", set(), id="two hosts"),
        pytest.param("a.example", "a.example", {"HTTP_ROUTE_NO_SHADOW"}, id="one host"),
        pytest.param("a.example", "", {"HTTP_ROUTE_NO_SHADOW"}, id="a host that nobody knows"),
    ],
)
def test_a_route_takes_requests_of_its_own_host(found: Found, one: str, two: str, expected: set[str]) -> None:
    source = """import "google/api/client.proto"; message M {{ string f = 1; }} message N {{}}
    service A {{ {} rpc One(M) returns (M) {{ option (google.api.http).get = "/{{f=**}}"; }} }}
    service B {{ {} rpc Two(N) returns (N) {{ {} }} }}"""
    hosts = [f'option (google.api.default_host) = "{host}";' if host else "" for host in (one, two)]
    before, after = (source.format(*hosts, option) for option in ("", 'option (google.api.http).get = "/a";'))

    assert found(before, after) == expected


@pytest.mark.parametrize(
    ("two", "expected"),
    [
        pytest.param('get: "/a/{f}"', set(), id="the same address"),
        pytest.param('get: "/a/{f}" response_body: "f"', {"HTTP_ROUTE_NO_SHADOW"}, id="another part of the answer"),
        pytest.param('get: "/{f=**}"', {"HTTP_ROUTE_NO_SHADOW"}, id="more"),
    ],
)
def test_a_route_for_messages_of_one_form_may_be_given_twice(found: Found, two: str, expected: set[str]) -> None:
    source = """message M {{ string f = 1; }} message N {{ string f = 1; }}
    service A {{ rpc One(M) returns (M) {{ option (google.api.http).get = "/a/{{f}}"; }} }}
    service B {{ rpc Two(N) returns (N) {{ {} }} }}"""

    assert found(source.format(""), source.format(f"option (google.api.http) = {{{two}}};")) == expected


def test_a_route_may_leave_another_that_answers_alike(found: Found) -> None:
    source = """message M {{ string f = 1; }} message N {{ string f = 1; }}
    service A {{ rpc One(M) returns (M) {{ option (google.api.http).get = "/a"; }} }}
    service B {{ rpc Two(N) returns (N) {{ option (google.api.http).get = "{}"; }} }}"""

    assert found(source.format("/a"), source.format("/b")) == set()


def test_a_route_that_takes_more_of_its_own_requests_shadows_nothing(found: Found) -> None:
    source = """message M {{ string f = 1; }} message N {{ string f = 1; }} service S {{
    rpc One(M) returns (M) {{ option (google.api.http) = {{get: "/{{f=**}}" {}}}; }}
    rpc Two(N) returns (N) {{ option (google.api.http).get = "/a/{{f}}"; }} }}"""

    assert found(source.format(""), source.format('additional_bindings {get: "/{f=a/*}"}')) == set()


PATHS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=4)


@given(SEGMENTS, SEGMENTS, PATHS)
def test_a_route_that_includes_another_takes_every_path_of_it(
    one: list[str], other: list[str], path: list[str]
) -> None:
    first, second, plain = (route("/" + "/".join(each)) for each in (one, other, path))

    if first.includes(second) and second.includes(plain):
        assert first.includes(plain)


def test_a_route_includes_only_what_has_the_same_behind_the_rest() -> None:
    assert route("/{x=**}/a").includes(route("/{x=b/*}/a"))
    assert not route("/{x=**}/a").includes(route("/{x=b/*}/c"))
    assert not route("/{x=**}/a").includes(route("/{x=**}"))


HOST = "HTTP_SAME_DEFAULT_HOST"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("a.example", "b.example", {HOST}, id="another"),
        pytest.param("a.example", "", {HOST}, id="deleted"),
        pytest.param("", "a.example", set(), id="new"),
        pytest.param("a.example", "a.example", set(), id="the same"),
    ],
)
def test_clients_go_on_connecting_to_the_same_host(found: Found, before: str, after: str, expected: set[str]) -> None:
    sources = (
        f"""import "google/api/client.proto"; message M {{}} service S {{
        {f'option (google.api.default_host) = "{host}";' if host else ""} rpc Get(M) returns (M); }}"""
        for host in (before, after)
    )

    assert found(*sources) == expected
