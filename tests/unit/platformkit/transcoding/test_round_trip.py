"""The law of transcoding: what one side encodes, the other decodes to the same message."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf import any_pb2, json_format, message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from plt.audit.v1 import audit_pb2
from plt.identity.v1 import identity_pb2

from platformkit.status import ServiceError
from platformkit.transcoding import (
    Route,
    Router,
    decode_request,
    decode_response,
    encode_request,
    encode_response,
    routes_of,
)

DEPTH = 2
NO_PLACE = {"PATH_FIELD_EMPTY", "PATH_FIELD_MISFIT", "NOT_A_QUERY_PARAMETER"}
LARGEST_FLOAT = (2 - 2**-23) * 2.0**127
INTEGERS = {
    FieldDescriptor.CPPTYPE_INT32: st.integers(-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_INT64: st.integers(-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT32: st.integers(0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_UINT64: st.integers(0, 2**64 - 1),
}
masks = st.lists(st.from_regex(r"[a-z]([a-z0-9]|_[a-z]){0,6}", fullmatch=True), max_size=3)
# JSON has one kind of number, and no member of a message may be null but this.
path_texts = st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1, max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
FREE_FORM: dict[str, st.SearchStrategy[Any]] = {
    "Struct": st.dictionaries(st.text(max_size=4), values, max_size=2),
    "ListValue": st.lists(values, max_size=2),
    "Value": values,
}
WELL_KNOWN: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "Timestamp": st.tuples(st.integers(-62135596800, 253402300799), st.integers(0, 999_999_999)).map(
        lambda pair: {"seconds": pair[0], "nanos": pair[1]}
    ),
    "Duration": st.tuples(st.integers(0, 315576000000), st.integers(0, 999_999_999), st.sampled_from([1, -1])).map(
        lambda parts: {"seconds": parts[2] * parts[0], "nanos": parts[2] * parts[1]}
    ),
    "FieldMask": masks.map(lambda paths: {"paths": paths}),
}


@st.composite
def messages(draw: st.DrawFn, descriptor: Descriptor, depth: int = DEPTH) -> Message:
    message = message_factory.GetMessageClass(descriptor)()
    kind = descriptor.full_name.removeprefix("google.protobuf.")
    if kind in WELL_KNOWN:
        return type(message)(**draw(WELL_KNOWN[kind]))
    if kind in FREE_FORM:
        return json_format.ParseDict(draw(FREE_FORM[kind]), message)
    if isinstance(message, any_pb2.Any):
        message.Pack(draw(messages(identity_pb2.Profile.DESCRIPTOR, 0)))
        return message
    for field in descriptor.fields:
        if draw(st.booleans()):
            fill(draw, message, field, depth)
    return message


def fill(draw: st.DrawFn, message: Message, field: FieldDescriptor, depth: int) -> None:
    inside = field.message_type
    if inside is not None and inside.GetOptions().map_entry:
        for key in draw(st.sets(scalars(inside.fields_by_name["key"]), max_size=2)):
            value = draw(single(inside.fields_by_name["value"], depth))
            if isinstance(value, Message):
                getattr(message, field.name)[key].CopyFrom(value)
            else:
                getattr(message, field.name)[key] = value
    elif field.is_repeated:
        getattr(message, field.name).extend(draw(st.lists(single(field, depth), max_size=2)))
    elif inside is None:
        setattr(message, field.name, draw(scalars(field)))
    elif depth > 0 or inside.full_name.startswith("google.protobuf."):
        value = draw(single(field, depth))
        getattr(message, field.name).CopyFrom(value)
        getattr(message, field.name).SetInParent()


def single(field: FieldDescriptor, depth: int) -> st.SearchStrategy[Any]:
    return scalars(field) if field.message_type is None else messages(field.message_type, depth - 1)


def scalars(field: FieldDescriptor) -> st.SearchStrategy[Any]:
    if field.enum_type is not None:
        return st.sampled_from([value.number for value in field.enum_type.values]) | st.integers(100, 2**31 - 1)
    if field.cpp_type in INTEGERS:
        return INTEGERS[field.cpp_type]
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return st.booleans()
    if field.cpp_type == FieldDescriptor.CPPTYPE_DOUBLE:
        return st.floats(allow_nan=False)
    if field.cpp_type == FieldDescriptor.CPPTYPE_FLOAT:
        # The library writes the largest one rounded up, and then refuses to read it.
        return st.floats(allow_nan=False, width=32).filter(lambda value: abs(value) != LARGEST_FLOAT)
    return st.binary(max_size=8) if field.type == FieldDescriptor.TYPE_BYTES else st.text(max_size=8)


def attempt(step: Callable[[], Any]) -> Any:
    try:
        return step()
    except ServiceError as error:
        return error


def comes_back(route: Route, router: Router, message: Message) -> None:
    request = attempt(lambda: encode_request(route, message))
    if isinstance(request, ServiceError):
        # What HTTP has no place for is refused by name, never left out.
        assert {violation.reason for violation in request.violations} <= NO_PLACE
        event("refused")
        return
    match = router.match(request.verb, request.path)
    assert match.route.rpc == route.rpc
    assert decode_request(match, request.query, request.body) == message
    event("came back")


@st.composite
def requests(draw: st.DrawFn, route: Route) -> Message:
    """Messages that HTTP has a place for, mostly: the fields of the path are there."""
    message = draw(messages(route.method.input_type))
    for variable in route.template.variables:
        place: Any = message
        for field in route.path_fields[variable.path][:-1]:
            place = getattr(place, field.name)
        leaf = route.path_fields[variable.path][-1]
        if leaf.cpp_type == FieldDescriptor.CPPTYPE_STRING:
            segments = (draw(path_texts) if segment in {"*", "**"} else segment for segment in variable.segments)
            setattr(place, leaf.name, "/".join(segments))
    return message


OURS = [
    pytest.param(route, id=route.method.name)
    for service in (
        identity_pb2.DESCRIPTOR.services_by_name["IdentityService"],
        audit_pb2.DESCRIPTOR.services_by_name["AuditService"],
    )
    for route in routes_of(service)
]


@pytest.mark.parametrize("route", OURS)
@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_a_request_of_the_platform_comes_back(route: Route, data: st.DataObject) -> None:
    router = Router(routes_of(route.method.containing_service))
    comes_back(route, router, data.draw(requests(route)))


@pytest.mark.parametrize("route", OURS)
@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_a_response_of_the_platform_comes_back(route: Route, data: st.DataObject) -> None:
    message = data.draw(messages(route.method.output_type))
    assert decode_response(route, encode_response(route, message)) == message


@given(data=st.data())
@settings(max_examples=200, suppress_health_check=list(HealthCheck))
def test_a_request_of_every_kind_of_field_comes_back(kinds: ServiceDescriptor, data: st.DataObject) -> None:
    route = data.draw(st.sampled_from(routes_of(kinds)))
    comes_back(route, Router(routes_of(kinds)), data.draw(requests(route)))


@given(data=st.data())
@settings(max_examples=100, suppress_health_check=list(HealthCheck))
def test_a_response_of_every_kind_of_field_comes_back(kinds: ServiceDescriptor, data: st.DataObject) -> None:
    route = data.draw(st.sampled_from(routes_of(kinds)))
    message = data.draw(messages(route.method.output_type))
    if route.response_body:
        # The rest of the message is not in the body, by definition.
        for field in message.DESCRIPTOR.fields:
            if field.name != route.response_body:
                message.ClearField(field.name)
    assert decode_response(route, encode_response(route, message)) == message


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "labels", "inner", "colors", "time", "any", "value", "mask", "byFlag", "list", "object"]
            )
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        pytest.param("POST", "/v1/whole/a", id="whole"),
        pytest.param("PATCH", "/v1/one/a", id="one-field"),
        pytest.param("POST", "/v1/many", id="list"),
    ],
)
@given(document=json_values, query=st.text(max_size=20))
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
def test_whatever_arrives_is_a_message_or_an_invalid_argument(
    kinds: ServiceDescriptor, verb: str, path: str, document: Any, query: str
) -> None:
    match = Router(routes_of(kinds)).match(verb, path)
    body = json.dumps(document).encode()
    outcome = attempt(lambda: decode_request(match, query, body))
    assert isinstance(outcome, Message) or (outcome.code.name == "INVALID_ARGUMENT" and outcome.violations)


@given(body=st.binary(max_size=40))
def test_whatever_bytes_arrive_are_a_message_or_an_invalid_argument(kinds: ServiceDescriptor, body: bytes) -> None:
    match = Router(routes_of(kinds)).match("POST", "/v1/whole/a")
    outcome = attempt(lambda: decode_request(match, "", body))
    assert isinstance(outcome, Message) or outcome.code.name == "INVALID_ARGUMENT"
