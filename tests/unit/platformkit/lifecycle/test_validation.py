"""Requests against the constraints of their proto."""

from __future__ import annotations

import pytest
from google.protobuf import struct_pb2
from google.protobuf.message import Message
from plt.identity.v1 import identity_pb2

from platformkit.lifecycle.validation import refuse_invalid
from platformkit.status import ServiceError


def user(**fields: object) -> Message:
    return identity_pb2.CreateUserRequest(user=identity_pb2.User(**fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(user(roles=[77] * 130_000), id="elements"),
        pytest.param(user(labels={str(number): "" for number in range(20_000)}), id="entries"),
        pytest.param(
            struct_pb2.ListValue(values=[struct_pb2.Value(list_value=struct_pb2.ListValue())] * 20_000), id="messages"
        ),
    ],
)
def test_a_request_with_values_without_end_is_refused_as_a_whole(request_: Message) -> None:
    with pytest.raises(ServiceError) as caught:
        refuse_invalid(request_)
    assert [violation.reason for violation in caught.value.violations] == ["TOO_MANY_VALUES"]


def test_a_large_request_within_the_bounds_is_checked_in_full() -> None:
    with pytest.raises(ServiceError) as caught:
        refuse_invalid(user(email="x", roles=[77] * 9_000))
    assert caught.value.omitted > 8_000
