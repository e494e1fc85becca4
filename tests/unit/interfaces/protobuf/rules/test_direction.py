"""Whether consumers read or write an enum or a oneof decides what a new member does."""

import pytest

from tests.unit.interfaces.protobuf.rules.conftest import Found

ENUM = "enum Size {{ SIZE_UNSPECIFIED = 0; {} }}"
ADDED = (ENUM.format(""), ENUM.format("SIZE_LARGE = 1;"))
RULE = "DIRECTION_ENUM_VALUE_NO_ADD_IF_READ"


@pytest.mark.parametrize(
    ("around", "read"),
    [
        pytest.param(
            "message M { Size s = 1; } service S { rpc Do(M) returns (N); } message N {}", False, id="request"
        ),
        pytest.param(
            "message M { Size s = 1; } service S { rpc Do(N) returns (M); } message N {}", True, id="response"
        ),
        pytest.param("message M { Size s = 1; } service S { rpc Do(M) returns (M); }", True, id="both"),
        pytest.param("message M { Size s = 1; }", True, id="nothing reaches it"),
        pytest.param(
            "message M { map<string, Size> s = 1; } service S { rpc Do(N) returns (M); } message N {}",
            True,
            id="values of a map",
        ),
        pytest.param(
            "message M { N n = 1; } message N { M m = 1; Size s = 2; } message O {} "
            "service S { rpc Do(O) returns (M); }",
            True,
            id="messages in a circle",
        ),
        pytest.param(
            "message M { Size s = 1 [(google.api.field_behavior) = INPUT_ONLY]; string t = 2; } "
            "service S { rpc Do(M) returns (M); }",
            False,
            id="a field that is input only",
        ),
    ],
)
def test_a_new_enum_value_is_found_where_consumers_read_it(found: Found, around: str, read: bool) -> None:
    before, after = (f"{enum} {around}" for enum in ADDED)

    assert found(before, after) == ({RULE} if read else set())


def test_a_new_optional_field_is_no_new_member_of_a_oneof(found: Found) -> None:
    message = "message M {{ optional string a = 1; {} }}"

    assert found(message.format(""), message.format("optional string b = 2;")) == set()


def test_an_alias_is_no_new_value(found: Found) -> None:
    enum = "enum Size {{ option allow_alias = true; SIZE_UNSPECIFIED = 0; SIZE_NONE = 0; SIZE_A = 1; {} }}"

    assert found(enum.format(""), enum.format("SIZE_ONE = 1;")) == set()
