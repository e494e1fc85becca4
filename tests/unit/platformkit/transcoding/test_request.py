"""What a request says, and how each fault in it is named."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from plt.identity.v1 import identity_pb2

from platformkit.status import ServiceError
from platformkit.transcoding import Router, decode_request, encode_request, routes_of

IDENTITY = identity_pb2.DESCRIPTOR.services_by_name["IdentityService"]


@pytest.fixture
def router() -> Router:
    return Router(routes_of(IDENTITY))


def faults(router: Router, verb: str, path: str, query: str = "", body: bytes = b"") -> list[tuple[str, str]]:
    with pytest.raises(ServiceError) as caught:
        decode_request(router.match(verb, path), query, body)
    assert caught.value.code.name == "INVALID_ARGUMENT"
    return [(violation.field, violation.reason) for violation in caught.value.violations]


def test_the_path_the_query_and_the_body_make_one_message(router: Router) -> None:
    match = router.match("PATCH", "/v1/users/7")
    message = decode_request(match, "updateMask=email,profile.displayName", b'{"email": "ada@example.com"}')
    assert message == identity_pb2.UpdateUserRequest(
        user=identity_pb2.User(user_id="7", email="ada@example.com"),
        update_mask=FieldMask(paths=["email", "profile.display_name"]),
    )


@pytest.mark.parametrize("name", ["pageSize", "page_size"])
def test_a_parameter_is_known_by_its_json_name_and_by_its_proto_name(router: Router, name: str) -> None:
    message = decode_request(router.match("GET", "/v1/users"), f"{name}=5&status=USER_STATUS_ACTIVE", b"")
    assert message == identity_pb2.ListUsersRequest(page_size=5, status=identity_pb2.USER_STATUS_ACTIVE)


def test_a_body_may_repeat_what_the_path_says(router: Router) -> None:
    message = decode_request(router.match("PATCH", "/v1/users/7"), "", b'{"userId": "7", "etag": "3"}')
    assert message == identity_pb2.UpdateUserRequest(user=identity_pb2.User(user_id="7", etag="3"))


def test_no_body_leaves_its_fields_unset(router: Router) -> None:
    message = decode_request(router.match("POST", "/v1/users/7:deactivate"), "", b"")
    assert message == identity_pb2.DeactivateUserRequest(user_id="7")


def test_null_is_an_absent_field(router: Router) -> None:
    message = decode_request(router.match("POST", "/v1/users"), "", b'{"user": {"email": null, "roles": null}}')
    assert message == identity_pb2.CreateUserRequest(user=identity_pb2.User())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("size=5", ("size", "UNKNOWN_FIELD"), id="unknown"),
        pytest.param("pageSize=five", ("page_size", "WRONG_TYPE"), id="no-integer"),
        pytest.param("pageSize=1_0", ("page_size", "WRONG_TYPE"), id="an-integer-of-python-only"),
        pytest.param("pageSize=99999999999", ("page_size", "WRONG_TYPE"), id="too-large"),
        pytest.param("pageSize=5&page_size=6", ("page_size", "DUPLICATE_FIELD"), id="twice"),
        pytest.param("status=ASLEEP", ("status", "WRONG_TYPE"), id="unknown-enum-value"),
        pytest.param("status=99999999999", ("status", "WRONG_TYPE"), id="enum-number-too-large"),
        pytest.param("pageToken=%ff", ("", "MALFORMED_QUERY"), id="not-utf8"),
    ],
)
def test_a_fault_in_the_query_is_named(router: Router, query: str, expected: Any) -> None:
    assert faults(router, "GET", "/v1/users", query) == [expected]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(b'{"user": {"mail": "x"}}', ("user.mail", "UNKNOWN_FIELD"), id="unknown-field"),
        pytest.param(b'{"user": {"email": 5}}', ("user.email", "WRONG_TYPE"), id="number-for-string"),
        pytest.param(b'{"user": []}', ("user", "WRONG_TYPE"), id="array-for-object"),
        pytest.param(b'{"user": {"profile": "x"}}', ("user.profile", "WRONG_TYPE"), id="string-for-object"),
        pytest.param(b'{"user": {"roles": "ROLE_ADMIN"}}', ("user.roles", "WRONG_TYPE"), id="string-for-array"),
        pytest.param(b'{"user": {"roles": ["ROLE_KING"]}}', ("user.roles[0]", "WRONG_TYPE"), id="unknown-enum-value"),
        pytest.param(b'{"user": {"roles": [null]}}', ("user.roles[0]", "WRONG_TYPE"), id="null-in-array"),
        pytest.param(b'{"user": {"roles": [true]}}', ("user.roles[0]", "WRONG_TYPE"), id="boolean-for-enum"),
        pytest.param(b'{"user": {"labels": {"a": 1}}}', ('user.labels["a"]', "WRONG_TYPE"), id="number-in-map"),
        pytest.param(b'{"user": {"labels": []}}', ("user.labels", "WRONG_TYPE"), id="array-for-map"),
        pytest.param(b'{"user": {"createTime": "now"}}', ("user.create_time", "WRONG_TYPE"), id="no-timestamp"),
        pytest.param(b'{"user": {"email": "\\ud800"}}', ("user.email", "WRONG_TYPE"), id="half-a-character"),
        pytest.param(
            b'{"user": {"userId": "a", "user_id": "b"}}', ("user.user_id", "DUPLICATE_FIELD"), id="under-both-names"
        ),
        pytest.param(b'{"user": {}, "user": {}}', ("", "MALFORMED_JSON"), id="name-twice"),
        pytest.param(b'{"user": NaN}', ("", "MALFORMED_JSON"), id="nan"),
        pytest.param(b'{"user": ', ("", "MALFORMED_JSON"), id="cut-off"),
        pytest.param(b'{"idempotencyKey": "\xff"}', ("", "MALFORMED_JSON"), id="not-utf8"),
        pytest.param("{}".encode("utf-16"), ("", "MALFORMED_JSON"), id="utf16"),
        pytest.param(b"9" * 5000, ("", "MALFORMED_JSON"), id="number-of-5000-digits"),
        pytest.param(b"[" * 100_000, ("", "TOO_DEEP"), id="nested-without-end"),
        pytest.param(
            b'{"user": {"roles": [' + b"1," * 10_000 + b"1]}}", ("", "TOO_MANY_VALUES"), id="values-without-end"
        ),
        pytest.param(b'{"\\ud800": 1}', ("\\ud800", "UNKNOWN_FIELD"), id="half-a-character-for-a-name"),
        pytest.param(b"[]", ("", "WRONG_TYPE"), id="array-for-the-body"),
        pytest.param(b"null", ("", "WRONG_TYPE"), id="null-for-the-body"),
    ],
)
def test_a_fault_in_the_body_is_named(router: Router, body: bytes, expected: Any) -> None:
    assert faults(router, "POST", "/v1/users", "", body) == [expected]


def test_a_name_that_stands_twice_among_thousands_is_named(router: Router) -> None:
    names = ",".join(f'"n{number}":0' for number in range(5_000))
    with pytest.raises(ServiceError) as caught:
        decode_request(router.match("POST", "/v1/users"), "", f'{{{names},"n4999":0}}'.encode())
    assert "the name 'n4999' stands twice" in caught.value.violations[0].description


def test_a_request_with_thousands_of_faults_is_refused_in_a_few_words(router: Router) -> None:
    roles = ",".join(['"ROLE_KING"'] * 9_000)
    with pytest.raises(ServiceError) as caught:
        decode_request(router.match("POST", "/v1/users"), "", f'{{"user": {{"roles": [{roles}]}}}}'.encode())
    assert len(caught.value.to_status().SerializeToString()) < 6_000


def test_a_query_with_too_many_parameters_is_refused(router: Router) -> None:
    assert faults(router, "GET", "/v1/users", "pageSize=1&" * 1_001, b"") == [("", "MALFORMED_QUERY")]


def test_every_fault_is_named_not_only_the_first(router: Router) -> None:
    body = b'{"user": {"email": 5, "roles": ["ROLE_ADMIN", "X"]}, "key": 1}'
    assert [field for field, _ in faults(router, "POST", "/v1/users", "", body)] == [
        "user.email",
        "user.roles[1]",
        "key",
    ]


def test_a_body_that_contradicts_the_path_is_refused(router: Router) -> None:
    assert faults(router, "PATCH", "/v1/users/7", "", b'{"userId": "8"}') == [("user.user_id", "PATH_CONFLICT")]


def test_a_mask_in_the_spelling_of_protos_is_told_the_spelling_of_json(router: Router) -> None:
    with pytest.raises(ServiceError) as caught:
        decode_request(router.match("PATCH", "/v1/users/7"), "updateMask=profile.display_name", b"{}")
    assert "paths in lowerCamelCase" in caught.value.violations[0].description


def test_null_in_the_body_contradicts_no_path(router: Router) -> None:
    message = decode_request(router.match("PATCH", "/v1/users/7"), "", b'{"userId": null}')
    assert message.user.user_id == "7"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "message",
    [
        identity_pb2.UpdateUserRequest(user=identity_pb2.User(user_id="7"), update_mask=FieldMask(paths=["a__b"])),
        identity_pb2.UpdateUserRequest(
            user=identity_pb2.User(user_id="7", create_time=Timestamp(seconds=300_000_000_000))
        ),
    ],
    ids=["mask", "time"],
)
def test_a_value_without_a_form_in_json_is_refused_by_name(message: identity_pb2.UpdateUserRequest) -> None:
    route = next(route for route in routes_of(IDENTITY) if route.method.name == "UpdateUser")
    with pytest.raises(ServiceError) as caught:
        encode_request(route, message)
    assert [violation.reason for violation in caught.value.violations] == ["INEXPRESSIBLE"]


def test_a_query_has_nothing_to_say_where_the_body_is_the_message(router: Router) -> None:
    assert faults(router, "POST", "/v1/users", "idempotencyKey=7", b"{}") == [("idempotencyKey", "UNKNOWN_FIELD")]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("inner.name=a&inner.inner.number_of_things=2", None, id="nested"),
        pytest.param("strings=a&strings=b", None, id="repeated"),
        pytest.param("time=2026-01-01T00:00:00Z&duration=1.5s&mask=a,bC", None, id="well-known"),
        pytest.param("wrappedNumber=5&wrappedBool=false&wrappedString=", None, id="wrappers"),
        pytest.param("doubleValue=-Infinity&floatValue=1e3", None, id="floats"),
        pytest.param("byName=a&byNumber=1", "", id="two-of-one-oneof"),
        pytest.param("time=noon", "time", id="no-timestamp"),
        pytest.param("duration=1", "duration", id="no-duration"),
        pytest.param("boolValue=1", "bool_value", id="no-boolean"),
        pytest.param("doubleValue=0x10", "double_value", id="no-number"),
        pytest.param("floatValue=1e39", "float_value", id="too-large-for-a-float"),
        pytest.param("bytesValue=%25", "bytes_value", id="no-base64"),
        pytest.param("uint32Value=-1", "uint32_value", id="negative"),
        pytest.param("inner=a", "inner", id="message-as-text"),
        pytest.param("inner.name.first=a", "inner.name.first", id="inside-a-string"),
        pytest.param("wrappedString.value=a", "wrappedString.value", id="inside-a-wrapper"),
    ],
)
def test_a_query_carries_these_kinds_of_values(kinds: ServiceDescriptor, query: str, expected: Any) -> None:
    match = Router(routes_of(kinds)).match("GET", "/v1/ask/1")
    if expected is None:
        message = decode_request(match, query, b"")
        assert decode_request(match, encode_request(match.route, message).query, b"") == message
    else:
        with pytest.raises(ServiceError) as caught:
            decode_request(match, query, b"")
        assert [violation.field for violation in caught.value.violations] == [expected]


def test_a_message_that_a_query_cannot_carry_is_refused_by_name(kinds: ServiceDescriptor) -> None:
    route = next(route for route in routes_of(kinds) if route.method.name == "Ask")
    match = Router([route]).match("GET", "/v1/ask/1")
    message: Any = decode_request(match, "", b"")
    message.inner.SetInParent()
    with pytest.raises(ServiceError) as caught:
        encode_request(route, message)
    assert [violation.field for violation in caught.value.violations] == ["inner"]


def test_an_empty_field_of_the_path_is_refused_by_name() -> None:
    route = next(route for route in routes_of(IDENTITY) if route.method.name == "GetUser")
    with pytest.raises(ServiceError) as caught:
        encode_request(route, identity_pb2.GetUserRequest())
    assert [(violation.field, violation.reason) for violation in caught.value.violations] == [
        ("user_id", "PATH_FIELD_EMPTY")
    ]


def test_fields_of_the_path_may_be_numbers_enums_and_booleans(kinds: ServiceDescriptor) -> None:
    match = Router(routes_of(kinds)).match("PUT", "/v1/numbered/-7/COLOR_RED/true")
    message: Any = decode_request(match, "", b"")
    assert (message.int32_value, message.color, message.bool_value) == (-7, 1, True)


def test_a_field_of_the_path_of_the_wrong_type_is_named(kinds: ServiceDescriptor) -> None:
    with pytest.raises(ServiceError) as caught:
        decode_request(Router(routes_of(kinds)).match("PUT", "/v1/numbered/x/COLOR_RED/yes"), "", b"")
    assert [violation.field for violation in caught.value.violations] == ["int32_value", "bool_value"]
