"""Which routes take the same requests, and which changes HTTP callers notice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.interfaces.protobuf.rules.routes import Route
from tests.unit.interfaces.protobuf.rules.conftest import Found

METHOD = "message M {{ string f = 1; string g = 2; }} service S {{ rpc Do(M) returns (M) {{ {} }} }}"
SEGMENTS = st.lists(st.sampled_from(["a", "b", "{x}", "{x=a/*}", "{x=**}"]), min_size=1, max_size=3)


def route(path: str, verb: str = "GET") -> Route:
    return Route(verb, path, "", "")


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
    assert route(one).takes_requests_of(route(other)) is expected


def test_routes_of_different_verbs_never_overlap() -> None:
    assert not route("/a", "GET").takes_requests_of(route("/a", "POST"))


@given(SEGMENTS, SEGMENTS)
def test_overlapping_is_mutual(one: list[str], other: list[str]) -> None:
    first, second = route("/" + "/".join(one)), route("/" + "/".join(other))

    assert first.takes_requests_of(second) == second.takes_requests_of(first)
    assert first.takes_requests_of(first)


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
