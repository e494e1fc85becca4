"""What became immutable is refused by rpcs that change something."""

import pytest

from tests.unit.interfaces.protobuf.rules.conftest import Found

ORDERS = """
message Order {{ string title = 1 {}; Part part = 2; Part shown = 3 [(google.api.field_behavior) = OUTPUT_ONLY]; }}
message Part {{ string size = 1 {}; }}
message Create {{ Order order = 1; }}
message Request {{ Order order = 1; }}
service S {{
  rpc CreateOrder(Create) returns (Order);
  rpc {}
}}
"""
IMMUTABLE = "[(google.api.field_behavior) = IMMUTABLE]"
UPDATED, NOT_UPDATED = "BEHAVIOR_NO_BECOME_IMMUTABLE", "BEHAVIOR_NO_BECOME_IMMUTABLE_WITHOUT_UPDATE"


@pytest.mark.parametrize(
    ("rpc", "expected"),
    [
        pytest.param("UpdateOrder(Request) returns (Order);", UPDATED, id="by name"),
        pytest.param("BatchUpdateOrders(Request) returns (Order);", UPDATED, id="several at once"),
        pytest.param("CreateOrReplaceOrder(Request) returns (Order);", UPDATED, id="or create it"),
        pytest.param(
            'Move(Request) returns (Order) { option (google.api.http) = {put: "/v1/order" body: "*"}; }',
            UPDATED,
            id="by verb",
        ),
        pytest.param(
            "Move(Request) returns (Order) { option (google.api.http) = "
            '{post: "/v1/a" body: "*" additional_bindings: {patch: "/v1/b" body: "*"}}; }',
            UPDATED,
            id="by the verb of another route",
        ),
        pytest.param("ListOrders(Request) returns (Order);", NOT_UPDATED, id="read only"),
        pytest.param("SetupOrder(Request) returns (Order);", NOT_UPDATED, id="a longer word"),
        pytest.param("UpdateOrder(Order.Other) returns (Order);", NOT_UPDATED, id="an update of something else"),
        pytest.param(
            'Move(Request) returns (Order) { option (google.api.http) = {post: "/v1/order" body: "*"}; }',
            NOT_UPDATED,
            id="by another verb",
        ),
    ],
)
@pytest.mark.parametrize("inner", [False, True])
def test_only_an_update_refuses_what_became_immutable(found: Found, rpc: str, expected: str, inner: bool) -> None:
    source = ORDERS.replace("string title", "message Other {{}} string title")
    options = ("", IMMUTABLE) if inner else (IMMUTABLE, "")

    assert found(source.format("", "", rpc), source.format(*options, rpc)) == {expected}


def test_an_update_that_cannot_write_the_field_does_not_refuse_it(found: Found) -> None:
    source = ORDERS.replace("Part part = 2;", "").replace("Order order = 1", "Order order = 1; Part part = 2", 1)
    rpc = "UpdateOrder(Request) returns (Order);"

    assert found(source.format("", "", rpc), source.format("", IMMUTABLE, rpc)) == {NOT_UPDATED}
