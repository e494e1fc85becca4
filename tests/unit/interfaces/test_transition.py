"""Which side breaks while only one side has a change, and which one therefore comes first."""

import pytest

from bench.compatibility.agreement import compiled
from servanda.interfaces.protobuf.check import transition_of
from servanda.interfaces.protobuf.comparison import compare
from servanda.interfaces.protobuf.rules.table import RULES
from servanda.interfaces.protobuf.schema import File, State
from servanda.verdict import DeployOrder, Transition

SHOP = """syntax = "proto3";
package shop.v1;
enum Size { SIZE_UNSPECIFIED = 0; SIZE_SMALL = 1; }
enum Status { STATUS_UNSPECIFIED = 0; STATUS_OPEN = 1; }
message SaveRequest { Size size = 1; string note = 2; }
message SaveResponse { Status status = 1; string title = 2; }
message Both { string text = 1; }
service Shop { rpc Save(SaveRequest) returns (SaveResponse); rpc Echo(Both) returns (Both); }
"""


def state(source: str) -> State:
    image = compiled({"shop.proto": source})
    assert image is not None
    return State(File(file.SerializeToString()) for file in image.file)


def transitions(old: str, new: str) -> dict[str, Transition]:
    found = compare(state(SHOP), state(SHOP.replace(old, new)), RULES)
    told = {breach.rule.id: transition_of(breach) for breach in found}
    return {rule: transition for rule, transition in told.items() if transition is not None}


@pytest.mark.parametrize(
    ("old", "new", "rule", "expected"),
    [
        pytest.param(
            "string title = 2;",
            "",
            "FIELD_NO_DELETE",
            Transition(False, True, DeployOrder.CONSUMERS_FIRST),
            id="a field that consumers read",
        ),
        pytest.param(
            "string note = 2;",
            "",
            "FIELD_NO_DELETE",
            Transition(True, False, DeployOrder.CONSUMERS_FIRST),
            id="a field that consumers write",
        ),
        pytest.param(
            "STATUS_OPEN = 1;",
            "",
            "ENUM_VALUE_NO_DELETE",
            Transition(True, False, DeployOrder.PROVIDER_FIRST),
            id="an enum value that consumers read",
        ),
        pytest.param(
            "SIZE_SMALL = 1;",
            "",
            "ENUM_VALUE_NO_DELETE",
            Transition(True, False, DeployOrder.CONSUMERS_FIRST),
            id="an enum value that consumers write",
        ),
        pytest.param(
            "STATUS_OPEN = 1;",
            "STATUS_OPEN = 1; STATUS_SHIPPED = 2;",
            "DIRECTION_ENUM_VALUE_NO_ADD_IF_READ",
            Transition(False, True, DeployOrder.CONSUMERS_FIRST),
            id="a new enum value that consumers read",
        ),
        pytest.param(
            "string title = 2;",
            "int32 title = 2;",
            "FIELD_SAME_TYPE",
            Transition(False, False, DeployOrder.NONE),
            id="a type that is read",
        ),
        pytest.param(
            "rpc Save(SaveRequest) returns (SaveResponse);",
            "",
            "RPC_NO_DELETE",
            Transition(True, False, DeployOrder.CONSUMERS_FIRST),
            id="an rpc",
        ),
        pytest.param(
            "string text = 1;",
            "",
            "FIELD_NO_DELETE",
            Transition(False, False, DeployOrder.CONSUMERS_FIRST),
            id="a field that is read and written",
        ),
        pytest.param(
            "package shop.v1;",
            'package shop.v1; option go_package = "shop";',
            "FILE_SAME_GO_PACKAGE",
            Transition(True, True, DeployOrder.ANY),
            id="generated code only",
        ),
    ],
)
def test_the_side_that_breaks_decides_the_order(old: str, new: str, rule: str, expected: Transition) -> None:
    assert transitions(old, new)[rule] == expected
